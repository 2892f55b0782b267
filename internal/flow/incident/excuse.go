package incident

import (
	"context"
	"encoding/json"
	"fmt"

	"voronka/internal/flow/pipeline"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/journal"
)

// Excused is the event of an incident that got a good reason, or lost it.
const Excused = "incident.excused"

// JournalExcused is its entry in the journal of the record.
const JournalExcused = "incident_excused"

// Excuse gives an incident a good reason: it stays in the journal and leaves the figures. An empty comment takes the reason
// back. Whoever answers for the person may do it, not the person himself.
func (s *Service) Excuse(ctx context.Context, who access.Who, id int64, comment string) (i *Incident, err error) {
	if comment, err = pipeline.Line("comment", comment, pipeline.MaxText); err != nil {
		return nil, err
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		if i, err = s.Store.Lock(t, id); err != nil {
			return err
		}
		if err := mayExcuse(who, i); err != nil {
			return err
		}
		i.Excuse = Excuse{Comment: comment}
		if comment != "" {
			i.Excuse.At, i.Excuse.By = t.Now(), who.UserID
		}
		if err := s.Store.SaveExcuse(t, i); err != nil {
			return err
		}
		about := map[string]any{"id": i.ID, "kind": i.Kind, "user": i.UserID, "comment": comment}
		if err := s.Journal.Write(t, journal.Entry{Type: i.Record.Type, RecordID: i.Record.ID, Kind: JournalExcused, Diff: map[string]any{"incident": about}}); err != nil {
			return err
		}
		data, err := json.Marshal(about)
		if err != nil {
			return fmt.Errorf("incident: %w", err)
		}
		return t.Emit(event.Event{Type: Excused, Ref: i.Record, Users: people(i.UserID, who.UserID), Data: data})
	})
	return i, err
}

func mayExcuse(who access.Who, i *Incident) error {
	sees := who.Plan("incident", access.See).Sees(event.Access{ResponsibleID: i.UserID, DepartmentID: i.DepartmentID, DeptPos: i.DeptPos})
	switch {
	case !sees:
		return fault.New(fault.NotFound, "incident.not_found")
	case !who.IsAdmin() && (i.UserID == who.UserID || who.Role != access.Head && !who.IsHead()):
		return fault.New(fault.Forbidden, "incident.not_yours_to_excuse")
	}
	return nil
}
