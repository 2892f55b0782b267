package salesapi

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/page"
	"voronka/internal/org/access"
	"voronka/internal/sales/client"
	"voronka/internal/sales/intake"
)

// HeldRequest is a request that waits for a person to let it in.
type HeldRequest struct {
	ID          int64               `json:"id"`
	At          time.Time           `json:"at"`
	Key         int64               `json:"key"`
	Form        string              `json:"form" doc:"Title of the form or key it came by"`
	Reason      string              `json:"reason" enum:"no_script,bad_work,trap,too_fast,form_closed"`
	Payload     httpapi.RawJSON     `json:"payload" doc:"As it came; empty once decided"`
	Attribution *intake.Attribution `json:"attribution"`
	State       string              `json:"state" enum:"waiting,accepted,rejected"`
	DecidedAt   *time.Time          `json:"decided_at"`
	DecidedBy   *int64              `json:"decided_by"`
	Request     *int64              `json:"request" doc:"What it became"`
	Type        string              `json:"type,omitempty"`
	Record      *int64              `json:"record"`
}

// HeldCount says how many wait.
type HeldCount struct {
	Waiting int `json:"waiting" doc:"1000 stands for that many or more"`
}

// LetIn is what a held request became.
type LetIn struct {
	Request int64  `json:"request"`
	Type    string `json:"type"`
	Record  int64  `json:"record"`
	Repeat  bool   `json:"repeat"`
}

func (d Deps) heldRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/held-requests", httpapi.HeadOr(access.Forms), "intake", "Requests that wait for a person to let them in; the oldest first"), d.listHeld)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/held-requests/count", httpapi.HeadOr(access.Forms), "intake", "How many requests wait for a person"), d.countHeld)
	o := httpapi.Route(http.MethodPost, "/api/held-requests/{id}/acceptance", httpapi.HeadOr(access.Forms), "intake", "Let a request in: it goes the ordinary way")
	o.Status, o.Everyday = http.StatusOK, true
	httpapi.Handle(r, o, d.acceptHeld)
	o = httpapi.Route(http.MethodPost, "/api/held-requests/{id}/rejection", httpapi.HeadOr(access.Forms), "intake", "Throw a request away")
	o.Status, o.Everyday = http.StatusNoContent, true
	httpapi.Handle(r, o, d.rejectHeld)
}

type heldIn struct {
	State string `query:"state" enum:"waiting,accepted,rejected" doc:"waiting by default"`
	Key   int64  `query:"key" minimum:"0"`
	Limit int    `query:"limit" minimum:"0" maximum:"500" doc:"Items a page, 50 by default"`
	After string `query:"after" doc:"next of the page before"`
}

func (d Deps) listHeld(ctx context.Context, in *heldIn) (*httpapi.Body[httpapi.List[HeldRequest]], error) {
	f := intake.HeldFilter{State: in.State, KeyID: in.Key, Limit: page.Limit(in.Limit) + 1}
	if in.After != "" {
		if err := page.Decode(in.After, &f.After); err != nil {
			return nil, err
		}
	}
	found, err := d.Requests.Held(ctx, f)
	if err != nil {
		return nil, err
	}
	next := ""
	if limit := f.Limit - 1; len(found) > limit {
		found = found[:limit]
		next = page.Encode(found[limit-1].ID)
	}
	c, err := d.view(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]HeldRequest, len(found))
	for i, h := range found {
		h.Payload = intake.ShownPayload(c, cmp.Or(h.Record.Type, "lead"), h.Payload)
		if !client.Shows(c, "lead", "source") {
			h.Attribution = nil
		}
		list[i] = heldOf(h)
	}
	return httpapi.ListOf(list, next), nil
}

func heldOf(h intake.Held) HeldRequest {
	out := HeldRequest{
		ID: h.ID, At: h.At.Time(), Key: h.KeyID, Form: h.KeyTitle, Reason: h.Reason, Payload: httpapi.RawJSON{RawMessage: h.Payload},
		Attribution: intake.ReadAttribution(string(h.Attribution)), State: h.State, DecidedBy: httpapi.OrNull(h.DecidedBy), Request: httpapi.OrNull(h.RequestID),
		Type: h.Record.Type, Record: httpapi.OrNull(h.Record.ID),
	}
	if h.DecidedAt != 0 {
		at := h.DecidedAt.Time()
		out.DecidedAt = &at
	}
	return out
}

func (d Deps) countHeld(ctx context.Context, _ *struct{}) (*httpapi.Body[HeldCount], error) {
	n, err := d.Requests.HeldWaiting(ctx, intake.MaxHeld)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(HeldCount{n}), nil
}

func (d Deps) acceptHeld(ctx context.Context, in *httpapi.ByID) (*httpapi.Body[LetIn], error) {
	a, err := d.Intake.AcceptHeld(ctx, httpapi.Who(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(LetIn{a.Request, a.Record.Type, a.Record.ID, a.Repeat}), nil
}

func (d Deps) rejectHeld(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Intake.RejectHeld(ctx, httpapi.Who(ctx), in.ID)
}
