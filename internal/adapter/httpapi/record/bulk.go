package record

import (
	"context"
	"encoding/json"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/record/record"
)

// Bulk says what to do with which records: either of IDs and Filter, either of Set and Delete.
type Bulk struct {
	IDs    []int64 `json:"ids,omitempty"`
	Filter *string `json:"filter,omitempty"`
	Set    Fields  `json:"set,omitempty"`
	Delete bool    `json:"delete,omitempty"`
}

// BulkAnswer tells how many records were changed and which were refused.
type BulkAnswer struct {
	Done   int           `json:"done"`
	Failed []BulkFailure `json:"failed"`
}

// BulkFailure is a record that was refused.
type BulkFailure struct {
	ID      int64            `json:"id"`
	Problem *httpapi.Problem `json:"problem"`
}

func (h *Handlers) bulk(ctx context.Context, w http.ResponseWriter, req *http.Request, typ string) error {
	var in Bulk
	if err := httpapi.Decode(req, &in); err != nil {
		return err
	}
	ids, err := h.chosen(ctx, typ, in)
	if err != nil {
		return err
	}
	var out record.BulkResult
	switch {
	case in.Delete && len(in.Set) == 0:
		out, err = h.Records.BulkDelete(ctx, h.Tx, httpapi.Who(ctx), typ, ids)
	case !in.Delete && len(in.Set) > 0:
		out, err = h.Records.BulkUpdate(ctx, h.Tx, httpapi.Who(ctx), typ, ids, record.Values(in.Set))
	default:
		return fault.In("set", "record.bulk_what")
	}
	if err != nil {
		return err
	}
	answer := BulkAnswer{Done: out.Done, Failed: []BulkFailure{}}
	for _, f := range out.Failed {
		answer.Failed = append(answer.Failed, BulkFailure{ID: f.ID, Problem: httpapi.ProblemOf(ctx, f.Err)})
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return httpapi.WriteJSON(w, http.StatusOK, body)
}

// chosen are the records a bulk change is about.
func (h *Handlers) chosen(ctx context.Context, typ string, in Bulk) ([]int64, error) {
	if (in.Filter == nil) == (len(in.IDs) == 0) {
		return nil, fault.In("ids", "record.bulk_which")
	}
	if in.Filter == nil {
		return in.IDs, nil
	}
	ids, err := h.Find(ctx, httpapi.Who(ctx), typ, *in.Filter, record.MaxBulk+1)
	if err == nil && len(ids) > record.MaxBulk {
		err = fault.New(fault.TooLarge, "record.bulk_too_many", fault.Args{"max": record.MaxBulk})
	}
	return ids, err
}
