package salesapi

import (
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/page"
	"voronka/internal/sales/drum"
)

// Offer is one person's turn at a record.
type Offer struct {
	ID          int64      `json:"id"`
	Drum        int64      `json:"drum"`
	Type        string     `json:"type" doc:"Type of the record"`
	Record      int64      `json:"record"`
	Title       string     `json:"title,omitempty"`
	User        *int64     `json:"user" doc:"null while it waits for anybody"`
	Round       int        `json:"round" doc:"1 for the first offer of a record"`
	State       string     `json:"state" enum:"offered,escalated,waiting,taken,missed,withdrawn,dealt"`
	OfferedAt   time.Time  `json:"offered_at"`
	DueAt       *time.Time `json:"due_at" doc:"null: without a deadline"`
	SecondsLeft int64      `json:"seconds_left" doc:"By the clock on the wall"`
	WorkSeconds int64      `json:"work_seconds" doc:"The working time it gives, 0 without a deadline"`
	PausedUntil *time.Time `json:"paused_until" doc:"When its clock runs on; null while it runs"`
	Pauses      []Pause    `json:"pauses,omitempty" doc:"When its clock stands still until it is due"`
	Portion     string     `json:"portion,omitempty" doc:"The source whose daily portion it belongs to"`
	Reasons     []Reason   `json:"reasons,omitempty" doc:"Why this person, and why not others before him"`
}

// Reason is why a person got an offer or was passed over.
type Reason struct {
	User  int64      `json:"user"`
	Code  string     `json:"code" enum:"turn,share,least,former,paused,left,missed,busy,portion,closed,absent,out_of_hours,day_not_started,day_paused,day_finished"`
	Until *time.Time `json:"until,omitempty" doc:"Until when that held"`
}

// Pause is a time during which the clock of an offer stands still.
type Pause struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

func (d Deps) offerOf(o *drum.Offer) Offer {
	out := Offer{
		ID: o.ID, Drum: o.DrumID, Type: o.Record.Type, Record: o.Record.ID, Title: o.Title, User: httpapi.OrNull(o.UserID), Round: o.Round, State: o.State,
		OfferedAt: o.OfferedAt.Time(), DueAt: httpapi.Instant(o.DueAt), SecondsLeft: o.SecondsLeft(d.Clock.Now()),
		WorkSeconds: int64(o.Work / time.Second), PausedUntil: httpapi.Instant(o.PausedUntil(d.Clock.Now())), Portion: o.Portion,
	}
	for _, p := range o.Pauses {
		out.Pauses = append(out.Pauses, Pause{p.From.Time(), p.To.Time()})
	}
	for _, r := range o.Reasons {
		out.Reasons = append(out.Reasons, Reason{r.UserID, string(r.Code), httpapi.Instant(r.Until)})
	}
	return out
}

type offersIn struct {
	Mine  bool   `query:"mine" doc:"Only those made to me"`
	Drum  int64  `query:"drum" minimum:"0"`
	Limit int    `query:"limit" minimum:"0" maximum:"500" doc:"Items a page, 50 by default"`
	After string `query:"after" doc:"next of the page before"`
}

func (d Deps) offerRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/offers", httpapi.Member, "drums", "Open offers of records one sees"), d.listOffers)
	take := httpapi.Route(http.MethodPost, "/api/offers/{id}/take", httpapi.Member, "drums", "Take a record: only the person offered, his head or an administrator")
	take.Status = http.StatusOK
	httpapi.Handle(r, take, d.takeOffer)
}

func (d Deps) offers(ctx context.Context, f drum.OfferFilter) ([]Offer, error) {
	found, err := d.Offers.Offers(ctx, httpapi.Who(ctx), f)
	if err != nil {
		return nil, err
	}
	return d.offersOf(ctx, found)
}

// offersOf are offers as the person who asks may know them: where a record comes from is told to who sees its source.
func (d Deps) offersOf(ctx context.Context, found []drum.Offer) ([]Offer, error) {
	c, err := d.view(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Offer, len(found))
	for i := range found {
		list[i] = d.offerOf(&found[i])
		if t := c.Type(found[i].Record.Type); t != nil && t.Hides("source") {
			list[i].Portion = ""
		}
	}
	return list, nil
}

func (d Deps) listOffers(ctx context.Context, in *offersIn) (*httpapi.Body[httpapi.List[Offer]], error) {
	f := drum.OfferFilter{Mine: in.Mine, DrumID: in.Drum, Limit: page.Limit(in.Limit) + 1}
	if in.After != "" {
		if err := page.Decode(in.After, &f.After); err != nil {
			return nil, err
		}
	}
	list, err := d.offers(ctx, f)
	if err != nil {
		return nil, err
	}
	next := ""
	if limit := f.Limit - 1; len(list) > limit {
		list = list[:limit]
		next = page.Encode(list[limit-1].ID)
	}
	return httpapi.ListOf(list, next), nil
}

func (d Deps) takeOffer(ctx context.Context, in *httpapi.ByID) (*httpapi.Body[Offer], error) {
	o, err := d.Drums.Take(ctx, httpapi.Who(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	list, err := d.offersOf(ctx, []drum.Offer{*o})
	if err != nil {
		return nil, err
	}
	return httpapi.OK(list[0]), nil
}
