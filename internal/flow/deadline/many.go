package deadline

import (
	"encoding/json"
	"fmt"

	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

// OnMany says what happens when deadlines of a kind and one group are missed together, in the transaction that fires them.
// One alone is told to On. Called while wiring.
func (s *Service) OnMany(kind string, f func(tx.Tx, []Deadline) error) { s.many[kind] = f }

// GroupBy names the group of a deadline that is counted anew; whoever opens one names it himself. Called while wiring.
func (s *Service) GroupBy(kind string, f func(tx.Tx, Deadline) (string, error)) { s.group[kind] = f }

// OpenMany is Open of many deadlines.
func (s *Service) OpenMany(t tx.Tx, list []Deadline) error {
	if len(list) == 0 {
		return nil
	}
	if err := s.Store.InsertMany(t, list); err != nil {
		return err
	}
	for _, d := range list {
		if err := schedule(t, d); err != nil {
			return err
		}
	}
	return nil
}

// groupOf is the group of a job.
func groupOf(j job.Job) string {
	var p payload
	if json.Unmarshal(j.Payload, &p) != nil {
		return ""
	}
	return p.Group
}

// fireMany does what missed deadlines of one group do.
func (s *Service) fireMany(t any, list []job.Job) error {
	ids := make([]int64, len(list))
	for i, j := range list {
		var p payload
		if err := json.Unmarshal(j.Payload, &p); err != nil {
			return fmt.Errorf("deadline: %w", err)
		}
		ids[i] = p.Deadline
	}
	return s.FireMany(t.(tx.Tx), ids)
}

// FireMany is Fire of many deadlines, kind by kind.
func (s *Service) FireMany(t tx.Tx, ids []int64) error {
	fired, err := s.Store.FireMany(t, ids)
	if err != nil {
		return err
	}
	byKind := map[string][]Deadline{}
	var kinds []string
	for _, d := range fired {
		if byKind[d.Kind] == nil {
			kinds = append(kinds, d.Kind)
		}
		byKind[d.Kind] = append(byKind[d.Kind], d)
	}
	for _, kind := range kinds {
		if many := s.many[kind]; many != nil {
			if err := many(t, byKind[kind]); err != nil {
				return err
			}
			continue
		}
		for _, d := range byKind[kind] {
			if s.fire[kind] == nil {
				return fmt.Errorf("deadline %d: nobody knows the kind %q", d.ID, kind)
			}
			if err := s.fire[kind](t, d); err != nil {
				return err
			}
		}
	}
	return nil
}
