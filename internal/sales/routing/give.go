package routing

import (
	"slices"

	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
)

// give finds who a rule's target is now.
func (s *Service) give(t tx.Tx, r *Rule, in Input) (Given, error) {
	org, err := s.Org.In(t)
	if err != nil {
		return Given{}, err
	}
	switch r.Target.Kind {
	case ToPerson:
		return s.toPerson(t, org, r.Target.ID)
	case ToDrum:
		return s.toDrum(t, r.Target.ID)
	case ToDepartment:
		return s.toDepartment(t, org, r, in.still)
	}
	return s.toDoor(t, org, in.Request)
}

func (s *Service) toPerson(t tx.Tx, org *directory.Directory, id int64) (Given, error) {
	if _, works := org.Who(id); !works {
		return Given{Passed: PersonGone}, nil
	}
	away, err := s.away(t, id)
	if err != nil {
		return Given{}, err
	}
	if away[id] != "" {
		return Given{Passed: PersonAway}, nil
	}
	return Given{UserID: id}, nil
}

func (s *Service) away(t tx.Tx, users ...int64) (map[int64]string, error) {
	if s.Presence == nil || len(users) == 0 {
		return nil, nil
	}
	return s.Presence.Away(t, users)
}

func (s *Service) toDrum(t tx.Tx, id int64) (Given, error) {
	ok, err := s.Store.HasDrum(t, id)
	if err != nil || !ok {
		return Given{Passed: DrumGone}, err
	}
	return Given{DrumID: id}, nil
}

// toDoor is the drum of the door the request came by, else its person.
func (s *Service) toDoor(t tx.Tx, org *directory.Directory, request *Request) (Given, error) {
	if request == nil {
		return Given{Passed: Nobody}, nil
	}
	if request.DrumID != 0 {
		if given, err := s.toDrum(t, request.DrumID); err != nil || given.Passed == "" {
			return given, err
		}
	}
	if _, works := org.Who(request.UserID); works {
		return Given{UserID: request.UserID}, nil
	}
	return Given{Passed: Nobody}, nil
}

// toDepartment is its head, the nearest one above when it has none, or the next of its people.
func (s *Service) toDepartment(t tx.Tx, org *directory.Directory, r *Rule, still bool) (Given, error) {
	id := r.Target.ID
	if org.Department(id) == nil {
		return Given{Passed: DepartmentOff}, nil
	}
	var heads []int64
	for _, dep := range org.Chain(id) {
		heads = append(heads, org.HeadsOf(dep.ID)...)
	}
	people := heads
	if r.Target.Way == InTurn {
		if own := staff(org, id); len(own) > 0 {
			people = own
		}
	}
	away, err := s.away(t, people...)
	if err != nil {
		return Given{}, err
	}
	people = slices.DeleteFunc(slices.Clone(people), func(id int64) bool { return away[id] != "" })
	if len(people) == 0 {
		return Given{Passed: Nobody}, nil
	}
	if r.Target.Way != InTurn {
		return Given{UserID: people[0], DepartmentID: id}, nil
	}
	person, err := s.turn(t, r.ID, people, still)
	return Given{UserID: person, DepartmentID: id}, err
}

// staff are those who work in a department and below, without the heads of the department itself and guests, in the order
// of their numbers.
func staff(org *directory.Directory, departmentID int64) []int64 {
	within, _ := org.Subtree(departmentID)
	heads := org.HeadsOf(departmentID)
	var people []int64
	for _, u := range org.Users() {
		dep := org.Department(u.DepartmentID)
		if who, works := org.Who(u.ID); works && who.Role != access.Guest && dep != nil && within.Has(dep.Pos) && !slices.Contains(heads, u.ID) {
			people = append(people, u.ID)
		}
	}
	slices.Sort(people)
	return people
}

// turn is who follows the one a rule gave to last.
func (s *Service) turn(t tx.Tx, ruleID int64, people []int64, still bool) (int64, error) {
	if ruleID == 0 {
		return people[0], nil
	}
	before, err := s.Store.Turn(t, ruleID)
	if err != nil {
		return 0, err
	}
	next := people[0]
	if i := slices.IndexFunc(people, func(id int64) bool { return id > before }); i >= 0 {
		next = people[i]
	}
	if still {
		return next, nil
	}
	return next, s.Store.SaveTurn(t, ruleID, next)
}
