package salesapi

import (
	"context"
	"math"
	"net/http"
	"slices"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/page"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/sales/drum"
)

// Member is a person of a drum.
type Member struct {
	User   int64   `json:"user"`
	Active bool    `json:"active" doc:"false: passed over for the time being"`
	Weight float64 `json:"weight" doc:"Share of the offers, for the orders weighted and least; 1 is usual"`
	Cap    int     `json:"cap,omitempty" doc:"Offers at once; left out: as the drum says"`
}

// Portion is a source that is dealt slowly.
type Portion struct {
	Source string `json:"source" doc:"Code of the source"`
	PerDay int    `json:"per_day" minimum:"1" maximum:"10000" doc:"Records a person and working day"`
}

// OwnHours are hours of a drum itself.
type OwnHours struct {
	Zone  string              `json:"zone,omitempty" doc:"The portal's when left out"`
	Week  map[string][]string `json:"week" doc:"By mon, tue, wed, thu, fri, sat, sun; empty: the drum has no hours of its own"`
	Dates map[string][]string `json:"dates,omitempty" doc:"By date; an empty list is a day off"`
}

// Drum is ordered people and a time to take.
type Drum struct {
	ID           int64     `json:"id"`
	Code         string    `json:"code" doc:"Never changes"`
	Title        string    `json:"title"`
	TakeMinutes  float64   `json:"take_minutes" doc:"How long an offer may be taken"`
	MissesToHead int       `json:"misses_to_head" doc:"Misses of one record before the head hears of it; 0 for never"`
	Head         *int64    `json:"head" doc:"null: the head over whoever missed last"`
	TakeStage    *int64    `json:"take_stage" doc:"Where a taken record goes; null: the next open stage"`
	Members      []Member  `json:"members" doc:"The named people; of a department those who are treated specially"`
	Who          string    `json:"who" enum:"named,department,department_of_first,department_above" doc:"Whom it deals to"`
	Department   *int64    `json:"department" doc:"Of who; for department_of_first and department_above when nobody had the record yet"`
	Order        string    `json:"order" enum:"turn,weighted,least"`
	Cap          int       `json:"cap" doc:"Offers a person may have at once, 0 for any number"`
	Former       bool      `json:"former" doc:"Who answered for the client before gets the record out of turn"`
	TakenBy      []string  `json:"taken_by" doc:"Deeds that take a record besides pressing Take: stage, own_stage, activity"`
	HeadBecomes  string    `json:"head_becomes" enum:"responsible,observer,told" doc:"What becomes of the head after too many misses"`
	Hours        string    `json:"hours" enum:"person,always" doc:"Whose working time counts"`
	Schedule     *OwnHours `json:"schedule" doc:"Hours of the drum's own, null for none; a person's count within them"`
	NeedDay      bool      `json:"need_day" doc:"Only people whose working day runs get offers"`
	Sources      []Portion `json:"sources" doc:"Sources dealt in portions, without deadlines and misses"`
	Stopped      bool      `json:"stopped" doc:"Deals nothing until it is started again"`
	MayEdit      bool      `json:"may_edit" doc:"The person asking may change it"`
}

func drumOf(d *drum.Drum, mayEdit bool) Drum {
	p := d.Policy
	out := Drum{
		ID: d.ID, Code: d.Code, Title: d.Title, TakeMinutes: d.Take.Minutes(), MissesToHead: d.MissesToHead, Head: httpapi.OrNull(d.HeadID),
		TakeStage: httpapi.OrNull(d.TakeStageID), Members: make([]Member, len(d.Members)), Who: p.Who, Department: httpapi.OrNull(p.DepartmentID),
		Order: p.Order, Cap: p.Cap, Former: p.Former, TakenBy: slices.Clone(p.Taken), HeadBecomes: p.Head, Hours: p.Hours, Schedule: ownHours(p.Schedule),
		NeedDay: p.NeedDay, Sources: make([]Portion, len(p.Sources)), Stopped: p.Stopped, MayEdit: mayEdit,
	}
	for i, m := range d.Members {
		out.Members[i] = memberOf(m)
	}
	for i, s := range p.Sources {
		out.Sources[i] = Portion{s.Source, s.PerDay}
	}
	if out.TakenBy == nil {
		out.TakenBy = []string{}
	}
	return out
}

func memberOf(m drum.Member) Member {
	weight := 1.0
	if m.Weight != 0 {
		weight = float64(m.Weight) / drum.FullWeight
	}
	return Member{m.UserID, m.Active, weight, m.Cap}
}

// MemberDraft is a person to be in a drum.
type MemberDraft struct {
	User   int64    `json:"user" minimum:"1"`
	Active *bool    `json:"active,omitempty" doc:"true when left out"`
	Weight *float64 `json:"weight,omitempty" minimum:"0.01" maximum:"100" doc:"1 when left out"`
	Cap    int      `json:"cap,omitempty" minimum:"0" maximum:"1000"`
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
	Who          *string           `json:"who,omitempty" enum:"named,department,department_of_first,department_above"`
	Department   httpapi.Reference `json:"department,omitempty"`
	Order        *string           `json:"order,omitempty" enum:"turn,weighted,least"`
	Cap          *int              `json:"cap,omitempty" minimum:"0" maximum:"1000"`
	Former       *bool             `json:"former,omitempty"`
	TakenBy      *[]string         `json:"taken_by,omitempty" maxItems:"3"`
	HeadBecomes  *string           `json:"head_becomes,omitempty" enum:"responsible,observer,told"`
	Hours        *string           `json:"hours,omitempty" enum:"person,always" doc:"person for a new drum when left out"`
	Schedule     *OwnHours         `json:"schedule,omitempty"`
	NeedDay      *bool             `json:"need_day,omitempty"`
	Sources      *[]Portion        `json:"sources,omitempty" maxItems:"50"`
	Stopped      *bool             `json:"stopped,omitempty"`
}

func (p DrumPatch) patch(zone string) (drum.Patch, error) {
	out := drum.Patch{
		Code: p.Code, Title: p.Title, MissesToHead: p.MissesToHead, HeadID: p.Head.Value(), TakeStageID: p.TakeStage.Value(), Who: p.Who,
		DepartmentID: p.Department.Value(), Order: p.Order, Cap: p.Cap, Former: p.Former, Taken: p.TakenBy, HeadBecomes: p.HeadBecomes, Hours: p.Hours,
		NeedDay: p.NeedDay, Stopped: p.Stopped,
	}
	if p.TakeMinutes != nil {
		take := time.Duration(*p.TakeMinutes * float64(time.Minute)).Round(time.Second)
		out.Take = &take
	}
	if p.Members != nil {
		members := make([]drum.Member, len(*p.Members))
		for i, m := range *p.Members {
			members[i] = drum.Member{UserID: m.User, Active: m.Active == nil || *m.Active, Cap: m.Cap}
			if m.Weight != nil {
				members[i].Weight = max(drum.MinWeight, int(math.Round(*m.Weight*drum.FullWeight)))
			}
		}
		out.Members = &members
	}
	if p.Sources != nil {
		sources := make([]drum.Portion, len(*p.Sources))
		for i, s := range *p.Sources {
			sources[i] = drum.Portion{Source: s.Source, PerDay: s.PerDay}
		}
		out.Sources = &sources
	}
	var err error
	out.Schedule, err = p.Schedule.schedule(zone)
	return out, err
}

// Standing is how a person of a drum stands.
type Standing struct {
	User        int64      `json:"user"`
	Active      bool       `json:"active"`
	Weight      float64    `json:"weight"`
	Cap         int        `json:"cap,omitempty" doc:"Offers at once; left out: any number"`
	Open        int        `json:"open" doc:"Offers he has now"`
	MissesToday int        `json:"misses_today"`
	TakenToday  int        `json:"taken_today"`
	Reason      string     `json:"reason" enum:"turn,share,least,former,later,paused,left,busy,closed,absent,out_of_hours,day_not_started,day_paused,day_finished" doc:"Why he is next, or is not"`
	Until       *time.Time `json:"until" doc:"Until when that holds, null when nobody knows"`
	Place       int        `json:"place" doc:"1 for who is next, 0 for who can't be offered anything now"`
}

// DrumToday is what became of a drum's offers today.
type DrumToday struct {
	Taken     int `json:"taken"`
	Missed    int `json:"missed"`
	Withdrawn int `json:"withdrawn"`
	Offered   int `json:"offered" doc:"Open now, with somebody"`
	Waiting   int `json:"waiting" doc:"Open now, for anybody"`
}

// DrumState is who is next and who has what.
type DrumState struct {
	Next    *int64     `json:"next" doc:"null: nobody can take anything now"`
	Members []Standing `json:"members"`
	Waiting []Offer    `json:"waiting" doc:"Open offers"`
	Today   DrumToday  `json:"today"`
	Deals   bool       `json:"deals" doc:"false: out of its own hours, or stopped"`
	OpensAt *time.Time `json:"opens_at" doc:"When it deals again, as far as known"`
}

// Decision is an offer of a drum with what became of it.
type Decision struct {
	Offer
	DecidedAt *time.Time `json:"decided_at" doc:"null while it is open"`
	DecidedBy *int64     `json:"decided_by"`
}

func (d Deps) drumRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/drums", httpapi.Member, "drums", "Drums one may look at, with their people: heads those of their people, others those they are in"), d.listDrums)
	httpapi.Handle(r, httpapi.Route(http.MethodPost, "/api/drums", httpapi.HeadOr(access.Drums), "drums", "Make a drum; heads of people of theirs"), d.addDrum)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/drums/{id}", httpapi.Member, "drums", "One drum"), d.getDrum)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/drums/{id}", httpapi.HeadOr(access.Drums), "drums", "Change a drum"), d.changeDrum)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/drums/{id}", httpapi.HeadOr(access.Drums), "drums", "Remove a drum; its offers are withdrawn, people keep their records"), d.removeDrum)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/drums/{id}/state", httpapi.Member, "drums", "Who is next and why, who has what"), d.drumState)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/drums/{id}/decisions", httpapi.Member, "drums", "Offers of a drum with their reasons, the newest first"), d.drumDecisions)
}

func (d Deps) listDrums(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[Drum]], error) {
	drums, err := d.Offers.Drums(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	who := httpapi.Who(ctx)
	list := []Drum{}
	for _, one := range drums {
		if drum.MaySee(dir, who, one) {
			list = append(list, drumOf(one, drum.MaySetUp(dir, who, one)))
		}
	}
	return httpapi.ListOf(list, ""), nil
}

func (d Deps) oneDrum(ctx context.Context, id int64) (*httpapi.Body[Drum], error) {
	one, err := d.Offers.DrumByID(ctx, id)
	if err != nil {
		return nil, err
	}
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	if !drum.MaySee(dir, httpapi.Who(ctx), one) {
		return nil, fault.New(fault.NotFound, "drum.not_found")
	}
	return httpapi.OK(drumOf(one, drum.MaySetUp(dir, httpapi.Who(ctx), one))), nil
}

func (d Deps) getDrum(ctx context.Context, in *httpapi.ByID) (*httpapi.Body[Drum], error) {
	return d.oneDrum(ctx, in.ID)
}

// patchOf reads a patch; own hours without a zone are in the portal's.
func (d Deps) patchOf(ctx context.Context, p DrumPatch) (drum.Patch, error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return drum.Patch{}, err
	}
	return p.patch(dir.Portal.Zone)
}

func (d Deps) addDrum(ctx context.Context, in *httpapi.Body[DrumPatch]) (*httpapi.Body[Drum], error) {
	p, err := d.patchOf(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	id, err := d.Drums.Create(ctx, httpapi.Who(ctx), p)
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
	p, err := d.patchOf(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	if err := d.Drums.Change(ctx, httpapi.Who(ctx), in.ID, p); err != nil {
		return nil, err
	}
	return d.oneDrum(ctx, in.ID)
}

func (d Deps) removeDrum(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Drums.Remove(ctx, httpapi.Who(ctx), in.ID)
}

func (d Deps) drumState(ctx context.Context, in *httpapi.ByID) (*httpapi.Body[DrumState], error) {
	look, err := d.Drums.Look(ctx, httpapi.Who(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	day, err := d.Offers.Day(ctx, in.ID, today(dir, d.Clock.Now()))
	if err != nil {
		return nil, err
	}
	state := DrumState{
		Next: httpapi.OrNull(look.Next), Members: make([]Standing, len(look.People)), Deals: look.Deals, OpensAt: httpapi.Instant(look.OpensAt),
		Today: DrumToday{day.Taken, day.Missed, day.Withdrawn, day.Offered, day.Waiting},
	}
	for i, m := range look.People {
		shape, today := memberOf(m), day.People[m.UserID]
		if shape.Cap == 0 {
			shape.Cap = look.Drum.Policy.Cap
		}
		state.Members[i] = Standing{
			User: m.UserID, Active: m.Active, Weight: shape.Weight, Cap: shape.Cap, Open: today.Open, MissesToday: today.MissesToday,
			TakenToday: today.TakenToday, Reason: reasonOf(m.UserID, look.Reasons), Until: httpapi.Instant(look.Until[m.UserID]),
			Place: slices.Index(look.Ahead, m.UserID) + 1,
		}
	}
	state.Waiting, err = d.offers(ctx, drum.OfferFilter{DrumID: in.ID, Limit: page.MaxLimit})
	return httpapi.OK(state), err
}

type decisionsIn struct {
	httpapi.ByID
	State string `query:"state" enum:"offered,escalated,waiting,taken,missed,withdrawn,dealt"`
	Limit int    `query:"limit" minimum:"0" maximum:"500" doc:"Items a page, 50 by default"`
	After string `query:"after" doc:"next of the page before"`
}

func (d Deps) drumDecisions(ctx context.Context, in *decisionsIn) (*httpapi.Body[httpapi.List[Decision]], error) {
	if _, err := d.oneDrum(ctx, in.ID); err != nil {
		return nil, err
	}
	f := drum.DecisionFilter{DrumID: in.ID, State: in.State, Limit: page.Limit(in.Limit) + 1}
	if in.After != "" {
		if err := page.Decode(in.After, &f.Before); err != nil {
			return nil, err
		}
	}
	found, err := d.Offers.Decisions(ctx, httpapi.Who(ctx), f)
	if err != nil {
		return nil, err
	}
	next := ""
	if limit := f.Limit - 1; len(found) > limit {
		found = found[:limit]
		next = page.Encode(found[limit-1].ID)
	}
	offers, err := d.offersOf(ctx, found)
	if err != nil {
		return nil, err
	}
	list := make([]Decision, len(found))
	for i := range found {
		list[i] = Decision{offers[i], httpapi.Instant(found[i].DecidedAt), httpapi.OrNull(found[i].DecidedBy)}
	}
	return httpapi.ListOf(list, next), nil
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
