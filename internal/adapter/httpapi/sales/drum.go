package salesapi

import (
	"context"
	"net/http"
	"slices"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/page"
	"voronka/internal/org/directory"
	"voronka/internal/sales/drum"
)

// Member is a person of a drum.
type Member struct {
	User   int64 `json:"user"`
	Active bool  `json:"active" doc:"false: passed over for the time being"`
}

// Drum is ordered people and a time to take.
type Drum struct {
	ID           int64    `json:"id"`
	Code         string   `json:"code" doc:"Never changes"`
	Title        string   `json:"title"`
	TakeMinutes  float64  `json:"take_minutes" doc:"How long an offer may be taken"`
	MissesToHead int      `json:"misses_to_head" doc:"Misses of one record before the head answers for it; 0 for never"`
	Head         *int64   `json:"head" doc:"null: the head over whoever missed last"`
	TakeStage    *int64   `json:"take_stage" doc:"Where a taken record goes; null: the next open stage"`
	Members      []Member `json:"members"`
}

func drumOf(d *drum.Drum) Drum {
	out := Drum{
		ID: d.ID, Code: d.Code, Title: d.Title, TakeMinutes: d.Take.Minutes(), MissesToHead: d.MissesToHead, Head: httpapi.OrNull(d.HeadID),
		TakeStage: httpapi.OrNull(d.TakeStageID), Members: make([]Member, len(d.Members)),
	}
	for i, m := range d.Members {
		out.Members[i] = Member{m.UserID, m.Active}
	}
	return out
}

// MemberDraft is a person to be in a drum.
type MemberDraft struct {
	User   int64 `json:"user" minimum:"1"`
	Active *bool `json:"active,omitempty" doc:"true when left out"`
}

// DrumPatch is a new drum, or what shall change; what is left out stays.
type DrumPatch struct {
	Code         *string           `json:"code,omitempty" doc:"Only of a new drum; made from the title when left out"`
	Title        *string           `json:"title,omitempty"`
	TakeMinutes  *float64          `json:"take_minutes,omitempty" minimum:"0.01" maximum:"43200"`
	MissesToHead *int              `json:"misses_to_head,omitempty"`
	Head         httpapi.Reference `json:"head,omitempty"`
	TakeStage    httpapi.Reference `json:"take_stage,omitempty"`
	Members      *[]MemberDraft    `json:"members,omitempty" maxItems:"500" doc:"All people in their order"`
}

func (p DrumPatch) patch() drum.Patch {
	out := drum.Patch{Code: p.Code, Title: p.Title, MissesToHead: p.MissesToHead, HeadID: p.Head.Value(), TakeStageID: p.TakeStage.Value()}
	if p.TakeMinutes != nil {
		take := time.Duration(*p.TakeMinutes * float64(time.Minute)).Round(time.Second)
		out.Take = &take
	}
	if p.Members != nil {
		members := make([]drum.Member, len(*p.Members))
		for i, m := range *p.Members {
			members[i] = drum.Member{UserID: m.User, Active: m.Active == nil || *m.Active}
		}
		out.Members = &members
	}
	return out
}

// Standing is how a person of a drum stands.
type Standing struct {
	User        int64  `json:"user"`
	Active      bool   `json:"active"`
	Open        int    `json:"open" doc:"Offers he has now"`
	MissesToday int    `json:"misses_today"`
	TakenToday  int    `json:"taken_today"`
	Reason      string `json:"reason" enum:"turn,later,paused,left" doc:"Why he is next, or is not"`
}

// DrumState is who is next and who has what.
type DrumState struct {
	Next    *int64     `json:"next" doc:"null: nobody can take anything now"`
	Members []Standing `json:"members"`
	Waiting []Offer    `json:"waiting" doc:"Open offers"`
}

func (d Deps) drumRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/drums", httpapi.Member, "drums", "Drums with their people"), d.listDrums)
	httpapi.Handle(r, httpapi.Route(http.MethodPost, "/api/drums", httpapi.Admin, "drums", "Make a drum"), d.addDrum)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/drums/{id}", httpapi.Member, "drums", "One drum"), d.getDrum)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/drums/{id}", httpapi.Admin, "drums", "Change a drum"), d.changeDrum)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/drums/{id}", httpapi.Admin, "drums", "Remove a drum; its offers are withdrawn, people keep their records"), d.removeDrum)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/drums/{id}/state", httpapi.Member, "drums", "Who is next and why, who has what"), d.drumState)
}

func (d Deps) listDrums(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[Drum]], error) {
	drums, err := d.Offers.Drums(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Drum, len(drums))
	for i, one := range drums {
		list[i] = drumOf(one)
	}
	return httpapi.ListOf(list, ""), nil
}

func (d Deps) oneDrum(ctx context.Context, id int64) (*httpapi.Body[Drum], error) {
	one, err := d.Offers.DrumByID(ctx, id)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(drumOf(one)), nil
}

func (d Deps) getDrum(ctx context.Context, in *httpapi.ByID) (*httpapi.Body[Drum], error) {
	return d.oneDrum(ctx, in.ID)
}

func (d Deps) addDrum(ctx context.Context, in *httpapi.Body[DrumPatch]) (*httpapi.Body[Drum], error) {
	id, err := d.Drums.Create(ctx, httpapi.Who(ctx), in.Body.patch())
	if err != nil {
		return nil, err
	}
	return d.oneDrum(ctx, id)
}

type changeDrumIn struct {
	httpapi.ByID
	Body DrumPatch
}

func (d Deps) changeDrum(ctx context.Context, in *changeDrumIn) (*httpapi.Body[Drum], error) {
	if err := d.Drums.Change(ctx, httpapi.Who(ctx), in.ID, in.Body.patch()); err != nil {
		return nil, err
	}
	return d.oneDrum(ctx, in.ID)
}

func (d Deps) removeDrum(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Drums.Remove(ctx, httpapi.Who(ctx), in.ID)
}

func (d Deps) drumState(ctx context.Context, in *httpapi.ByID) (*httpapi.Body[DrumState], error) {
	one, err := d.Offers.DrumByID(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	standings, err := d.Offers.Standings(ctx, in.ID, today(dir, d.Clock.Now()))
	if err != nil {
		return nil, err
	}
	next, reasons := one.Next(dir)
	state := DrumState{Next: httpapi.OrNull(next), Members: make([]Standing, len(standings))}
	for i, s := range standings {
		state.Members[i] = Standing{s.UserID, s.Active, s.Open, s.MissesToday, s.TakenToday, reasonOf(s.UserID, reasons)}
	}
	state.Waiting, err = d.offers(ctx, drum.OfferFilter{DrumID: in.ID, Limit: page.MaxLimit})
	return httpapi.OK(state), err
}

func reasonOf(userID int64, reasons []drum.Reason) string {
	if i := slices.IndexFunc(reasons, func(r drum.Reason) bool { return r.UserID == userID }); i >= 0 {
		return string(reasons[i].Code)
	}
	return string(drum.Later)
}

// today is when the portal's day began.
func today(dir *directory.Directory, now clock.Instant) clock.Instant {
	zone, err := time.LoadLocation(dir.Portal.Zone)
	if err != nil {
		zone = time.UTC
	}
	y, m, day := now.In(zone).Date()
	return clock.Of(time.Date(y, m, day, 0, 0, 0, 0, zone))
}
