package insightapi

import (
	"cmp"
	"context"
	"slices"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/insight/figures"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/record/schema"
)

// Heat is incidents by person and month.
type Heat struct {
	Months []string    `json:"months" doc:"YYYY-MM"`
	People []HeatRow   `json:"people" doc:"Who has most first"`
	Totals []int       `json:"totals" doc:"By month"`
	Kinds  []KindCount `json:"kinds" doc:"How many there are of each kind, whatever kind was asked for"`
}

// KindCount is how many incidents of a kind there are.
type KindCount struct {
	Kind  string `json:"kind"`
	Title string `json:"title" doc:"In the reader's language"`
	Count int    `json:"count"`
}

// HeatRow is one person.
type HeatRow struct {
	User  int64 `json:"user"`
	Cells []int `json:"cells" doc:"By month; -1 where he wasn't here yet"`
	Total int   `json:"total"`
}

func (d Deps) heat(ctx context.Context, in *PeriodIn) (*httpapi.Body[Heat], error) {
	a, err := d.ask(ctx, *in)
	if err != nil {
		return nil, err
	}
	kind := a.period.Kind
	a.period.Kind = ""
	breaches, err := d.Figures.Breaches(ctx, a.period)
	if err != nil {
		return nil, err
	}
	witnessed := figures.Witness(a.who)
	kinds := map[string]int{}
	breaches = slices.DeleteFunc(breaches, func(b figures.Breach) bool {
		if !witnessed(b) {
			return true
		}
		if !b.Excused {
			kinds[b.Kind]++
		}
		return kind != "" && b.Kind != kind
	})
	since := func(user int64) clock.Instant {
		if u := a.org.User(user); u != nil {
			return u.CreatedAt
		}
		return 0
	}
	h := figures.HeatOf(breaches, nil, since, a.period.From, a.period.To, a.zone)
	out := Heat{Months: h.Months, People: []HeatRow{}, Totals: make([]int, len(h.Months)), Kinds: []KindCount{}}
	for code, n := range kinds {
		out.Kinds = append(out.Kinds, KindCount{code, httpapi.KindTitle(httpapi.Lang(ctx), code, nil), n})
	}
	slices.SortFunc(out.Kinds, func(x, y KindCount) int { return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Kind, y.Kind)) })
	for _, row := range h.People {
		for i, n := range row.Cells {
			out.Totals[i] += max(0, n)
		}
		out.People = append(out.People, HeatRow{row.UserID, row.Cells, row.Total})
	}
	return httpapi.OK(out), nil
}

// decisions are those of people one may look at, with the time they took.
func (d Deps) decisions(ctx context.Context, a asked) ([]figures.Decision, error) {
	list, err := d.Figures.Decisions(ctx, a.period)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(x figures.Decision) bool {
		place, _ := a.org.Stamp(x.UserID)
		return !a.sees(x.UserID) || a.period.Department.Hi != 0 && !a.period.Department.Has(place.DeptPos)
	})
	c, err := d.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	c = c.For(a.who)
	for i, x := range list {
		if hidesSource(c, x.Record.Type) {
			list[i].Source = ""
		}
	}
	figures.Clocked(list, func(user int64, from, to clock.Instant) time.Duration {
		return a.org.ScheduleOf(user).Between(from, to)
	})
	return list, nil
}

// hidesSource tells whether the person whose view c is may not know where records of a type come from.
func hidesSource(c *schema.Catalog, typ string) bool {
	t := c.Type(typ)
	return t != nil && t.Hides("source")
}

// Taken is the share of offers taken in time.
type Taken struct {
	Weeks  []Share       `json:"weeks"`
	Months []Share       `json:"months"`
	People []PersonShare `json:"people"`
}

// Share is how many offers of a time were taken and missed.
type Share struct {
	From   string  `json:"from" doc:"First day of the week or month"`
	Taken  int     `json:"taken"`
	Missed int     `json:"missed"`
	InTime float64 `json:"in_time" doc:"0 to 1"`
}

// PersonShare is how one person did, week by week.
type PersonShare struct {
	User   int64   `json:"user"`
	Taken  int     `json:"taken"`
	Missed int     `json:"missed"`
	InTime float64 `json:"in_time"`
	Weeks  []Share `json:"weeks"`
}

func (d Deps) taken(ctx context.Context, in *PeriodIn) (*httpapi.Body[Taken], error) {
	a, err := d.ask(ctx, *in)
	if err != nil {
		return nil, err
	}
	list, err := d.decisions(ctx, a)
	if err != nil {
		return nil, err
	}
	week := func(x figures.Decision) string { return figures.Monday(x.DecidedAt, a.zone) }
	out := Taken{
		Weeks: shares(list, week), Months: shares(list, func(x figures.Decision) string { return x.DecidedAt.In(a.zone).Format("2006-01") + "-01" }), People: []PersonShare{},
	}
	for user, part := range figures.Grouped(list, func(x figures.Decision) int64 { return x.UserID }) {
		all := shareOf("", part)
		out.People = append(out.People, PersonShare{user, all.Taken, all.Missed, all.InTime, shares(part, week)})
	}
	slices.SortFunc(out.People, func(x, y PersonShare) int {
		return cmp.Or(cmp.Compare(x.InTime, y.InTime), cmp.Compare(x.User, y.User))
	})
	return httpapi.OK(out), nil
}

func shareOf(from string, list []figures.Decision) Share {
	var s figures.Share
	for _, x := range list {
		s.Add(x)
	}
	share, _ := s.InTime()
	return Share{from, s.Taken, s.Missed, share}
}

func shares(list []figures.Decision, key func(figures.Decision) string) []Share {
	out := []Share{}
	for from, part := range figures.Grouped(list, key) {
		out = append(out, shareOf(from, part))
	}
	slices.SortFunc(out, func(x, y Share) int { return cmp.Compare(x.From, y.From) })
	return out
}

// Speed is how long requests wait until somebody takes them.
type Speed struct {
	All     Spread         `json:"all"`
	Drums   []DrumSpread   `json:"drums"`
	Hours   []HourSpread   `json:"hours" doc:"By the hour of the first offer, in one's own zone"`
	Sources []SourceSpread `json:"sources"`
	Would   []Would        `json:"would" doc:"What share would have been in time with other limits"`
}

// Spread is a distribution in working minutes.
type Spread struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50"`
	P80   float64 `json:"p80"`
	P90   float64 `json:"p90"`
}

// DrumSpread is that of a drum.
type DrumSpread struct {
	Drum int64 `json:"drum"`
	Spread
}

// HourSpread is that of an hour of the day.
type HourSpread struct {
	Hour int `json:"hour"`
	Spread
}

// SourceSpread is that of a source.
type SourceSpread struct {
	Source string `json:"source"`
	Spread
}

// Would is what a limit would have meant.
type Would struct {
	Minutes int     `json:"minutes"`
	Share   float64 `json:"share" doc:"0 to 1"`
}

func spread(list []figures.Decision) Spread {
	s := figures.SpreadOf(list)
	return Spread{s.Count, minutes(s.P50), minutes(s.P80), minutes(s.P90)}
}

func (d Deps) speed(ctx context.Context, in *PeriodIn) (*httpapi.Body[Speed], error) {
	a, err := d.ask(ctx, *in)
	if err != nil {
		return nil, err
	}
	list, err := d.decisions(ctx, a)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(x figures.Decision) bool { return !x.Taken })
	out := Speed{All: spread(list), Drums: []DrumSpread{}, Hours: []HourSpread{}, Sources: []SourceSpread{}}
	for drum, part := range figures.Grouped(list, func(x figures.Decision) int64 { return x.DrumID }) {
		out.Drums = append(out.Drums, DrumSpread{drum, spread(part)})
	}
	for hour, part := range figures.Grouped(list, func(x figures.Decision) int { return x.First.In(a.zone).Hour() }) {
		out.Hours = append(out.Hours, HourSpread{hour, spread(part)})
	}
	for source, part := range figures.Grouped(list, func(x figures.Decision) string { return x.Source }) {
		out.Sources = append(out.Sources, SourceSpread{source, spread(part)})
	}
	slices.SortFunc(out.Drums, func(x, y DrumSpread) int { return cmp.Compare(x.Drum, y.Drum) })
	slices.SortFunc(out.Hours, func(x, y HourSpread) int { return cmp.Compare(x.Hour, y.Hour) })
	slices.SortFunc(out.Sources, func(x, y SourceSpread) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Source, y.Source))
	})
	for _, minutes := range []int{15, 30, 60} {
		out.Would = append(out.Would, Would{minutes, figures.Would(list, time.Duration(minutes)*time.Minute)})
	}
	return httpapi.OK(out), nil
}

// Cost is what misses cost.
type Cost struct {
	Sources []SourceCost `json:"sources"`
	Lost    int          `json:"lost" doc:"Records lost after a miss"`
	Cost    int64        `json:"cost" doc:"Minor units of the portal's currency"`
}

// SourceCost is that of one source.
type SourceCost struct {
	Source  string  `json:"source"`
	Lost    int     `json:"lost"`
	Records []Named `json:"records" doc:"Those that were lost, up to 200"`
	Price   *int64  `json:"price" doc:"Of one lead; null when nobody has said"`
	Cost    int64   `json:"cost"`
}

func (d Deps) cost(ctx context.Context, in *PeriodIn) (*httpapi.Body[Cost], error) {
	a, err := d.ask(ctx, *in)
	if err != nil {
		return nil, err
	}
	out, err := d.costOf(ctx, a)
	return httpapi.OK(out), err
}

func (d Deps) costOf(ctx context.Context, a asked) (Cost, error) {
	out := Cost{Sources: []SourceCost{}}
	lost, err := d.Figures.LostAfterMiss(ctx, a.period)
	if err != nil {
		return out, err
	}
	prices, err := d.Figures.Prices(ctx)
	if err != nil {
		return out, err
	}
	c, err := d.Catalog(ctx)
	if err != nil {
		return out, err
	}
	c = c.For(a.who)
	bySource := map[string][]ref.Ref{}
	for _, l := range lost {
		if hidesSource(c, l.Record.Type) {
			l.Source = ""
		}
		if slices.ContainsFunc(l.Missed, a.sees) {
			bySource[l.Source] = append(bySource[l.Source], l.Record)
			out.Lost++
		}
	}
	for source, records := range bySource {
		c := SourceCost{Source: source, Lost: len(records)}
		if price, known := prices[source]; known {
			c.Price, c.Cost = &price, price*int64(len(records))
			out.Cost += c.Cost
		}
		if c.Records, err = d.named(ctx, records); err != nil {
			return out, err
		}
		out.Sources = append(out.Sources, c)
	}
	slices.SortFunc(out.Sources, func(x, y SourceCost) int { return cmp.Or(cmp.Compare(y.Lost, x.Lost), cmp.Compare(x.Source, y.Source)) })
	return out, nil
}

// Named is a record with its title.
type Named struct {
	Type  string `json:"type"`
	ID    int64  `json:"id" doc:"0 when the reader may not see it"`
	Title string `json:"title" doc:"Empty when it was deleted, or the reader may not see it"`
}

// shown is how many records stand behind a number at most.
const shown = 200

// named gives records the titles the person who asks may read. One that is there but not for him keeps its type alone: his
// figures count records that have gone to others since.
func (d Deps) named(ctx context.Context, records []ref.Ref) ([]Named, error) {
	records = records[:min(len(records), shown)]
	titles, err := d.Figures.Titles(ctx, httpapi.Who(ctx), records)
	out := make([]Named, len(records))
	for i, r := range records {
		if t := titles[r]; t.Hidden {
			out[i] = Named{Type: r.Type}
		} else {
			out[i] = Named{r.Type, r.ID, t.Text}
		}
	}
	return out, err
}

// Prices are what leads cost, by code of the source, in minor units of the portal's currency.
type Prices struct {
	Prices map[string]int64 `json:"prices"`
}

func (d Deps) prices(ctx context.Context, _ *struct{}) (*httpapi.Body[Prices], error) {
	p, err := d.Figures.Prices(ctx)
	return httpapi.OK(Prices{p}), err
}

func (d Deps) setPrices(ctx context.Context, in *struct{ Body Prices }) (*httpapi.Body[Prices], error) {
	if err := d.Prices.SetPrices(ctx, httpapi.Who(ctx), in.Body.Prices); err != nil {
		return nil, err
	}
	return d.prices(ctx, nil)
}
