package orgstore

import (
	"encoding/json"
	"fmt"
	"slices"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/attendance"
)

const absenceColumns = "id, user_id, kind, first_day, last_day, from_minute, to_minute, substitute_id, note, created_at, created_by"

func scanAbsence(r db.Row) attendance.Absence {
	return attendance.Absence{
		ID: r.Int64(0), UserID: r.Int64(1), Kind: r.Text(2), First: r.Text(3), Last: r.Text(4), From: int(r.Int64(5)), To: int(r.Int64(6)),
		SubstituteID: r.Int64(7), Note: r.Text(8), CreatedAt: clock.Instant(r.Int64(9)), CreatedBy: r.Int64(10),
	}
}

// InsertAbsence implements attendance.Store.
func (s *Store) InsertAbsence(t tx.Tx, a attendance.Absence) (int64, error) {
	return db.InsertID(db.Of(t), `INSERT INTO absence (user_id, kind, first_day, last_day, from_minute, to_minute, substitute_id, note, created_at, created_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, a.UserID, a.Kind, a.First, a.Last, a.From, a.To, a.SubstituteID, a.Note, a.CreatedAt, a.CreatedBy)
}

// SaveAbsence implements attendance.Store.
func (s *Store) SaveAbsence(t tx.Tx, a attendance.Absence) error {
	return exec(t, `UPDATE absence SET kind = ?, first_day = ?, last_day = ?, from_minute = ?, to_minute = ?, substitute_id = ?, note = ? WHERE id = ?`,
		a.Kind, a.First, a.Last, a.From, a.To, a.SubstituteID, a.Note, a.ID)
}

// DeleteAbsence implements attendance.Store.
func (s *Store) DeleteAbsence(t tx.Tx, id int64) error {
	return exec(t, "DELETE FROM absence WHERE id = ?", id)
}

// Absence implements attendance.Store.
func (s *Store) Absence(t tx.Tx, id int64) (a attendance.Absence, err error) {
	found, err := db.One(db.Of(t), "SELECT "+absenceColumns+" FROM absence WHERE id = ?", []any{id}, func(r db.Row) error {
		a = scanAbsence(r)
		return nil
	})
	if err == nil && !found {
		err = fault.New(fault.NotFound, "absence.unknown")
	}
	return a, err
}

// AbsencesWithin implements attendance.Store.
func (s *Store) AbsencesWithin(t tx.Tx, userID int64, first, last string) (list []attendance.Absence, err error) {
	err = db.Of(t).Query("SELECT "+absenceColumns+" FROM absence WHERE user_id = ? AND last_day >= ? AND first_day <= ? ORDER BY first_day, id",
		[]any{userID, first, last}, func(r db.Row) error { list = append(list, scanAbsence(r)); return nil })
	return list, err
}

const spanColumns = "id, user_id, day, kind, from_at, to_at"

func scanSpan(r db.Row) attendance.Span {
	return attendance.Span{ID: r.Int64(0), UserID: r.Int64(1), Day: r.Text(2), Kind: r.Text(3), From: clock.Instant(r.Int64(4)), To: clock.Instant(r.Int64(5))}
}

// OpenSpans implements attendance.Store.
func (s *Store) OpenSpans(t tx.Tx, users []int64) (map[int64]attendance.Span, error) {
	q, open := db.Of(t), map[int64]attendance.Span{}
	in, arg := db.Ints(q, users)
	err := q.Query("SELECT "+spanColumns+" FROM day_span WHERE to_at = 0 AND user_id"+in, []any{arg}, func(r db.Row) error {
		open[r.Int64(1)] = scanSpan(r)
		return nil
	})
	return open, err
}

// Worked implements attendance.Store: one question for each date, of which the zones of the world have three.
func (s *Store) Worked(t tx.Tx, days map[int64]string) (map[int64]bool, error) {
	byDay := map[string][]int64{}
	for id, day := range days {
		byDay[day] = append(byDay[day], id)
	}
	q, worked := db.Of(t), map[int64]bool{}
	for day, users := range byDay {
		slices.Sort(users)
		in, arg := db.Ints(q, users)
		err := q.Query("SELECT DISTINCT user_id FROM day_span WHERE day = ? AND user_id"+in, []any{day, arg}, func(r db.Row) error {
			worked[r.Int64(0)] = true
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return worked, nil
}

// HoldDay implements attendance.Store: the person's row is the lock.
func (s *Store) HoldDay(t tx.Tx, userID int64) error { return db.LockRows(db.Of(t), "users", userID) }

// Day implements attendance.Store.
func (s *Store) Day(t tx.Tx, userID int64, day string) (spans []attendance.Span, err error) {
	err = db.Of(t).Query("SELECT "+spanColumns+" FROM day_span WHERE user_id = ? AND day = ? ORDER BY from_at, id", []any{userID, day},
		func(r db.Row) error { spans = append(spans, scanSpan(r)); return nil })
	return spans, err
}

// InsertSpan implements attendance.Store.
func (s *Store) InsertSpan(t tx.Tx, span attendance.Span) (int64, error) {
	return db.InsertID(db.Of(t), "INSERT INTO day_span (user_id, day, kind, from_at, to_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
		span.UserID, span.Day, span.Kind, span.From, span.To)
}

// EndSpan implements attendance.Store.
func (s *Store) EndSpan(t tx.Tx, id int64, at clock.Instant) error {
	return exec(t, "UPDATE day_span SET to_at = ? WHERE id = ?", at, id)
}

// ReplaceDay implements attendance.Store.
func (s *Store) ReplaceDay(t tx.Tx, userID int64, day string, spans []attendance.Span) error {
	if err := exec(t, "DELETE FROM day_span WHERE user_id = ? AND day = ?", userID, day); err != nil {
		return err
	}
	for _, span := range spans {
		span.UserID, span.Day = userID, day
		if _, err := s.InsertSpan(t, span); err != nil {
			return err
		}
	}
	return nil
}

// spanDoc is an interval as corrections keep it.
type spanDoc struct {
	Kind string        `json:"kind"`
	From clock.Instant `json:"from"`
	To   clock.Instant `json:"to,omitempty"`
}

func spansText(spans []attendance.Span) (string, error) {
	docs := make([]spanDoc, 0, len(spans))
	for _, s := range spans {
		docs = append(docs, spanDoc{s.Kind, s.From, s.To})
	}
	text, err := json.Marshal(docs)
	if err != nil {
		return "", fmt.Errorf("working day: %w", err)
	}
	return string(text), nil
}

func spansFrom(text []byte) (spans []attendance.Span, err error) {
	var docs []spanDoc
	if err := json.Unmarshal(text, &docs); err != nil {
		return nil, fmt.Errorf("working day: %w", err)
	}
	for _, d := range docs {
		spans = append(spans, attendance.Span{Kind: d.Kind, From: d.From, To: d.To})
	}
	return spans, nil
}

// InsertCorrection implements attendance.Store.
func (s *Store) InsertCorrection(t tx.Tx, c attendance.Correction) error {
	before, err := spansText(c.Before)
	if err != nil {
		return err
	}
	after, err := spansText(c.After)
	if err != nil {
		return err
	}
	return exec(t, "INSERT INTO day_correction (user_id, day, at, by_id, reason, old_spans, new_spans) VALUES (?, ?, ?, ?, ?, ?, ?)",
		c.UserID, c.Day, c.At, c.ByID, c.Reason, before, after)
}
