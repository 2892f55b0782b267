package role

import (
	"context"
	"slices"
	"strconv"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// GroupPatch is what of a group shall change; nil leaves as it is.
type GroupPatch struct {
	Title   *string
	Members *[]int64
}

// AddGroup makes a group of people.
func (s *Service) AddGroup(ctx context.Context, who access.Who, p GroupPatch) (*UserGroup, error) {
	g := &UserGroup{}
	return g, s.do(ctx, who, func(t tx.Tx, book *Book) (err error) {
		*g = UserGroup{}
		if len(book.Groups) >= MaxGroups {
			return fault.New(fault.Conflict, "role.too_many", fault.Args{"max": MaxGroups})
		}
		if p.Title == nil {
			p.Title = new(string)
		}
		if err := s.setGroup(t, book, g, p); err != nil {
			return err
		}
		if g.ID, err = s.Store.InsertGroup(t, g); err != nil {
			return err
		}
		return s.note(t, who, map[string]any{"what": "group_added", "group": g.ID, "title": g.Title, "is": g.Members})
	})
}

// ChangeGroup applies a patch to a group.
func (s *Service) ChangeGroup(ctx context.Context, who access.Who, id int64, p GroupPatch) (*UserGroup, error) {
	var g *UserGroup
	return g, s.do(ctx, who, func(t tx.Tx, book *Book) error {
		if g = book.Group(id); g == nil {
			return fault.New(fault.NotFound, "group.unknown")
		}
		was := g.Members
		if err := s.setGroup(t, book, g, p); err != nil {
			return err
		}
		if err := s.Store.SaveGroup(t, g); err != nil {
			return err
		}
		return s.note(t, who, map[string]any{"what": "group_changed", "group": id, "title": g.Title, "was": was, "is": g.Members})
	})
}

// RemoveGroup dissolves a group that no role is given to.
func (s *Service) RemoveGroup(ctx context.Context, who access.Who, id int64) error {
	return s.do(ctx, who, func(t tx.Tx, book *Book) error {
		g := book.Group(id)
		if g == nil {
			return fault.New(fault.NotFound, "group.unknown")
		}
		for _, r := range book.Roles {
			if slices.Contains(r.Holders, Holder{Kind: Group, ID: id}) {
				return fault.New(fault.Conflict, "group.holds_role", fault.Args{"role": r.Title})
			}
		}
		if err := s.Store.DeleteGroup(t, id); err != nil {
			return err
		}
		return s.note(t, who, map[string]any{"what": "group_removed", "group": id, "title": g.Title, "was": g.Members})
	})
}

func (s *Service) setGroup(t tx.Tx, book *Book, g *UserGroup, p GroupPatch) (err error) {
	if p.Title != nil {
		if g.Title, err = line("title", *p.Title); err != nil {
			return err
		}
		for _, other := range book.Groups {
			if other.ID != g.ID && other.Title == g.Title {
				return fault.In("title", "role.title_taken")
			}
		}
	}
	if p.Members == nil {
		return nil
	}
	if len(*p.Members) > MaxHolders {
		return fault.In("members", "role.too_many_lines", fault.Args{"max": MaxHolders})
	}
	members := sorted(*p.Members)
	for _, id := range members {
		if slices.Contains(g.Members, id) { // who has left may stay in the list
			continue
		}
		if ok, err := s.Store.IsUser(t, id); err != nil {
			return err
		} else if !ok {
			return fault.In("members", "user.unknown")
		}
	}
	g.Members = members
	return nil
}

// TurnKind is the job that makes a stand-in begin or end.
const TurnKind = "stand_in.turn"

// AddStandIn lets somebody stand in for another. Nobody stands in for who stands in for a third himself at that time: what he has
// only for a time is not his to hand on.
func (s *Service) AddStandIn(ctx context.Context, who access.Who, in StandIn) (StandIn, error) {
	return in, s.do(ctx, who, func(t tx.Tx, book *Book) (err error) {
		if err := s.checkStandIn(t, book, in); err != nil {
			return err
		}
		if in.ID, err = s.Store.InsertStandIn(t, in); err != nil {
			return err
		}
		for _, at := range []struct {
			name string
			when int64
		}{{"from", int64(in.From)}, {"until", int64(in.Until)}} {
			if at.when > int64(t.Now()) {
				if err := s.turn(t, in, at.name, at.when); err != nil {
					return err
				}
			}
		}
		return s.note(t, who, map[string]any{"what": "stand_in_added", "user": in.UserID, "for": in.ForID, "kind": in.Kind, "from": in.From, "until": in.Until})
	})
}

func (s *Service) checkStandIn(t tx.Tx, book *Book, in StandIn) error {
	switch {
	case in.Kind != Assistant && in.Kind != Deputy:
		return fault.In("kind", "role.unknown_word", fault.Args{"word": short(string(in.Kind))})
	case in.UserID == in.ForID:
		return fault.In("for", "stand_in.oneself")
	case in.Kind == Deputy && in.Until == 0:
		return fault.In("until", "required")
	case in.From < 0 || in.Until < 0 || in.Until != 0 && (in.Until <= in.From || in.Until <= t.Now()):
		return fault.In("until", "stand_in.over")
	}
	for path, id := range map[string]int64{"user": in.UserID, "for": in.ForID} {
		if ok, err := s.Store.IsUser(t, id); err != nil {
			return err
		} else if !ok {
			return fault.In(path, "user.unknown")
		}
	}
	for _, other := range book.StandIns {
		if !other.overlaps(in) {
			continue
		}
		switch {
		case other.UserID == in.UserID && other.ForID == in.ForID && other.Kind == in.Kind:
			return fault.In("for", "stand_in.already")
		case other.UserID == in.ForID || other.ForID == in.UserID:
			return fault.In("for", "stand_in.chain")
		}
	}
	return nil
}

// RemoveStandIn ends one at once.
func (s *Service) RemoveStandIn(ctx context.Context, who access.Who, id int64) error {
	return s.do(ctx, who, func(t tx.Tx, book *Book) error {
		i := slices.IndexFunc(book.StandIns, func(in StandIn) bool { return in.ID == id })
		if i < 0 {
			return fault.New(fault.NotFound, "stand_in.unknown")
		}
		in := book.StandIns[i]
		if err := s.Store.DeleteStandIn(t, id); err != nil {
			return err
		}
		for _, name := range []string{"from", "until"} {
			if err := t.Cancel(TurnKind, turnKey(id, name)); err != nil {
				return err
			}
		}
		return s.note(t, who, map[string]any{"what": "stand_in_removed", "user": in.UserID, "for": in.ForID, "kind": in.Kind})
	})
}

func turnKey(id int64, name string) string { return strconv.FormatInt(id, 10) + "/" + name }

func (s *Service) turn(t tx.Tx, in StandIn, name string, when int64) error {
	return t.Schedule(job.Job{Kind: TurnKind, Key: turnKey(in.ID, name), DueAt: clock.Instant(when)})
}

// Job makes rights be counted anew when a stand-in begins or ends.
func (s *Service) Job() job.Handler {
	return job.Handler{Kind: TurnKind, Run: func(t any, _ job.Job) error { return s.Store.LockOrg(t.(tx.Tx)) }}
}
