package drum

import (
	"context"
	"slices"
	"time"

	"voronka/internal/flow/pipeline"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/org/worktime"
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

	Who          *string
	DepartmentID *int64
	Order        *string
	Cap          *int
	Former       *bool
	Taken        *[]string
	HeadBecomes  *string
	Hours        *string
	Schedule     *worktime.Schedule // the zero Schedule takes the drum's own hours away
	NeedDay      *bool
	Sources      *[]Portion
	Stopped      *bool
}

// Create makes a drum. A head may make one of people of his.
func (s *Service) Create(ctx context.Context, who access.Who, p Patch) (id int64, err error) {
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		if id, err = s.CreateIn(t, p); err != nil {
			return err
		}
		d, err := s.Store.Drum(t, id)
		if err != nil {
			return err
		}
		return s.maySetUp(t, who, d)
	})
	return id, err
}

// maySetUp refuses whoever may not set a drum up: administrators may, and heads over all of its people.
func (s *Service) maySetUp(t tx.Tx, who access.Who, d *Drum) error {
	org, err := s.Org.In(t)
	if err != nil {
		return err
	}
	if !MaySetUp(org, who, d) {
		return fault.New(fault.Forbidden, "drum.not_yours")
	}
	return nil
}

// MaySetUp tells whether a person may change a drum: administrators may, and heads over all of its people.
func MaySetUp(org *directory.Directory, who access.Who, d *Drum) bool {
	if who.Runs(access.Drums) {
		return true
	}
	if !who.IsHead() {
		return false
	}
	if d.Policy.Who == Named && len(d.Members) == 0 {
		return d.HeadID == who.UserID
	}
	for _, m := range d.Members {
		if !leads(org, who, m.UserID) {
			return false
		}
	}
	return d.Policy.Who == Named || slices.Contains(who.Leads(), d.Policy.DepartmentID)
}

// MaySee tells whether a person may look at a drum: besides who may set it up its head, its people and who leads any of
// them.
func MaySee(org *directory.Directory, who access.Who, d *Drum) bool {
	if who.Runs(access.Drums) || d.HeadID == who.UserID && who.UserID != 0 || MaySetUp(org, who, d) {
		return true
	}
	list := d.Members
	if d.Policy.Who != Named {
		list = append(slices.Clone(list), d.people(org, d.Policy.DepartmentID)...)
	}
	return slices.ContainsFunc(list, func(m Member) bool { return m.UserID == who.UserID || leads(org, who, m.UserID) })
}

func leads(org *directory.Directory, who access.Who, userID int64) bool {
	place, ok := org.Stamp(userID)
	return ok && place.DepartmentID != 0 && slices.Contains(who.Leads(), place.DepartmentID)
}

// CreateIn makes a drum inside a transaction of somebody who may.
func (s *Service) CreateIn(t tx.Tx, p Patch) (int64, error) {
	d := &Drum{Take: DefaultTake, MissesToHead: DefaultMisses, Policy: NewPolicy(), Active: true}
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

// Change applies a patch. Running offers keep their time, counted anew when the drum's hours change; records that wait for
// anybody are offered at once.
func (s *Service) Change(ctx context.Context, who access.Who, id int64, p Patch) error {
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		d, err := s.Store.LockDrum(t, id)
		if err != nil {
			return err
		}
		if err := s.maySetUp(t, who, d); err != nil {
			return err
		}
		return s.ChangeIn(t, d, p, who)
	})
}

// ChangeIn applies a patch to a locked drum; who must be able to change it afterwards too.
func (s *Service) ChangeIn(t tx.Tx, d *Drum, p Patch, who access.Who) error {
	if err := s.apply(t, p, d); err != nil {
		return err
	}
	if err := s.maySetUp(t, who, d); err != nil {
		return err
	}
	if err := s.Store.SaveDrum(t, d); err != nil {
		return err
	}
	if p.Hours != nil || p.Schedule != nil {
		if err := s.recount(t, d.ID); err != nil {
			return err
		}
	}
	return s.drain(t, d.ID)
}

// recount has the running offers of a drum counted anew.
func (s *Service) recount(t tx.Tx, drumID int64) error {
	open, err := s.Store.OpenIn(t, drumID)
	if err != nil {
		return err
	}
	var users []int64
	for _, o := range open {
		if o.State == Offered && !slices.Contains(users, o.UserID) {
			users = append(users, o.UserID)
		}
	}
	if len(users) == 0 {
		return nil
	}
	slices.Sort(users)
	return s.Deadlines.Recount(t, users)
}

// Remove takes a drum away. Its running offers are withdrawn; who has a record keeps it.
func (s *Service) Remove(ctx context.Context, who access.Who, id int64) error {
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		d, err := s.Store.Drum(t, id)
		if err != nil {
			return err
		}
		if err := s.maySetUp(t, who, d); err != nil {
			return err
		}
		open, err := s.Store.OpenIn(t, id)
		if err != nil {
			return err
		}
		if open, err = s.lockRecords(t, open); err != nil {
			return err
		}
		if d, err = s.Store.LockDrum(t, id); err != nil {
			return err
		}
		for i := range open {
			if err := s.withdraw(t, &open[i]); err != nil {
				return err
			}
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
	set(&d.Policy.Who, p.Who)
	set(&d.Policy.DepartmentID, p.DepartmentID)
	set(&d.Policy.Order, p.Order)
	set(&d.Policy.Cap, p.Cap)
	set(&d.Policy.Former, p.Former)
	set(&d.Policy.Taken, p.Taken)
	set(&d.Policy.Head, p.HeadBecomes)
	set(&d.Policy.Hours, p.Hours)
	set(&d.Policy.NeedDay, p.NeedDay)
	set(&d.Policy.Sources, p.Sources)
	set(&d.Policy.Stopped, p.Stopped)
	switch {
	case p.Schedule != nil && p.Schedule.Zone == nil:
		d.Policy.Schedule = nil
	case p.Schedule != nil:
		d.Policy.Schedule = p.Schedule
	}
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
	org, err := s.Org.In(t)
	if err != nil {
		return err
	}
	wrong = checkPeople(org, d, wrong)
	wrong = d.Policy.check(wrong)
	c, err := s.Records.Catalog(t)
	if err != nil {
		return err
	}
	stage := c.StageByID(d.TakeStageID)
	if d.TakeStageID != 0 && (stage == nil || stage.Removed || stage.Closed()) {
		wrong = wrong.With("take_stage", "drum.bad_take_stage")
	}
	if d.TakeStageID == 0 && slices.Contains(d.Policy.Taken, ByOwnStage) {
		wrong = wrong.With("take_stage", "drum.no_take_stage")
	}
	return wrong.OrNil()
}

func checkPeople(org *directory.Directory, d *Drum, wrong *fault.Error) *fault.Error {
	if len(d.Members) > MaxMembers {
		wrong = wrong.With("members", "drum.too_many_members", fault.Args{"max": MaxMembers})
	}
	if d.HeadID != 0 && org.User(d.HeadID) == nil {
		wrong = wrong.With("head", "drum.no_such_person")
	}
	seen := make(map[int64]bool, len(d.Members))
	for _, m := range d.Members {
		if org.User(m.UserID) == nil {
			wrong = wrong.With("members", "drum.no_such_person")
		}
		if seen[m.UserID] {
			wrong = wrong.With("members", "drum.person_twice")
		}
		seen[m.UserID] = true
		if m.Weight != 0 && (m.Weight < MinWeight || m.Weight > MaxWeight) {
			wrong = wrong.With("members", "drum.bad_weight", fault.Args{"max": MaxWeight / FullWeight})
		}
		if m.Cap < 0 || m.Cap > MaxCap {
			wrong = wrong.With("members", "drum.bad_cap", fault.Args{"max": MaxCap})
		}
	}
	if d.Policy.DepartmentID != 0 && org.Department(d.Policy.DepartmentID) == nil {
		wrong = wrong.With("department", "drum.no_such_department")
	}
	if d.Policy.Who == Department && d.Policy.DepartmentID == 0 {
		wrong = wrong.With("department", "required")
	}
	return wrong
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
