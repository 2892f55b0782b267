package insightapi

import (
	"context"
	"slices"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/insight/figures"
	"voronka/internal/kernel/ref"
)

// TurnsIn says which turns are looked at. From and to are days of the decision; hour is that of the first offer.
type TurnsIn struct {
	PeriodIn
	Outcome string `query:"outcome" enum:"taken,missed,counted" doc:"counted: taken and missed without excuse"`
	Source  string `query:"source" doc:"Code of the source; - for none"`
	Hour    int    `query:"hour" minimum:"-1" maximum:"23" default:"-1" doc:"-1: any"`
}

// Turn is how one offer ended.
type Turn struct {
	Record    Named     `json:"record"`
	Drum      int64     `json:"drum"`
	User      int64     `json:"user"`
	Source    string    `json:"source"`
	OfferedAt time.Time `json:"offered_at"`
	DecidedAt time.Time `json:"decided_at"`
	Taken     bool      `json:"taken"`
	Excused   bool      `json:"excused"`
	Minutes   *float64  `json:"minutes" doc:"Working minutes since the first offer; null for misses"`
}

// Turns are the turns behind a number.
type Turns struct {
	Items []Turn `json:"items" doc:"The newest first, up to 200"`
	Count int    `json:"count" doc:"Of all"`
}

func (d Deps) turns(ctx context.Context, in *TurnsIn) (*httpapi.Body[Turns], error) {
	a, err := d.ask(ctx, in.PeriodIn)
	if err != nil {
		return nil, err
	}
	list, err := d.decisions(ctx, a)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(x figures.Decision) bool {
		return in.Outcome == "taken" && !x.Taken || in.Outcome == "missed" && (x.Taken || x.Excused) || in.Outcome == "counted" && !x.Taken && x.Excused ||
			in.Source != "" && x.Source != in.Source && (in.Source != "-" || x.Source != "") || in.Hour >= 0 && x.First.In(a.zone).Hour() != in.Hour
	})
	out := Turns{Items: []Turn{}, Count: len(list)}
	list = list[:min(len(list), shown)]
	records := make([]ref.Ref, len(list))
	for i, x := range list {
		records[i] = x.Record
	}
	names, err := d.named(ctx, records)
	if err != nil {
		return nil, err
	}
	for i, x := range list {
		t := Turn{Record: names[i], Drum: x.DrumID, User: x.UserID, Source: x.Source, OfferedAt: x.OfferedAt.Time(), DecidedAt: x.DecidedAt.Time(), Taken: x.Taken, Excused: x.Excused}
		if x.Taken {
			took := minutes(x.Took)
			t.Minutes = &took
		}
		out.Items = append(out.Items, t)
	}
	return httpapi.OK(out), nil
}

// minutes rounds to a tenth of a minute.
func minutes(t time.Duration) float64 { return t.Round(6 * time.Second).Minutes() }
