package record

import (
	"context"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/adapter/httpapi/recordquery"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

func (h *Handlers) externalRoutes(r *httpapi.Router) {
	const path = "/api/external/{system}/{type}/{external_id}"
	route(r, httpapi.Op{Method: http.MethodGet, Path: path, Summary: "The record an outside system knows under an id"}, "", recordquery.Record{}, h.external)
	route(r, httpapi.Op{
		Method: http.MethodPut, Path: path, Summary: "Create or change the record an outside system knows under an id",
		Doc: "Answers 201 when the record was created, 200 when it was there.", Body: Fields{},
	}, "", recordquery.Record{}, h.putExternal)
}

func (h *Handlers) external(ctx context.Context, w http.ResponseWriter, req *http.Request, typ string) error {
	id, err := h.Records.External(ctx, httpapi.Who(ctx), req.PathValue("system"), typ, req.PathValue("external_id"))
	if err != nil {
		return err
	}
	c, err := h.Catalog(ctx)
	if err != nil {
		return err
	}
	if t := c.Type(typ); t != nil && h.Saw != nil && t.OfPersons(nil) {
		h.Saw(ctx, httpapi.Who(ctx).Person(), ref.Ref{Type: typ, ID: id})
	}
	return h.answer(ctx, w, http.StatusOK, ref.Ref{Type: typ, ID: id})
}

func (h *Handlers) putExternal(ctx context.Context, w http.ResponseWriter, req *http.Request, typ string) error {
	v, err := values(req)
	if err != nil {
		return err
	}
	delete(v, "version")
	at, created := ref.Ref{Type: typ}, false
	err = h.write(ctx, func(t tx.Tx, who access.Who) (err error) {
		at.ID, created, err = h.Records.PutExternal(t, who, req.PathValue("system"), typ, req.PathValue("external_id"), v)
		return err
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	return h.answer(ctx, w, status, at)
}
