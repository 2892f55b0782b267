package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"os"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/app"
	"voronka/internal/config"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/directory"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
)

// Options of a replay. The zero value plays 8,000 generated leads in a database of its own.
type Options struct {
	Leads    string // file or folder with olist_mql.csv; "" or not there: a generated stream
	Limit    int    // at most so many leads; 0 = all, 8,000 of a generated stream
	Seed     uint64
	Database string // DSN of an empty PostgreSQL database; "" = a SQLite file that is thrown away
	Log      *slog.Logger
}

// Result is what became of the requests of a replay.
type Result struct {
	Source         string            `json:"source"`   // olist or generated
	Requests       int               `json:"requests"` // that came in, planted repeats among them
	Leads          int64             `json:"leads"`    // records there are in the end
	Repeats        int               `json:"repeats"`  // requests recognised as of a known client
	PlantedRepeats int               `json:"planted_repeats"`
	MissedRepeats  int               `json:"missed_repeats"` // planted and not recognised, or as somebody else's
	FalseRepeats   int               `json:"false_repeats"`  // recognised and not planted
	Taken          int64             `json:"taken"`
	Waiting        int64             `json:"waiting"` // open offers in the end
	Offers         int64             `json:"offers"`
	Misses         int64             `json:"misses"`
	Incidents      int64             `json:"incidents"`
	Escalations    int64             `json:"escalations"`   // offers that came to the head
	Withdrawn      int64             `json:"withdrawn"`     // offers that ended without anybody's doing
	Lost           int64             `json:"lost"`          // requests without a record
	DoubleOffers   int64             `json:"double_offers"` // two people had one record at the same time, or took it twice
	ByPerson       map[string]*Share `json:"by_person"`
	Seconds        float64           `json:"seconds"`
}

// Share is what one person was offered, and what he did about it.
type Share struct {
	Offers int     `json:"offers"`
	Taken  int     `json:"taken"`
	Missed int     `json:"missed"`
	Share  float64 `json:"share"` // of all offers with a deadline, 0 to 1
}

// Replay runs a stream of leads through the use cases with the clock injected.
func Replay(ctx context.Context, o Options) (Result, error) {
	began := time.Now()
	r := newRand(o.Seed)
	asks, source, err := asks(o, r)
	if err != nil {
		return Result{}, err
	}
	dir, err := os.MkdirTemp("", "voronka-replay-")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(dir)
	p := &replay{player: newPlayer(ctx, r, asks[0].At.Add(-time.Hour)), known: map[int]ref.Ref{}}
	p.result.Source = source
	if err := p.open(o, dir); err != nil {
		return Result{}, err
	}
	defer p.app.Close()
	if err := p.play(asks); err != nil {
		return Result{}, err
	}
	if err := p.count(); err != nil {
		return Result{}, err
	}
	p.result.Seconds = float64(time.Since(began).Milliseconds()) / 1000
	return p.result, nil
}

// replay is one run.
type replay struct {
	player
	key    *intake.Key
	known  map[int]ref.Ref // who has asked, by number: his contact
	result Result
}

// open makes an empty portal with a team, a drum and a door.
func (p *replay) open(o Options, dir string) (err error) {
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	c := config.Config{Common: config.Common{Data: dir, Database: o.Database}}
	if p.app, err = app.New(p.ctx, c, app.WithClock(p.clock), app.WithLog(log), app.WithoutDiskWaits()); err != nil {
		return err
	}
	people, err := hire(p.ctx, p.app, replayCompany())
	if err != nil {
		return err
	}
	p.team = people.managers()
	p.key, err = people.door(p.ctx, p.app, "Olist", 30*time.Minute)
	return err
}

// play puts all requests on the line and lets people act until the last one has come.
func (p *replay) play(asks []Ask) error {
	for _, each := range asks {
		p.line.put(clock.Of(each.At), func() error { return p.request(each) })
		p.result.Requests++
		if each.Again {
			p.result.PlantedRepeats++
		}
	}
	return p.line.play(p.clock, clock.Of(asks[len(asks)-1].At.AddDate(0, 0, 1)))
}

// request sends a request of a person.
func (p *replay) request(one Ask) error {
	body, err := json.Marshal(one.Fields)
	if err != nil {
		return err
	}
	payload, err := intake.ParseJSON(body)
	if err != nil {
		return err
	}
	a, err := p.ask(p.key, payload)
	if err != nil {
		return fmt.Errorf("request of %s: %w", one.Fields["name"], err)
	}
	first, known := p.known[one.Person]
	switch {
	case a.Repeat && known && a.Client == first:
		p.result.Repeats++
	case a.Repeat:
		p.result.Repeats++
		p.result.FalseRepeats++
	case known:
		p.result.MissedRepeats++
	}
	p.known[one.Person] = a.Client
	return nil
}

// count asks the database what became of it all.
func (p *replay) count() error {
	p.result.ByPerson = map[string]*Share{}
	org, err := p.app.Org.Last(p.ctx)
	if err != nil {
		return err
	}
	return p.app.DB.Read(p.ctx, func(q db.Q) error {
		for to, sql := range map[*int64]string{
			&p.result.Leads:       "SELECT count(*) FROM r_lead",
			&p.result.Taken:       "SELECT count(*) FROM offer WHERE state = 'taken'",
			&p.result.Waiting:     "SELECT count(*) FROM offer WHERE decided_at = 0",
			&p.result.Offers:      "SELECT count(*) FROM offer",
			&p.result.Misses:      "SELECT count(*) FROM offer WHERE state = 'missed'",
			&p.result.Incidents:   "SELECT count(*) FROM incident",
			&p.result.Escalations: "SELECT count(*) FROM journal WHERE kind = 'offer_escalated'",
			&p.result.Withdrawn:   "SELECT count(*) FROM offer WHERE state = 'withdrawn'",
			&p.result.Lost: `SELECT count(*) FROM request q WHERE NOT EXISTS (SELECT 1 FROM record_type y JOIN r_lead l ON l.id = q.record_id
				WHERE y.id = q.type_id AND y.code = 'lead')`,
			&p.result.DoubleOffers: doubleOffers,
		} {
			n, err := db.Int(q, sql)
			if err != nil {
				return err
			}
			*to = n
		}
		return p.shares(q, org)
	})
}

// shares counts what everybody was offered with a deadline. The head gets those nobody took.
func (p *replay) shares(q db.Q, org *directory.Directory) error {
	all := 0
	err := q.Query("SELECT user_id, state, count(*) FROM offer WHERE due_at > 0 AND state <> 'escalated' GROUP BY user_id, state", nil, func(r db.Row) error {
		name, n := org.Name(r.Int64(0)), int(r.Int64(2))
		one := p.result.ByPerson[name]
		if one == nil {
			one = &Share{}
			p.result.ByPerson[name] = one
		}
		one.Offers += n
		all += n
		switch r.Text(1) {
		case drum.Taken:
			one.Taken += n
		case drum.Missing:
			one.Missed += n
		}
		return nil
	})
	for _, one := range p.result.ByPerson {
		one.Share = math.Round(float64(one.Offers)/float64(all)*10_000) / 10_000
	}
	return err
}

// doubleOffers counts pairs of offers of one record that were open at the same time, and records taken twice.
const doubleOffers = `SELECT (SELECT count(*) FROM offer a JOIN offer b ON b.type_id = a.type_id AND b.record_id = a.record_id AND b.id > a.id
	AND (a.decided_at = 0 OR a.decided_at > b.offered_at))
	+ (SELECT count(*) FROM (SELECT record_id FROM offer WHERE state = 'taken' GROUP BY type_id, record_id HAVING count(*) > 1) x)`
