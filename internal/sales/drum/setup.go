package drum

import (
	"context"
	"slices"
	"time"

	"voronka/internal/flow/pipeline"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// Patch is what shall change of a drum, or what a new one is like; nil leaves as it is.
type Patch struct {
	Code         *string // only of a new drum
	Title        *string
	Take         *time.Duration
	MissesToHead *int
	HeadID       *int64
	TakeStageID  *int64
	Members      *[]Member
}

// Create makes a drum.
func (s *Service) Create(ctx context.Context, who access.Who, p Patch) (id int64, err error) {
	if err := pipeline.MaySetUp(who); err != nil {
		return 0, err
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		id, err = s.CreateIn(t, p)
		return err
	})
	return id, err
}

// CreateIn makes a drum inside a transaction of somebody who may.
func (s *Service) CreateIn(t tx.Tx, p Patch) (int64, error) {
	d := &Drum{Take: DefaultTake, MissesToHead: DefaultMisses, Active: true}
	if err := s.apply(t, p, d); err != nil {
		return 0, err
	}
	codes, err := s.Store.DrumCodes(t)
	if err != nil {
		return 0, err
	}
	wished := ""
	if p.Code != nil {
		wished = *p.Code
	}
	if d.Code, err = pipeline.NewCode(wished, pipeline.Titles{RU: d.Title}, "drum", codes); err != nil {
		return 0, err
	}
	return s.Store.InsertDrum(t, d)
}

// Change applies a patch. Running offers keep their time; records that wait for anybody are offered at once.
func (s *Service) Change(ctx context.Context, who access.Who, id int64, p Patch) error {
	if err := pipeline.MaySetUp(who); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		d, err := s.Store.LockDrum(t, id)
		if err != nil {
			return err
		}
		if err := s.apply(t, p, d); err != nil {
			return err
		}
		if err := s.Store.SaveDrum(t, d); err != nil {
			return err
		}
		return s.drain(t, d.ID)
	})
}

// Remove takes a drum away. Its running offers are withdrawn; who has a record keeps it.
func (s *Service) Remove(ctx context.Context, who access.Who, id int64) error {
	if err := pipeline.MaySetUp(who); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		open, err := s.Store.OpenIn(t, id)
		if err != nil {
			return err
		}
		for i := range open {
			if _, err := s.Records.Load(t, access.System(), open[i].Record); err != nil {
				return err
			}
			if err := s.withdraw(t, &open[i]); err != nil {
				return err
			}
		}
		d, err := s.Store.LockDrum(t, id)
		if err != nil {
			return err
		}
		d.Active = false
		return s.Store.SaveDrum(t, d)
	})
}

func (s *Service) apply(t tx.Tx, p Patch, d *Drum) (err error) {
	if p.Title != nil {
		d.Title = *p.Title
	}
	if d.Title, err = pipeline.Line("title", d.Title, pipeline.MaxTitle); err != nil {
		return err
	}
	set(&d.Take, p.Take)
	set(&d.MissesToHead, p.MissesToHead)
	set(&d.HeadID, p.HeadID)
	set(&d.TakeStageID, p.TakeStageID)
	set(&d.Members, p.Members)
	return s.check(t, d)
}

func (s *Service) check(t tx.Tx, d *Drum) error {
	var wrong *fault.Error
	if d.Title == "" {
		wrong = wrong.With("title", "required")
	}
	if d.Take < time.Second || d.Take > MaxTake {
		wrong = wrong.With("take_minutes", "drum.bad_take")
	}
	if d.MissesToHead < 0 || d.MissesToHead > MaxMissesTotal {
		wrong = wrong.With("misses_to_head", "drum.bad_misses", fault.Args{"max": MaxMissesTotal})
	}
	if len(d.Members) > MaxMembers {
		wrong = wrong.With("members", "drum.too_many_members", fault.Args{"max": MaxMembers})
	}
	org, err := s.Org.In(t)
	if err != nil {
		return err
	}
	if d.HeadID != 0 && org.User(d.HeadID) == nil {
		wrong = wrong.With("head", "drum.no_such_person")
	}
	for i, m := range d.Members {
		if org.User(m.UserID) == nil {
			wrong = wrong.With("members", "drum.no_such_person")
		}
		if slices.ContainsFunc(d.Members[:i], func(o Member) bool { return o.UserID == m.UserID }) {
			wrong = wrong.With("members", "drum.person_twice")
		}
	}
	c, err := s.Records.Catalog(t)
	if err != nil {
		return err
	}
	if stage := c.StageByID(d.TakeStageID); d.TakeStageID != 0 && (stage == nil || stage.Removed || stage.Closed()) {
		wrong = wrong.With("take_stage", "drum.bad_take_stage")
	}
	return wrong.OrNil()
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
