package record

import (
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/adapter/httpapi/recordquery"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// BinItem is a deleted record.
type BinItem struct {
	Type      string    `json:"type"`
	ID        int64     `json:"id"`
	Title     string    `json:"title"`
	DeletedAt time.Time `json:"deleted_at"`
	DeletedBy int64     `json:"deleted_by,omitempty"`
}

type binInput struct {
	Type  string `query:"type" maxLength:"40" doc:"code of a type; all of them by default"`
	After string `query:"after" maxLength:"200"`
	Limit int    `query:"limit" minimum:"1" maximum:"500"`
}

func (h *Handlers) binRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Op{Method: http.MethodGet, Path: "/api/bin", Summary: "Deleted records", Access: httpapi.Member, Tags: []string{"bin"}},
		func(ctx context.Context, in *binInput) (*httpapi.Body[httpapi.List[BinItem]], error) {
			items, next, err := h.Bin.Page(ctx, httpapi.Who(ctx), in.Type, in.After, in.Limit)
			if err != nil {
				return nil, err
			}
			var out []BinItem
			for _, i := range items {
				out = append(out, BinItem{Type: i.Type, ID: i.ID, Title: i.Title, DeletedAt: i.DeletedAt.Time(), DeletedBy: i.DeletedBy})
			}
			return httpapi.ListOf(out, next), nil
		})
	route(r, httpapi.Op{Method: http.MethodPost, Path: "/api/bin/{type}/{id}/restoration", Summary: "Take a record out of the bin", Status: http.StatusOK}, "", recordquery.Record{}, h.restore)
}

func (h *Handlers) restore(ctx context.Context, w http.ResponseWriter, req *http.Request, typ string) error {
	at, err := target(req, typ)
	if err != nil {
		return err
	}
	if err := h.write(ctx, func(t tx.Tx, who access.Who) error { return h.Records.Restore(t, who, typ, at.ID) }); err != nil {
		return err
	}
	return h.answer(ctx, w, http.StatusOK, at)
}
