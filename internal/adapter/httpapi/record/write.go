package record

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/adapter/httpapi/recordquery"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/activity"
	"voronka/internal/record/record"
)

func (h *Handlers) records(r *httpapi.Router, path, typ string) {
	one := path + "/{id}"
	route(r, httpapi.Op{Method: http.MethodPost, Path: path, Summary: "Create a record", Status: http.StatusCreated, Body: Fields{}}, typ, recordquery.Record{}, h.create)
	route(r, httpapi.Op{
		Method: http.MethodPatch, Path: one, Summary: "Change a record",
		Doc:  "With \"version\" the changes of others since that version are merged; the same field with another value is answered with 409 and both values.",
		Body: Fields{},
	}, typ, recordquery.Record{}, h.update)
	route(r, httpapi.Op{Method: http.MethodDelete, Path: one, Summary: "Move a record to the bin", Status: http.StatusNoContent}, typ, nil, h.delete)
	route(r, httpapi.Op{Method: http.MethodPut, Path: one + "/observers/{user}", Summary: "Add an observer"}, typ, recordquery.Record{}, h.observe(true))
	route(r, httpapi.Op{Method: http.MethodDelete, Path: one + "/observers/{user}", Summary: "Take an observer off"}, typ, recordquery.Record{}, h.observe(false))
	route(r, httpapi.Op{Method: http.MethodPost, Path: one + "/activities", Summary: "Create an activity about a record", Status: http.StatusCreated, Body: Fields{}}, typ, recordquery.Record{}, h.createActivity)
	route(r, httpapi.Op{Method: http.MethodPost, Path: path + "/bulk", Summary: "Change or delete many records", Status: http.StatusOK, Body: Bulk{}}, typ, BulkAnswer{}, h.bulk)
}

// values reads a record out of a body and drops what only says which record it is.
func values(req *http.Request) (record.Values, error) {
	v := record.Values{}
	if err := httpapi.Decode(req, &v); err != nil {
		return nil, err
	}
	if v == nil {
		return nil, fault.New(fault.Invalid, "input.body_missing")
	}
	delete(v, "id")
	delete(v, "type")
	return v, nil
}

func (h *Handlers) create(ctx context.Context, w http.ResponseWriter, req *http.Request, typ string) error {
	v, err := values(req)
	if err != nil {
		return err
	}
	return h.created(ctx, w, typ, v)
}

func (h *Handlers) created(ctx context.Context, w http.ResponseWriter, typ string, v record.Values) error {
	return h.wrote(ctx, w, http.StatusCreated, func(t tx.Tx, who access.Who) (ref.Ref, error) {
		id, err := h.Records.Create(t, who, typ, v)
		httpapi.Made(t, fmt.Sprintf("/api/records/%s/%d", typ, id))
		return ref.Ref{Type: typ, ID: id}, err
	})
}

func (h *Handlers) update(ctx context.Context, w http.ResponseWriter, req *http.Request, typ string) error {
	at, err := target(req, typ)
	if err != nil {
		return err
	}
	v, err := values(req)
	if err != nil {
		return err
	}
	base, err := version(v)
	if err != nil {
		return err
	}
	return h.wrote(ctx, w, http.StatusOK, func(t tx.Tx, who access.Who) (ref.Ref, error) {
		_, err := h.Records.Update(t, who, at, v, base)
		return at, err
	})
}

// version takes the base version out of the values.
func version(v record.Values) (int64, error) {
	given, ok := v["version"]
	if !ok || given == nil {
		return 0, nil
	}
	delete(v, "version")
	n, isNumber := given.(json.Number)
	base, err := n.Int64()
	if !isNumber || err != nil || base < 1 {
		return 0, fault.In("version", "record.bad_version")
	}
	return base, nil
}

func (h *Handlers) delete(ctx context.Context, w http.ResponseWriter, req *http.Request, typ string) error {
	at, err := target(req, typ)
	if err != nil {
		return err
	}
	if err := h.write(ctx, func(t tx.Tx, who access.Who) error { return h.Records.Delete(t, who, at) }); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (h *Handlers) observe(on bool) func(context.Context, http.ResponseWriter, *http.Request, string) error {
	return func(ctx context.Context, w http.ResponseWriter, req *http.Request, typ string) error {
		at, err := target(req, typ)
		if err != nil {
			return err
		}
		user, err := httpapi.ID(req, "user")
		if err != nil {
			return err
		}
		err = h.write(ctx, func(t tx.Tx, who access.Who) error {
			_, err := h.Records.Observe(t, who, at, user, on)
			return err
		})
		if err != nil {
			return err
		}
		return h.answer(ctx, w, http.StatusOK, at)
	}
}

func (h *Handlers) createActivity(ctx context.Context, w http.ResponseWriter, req *http.Request, typ string) error {
	at, err := target(req, typ)
	if err != nil {
		return err
	}
	v, err := values(req)
	if err != nil {
		return err
	}
	v[activity.About] = []any{at}
	return h.created(ctx, w, activity.Type, v)
}
