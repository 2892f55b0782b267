package orgstore

import (
	"encoding/json"
	"fmt"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/attendance"
	"voronka/internal/org/calendar"
	"voronka/internal/org/directory"
	"voronka/internal/org/worktime"
)

// countryKey is the setting that names the portal's calendar.
const countryKey = "worktime.country"

// timesIn reads everything that is said of working time beside the portal's week.
func timesIn(q db.Q) (t directory.Times, err error) {
	if err := setting(q, countryKey, &t.Country); err != nil {
		return t, err
	}
	if t.Departments, t.People, err = rulesIn(q); err != nil {
		return t, err
	}
	if t.Edits, err = editsIn(q); err != nil {
		return t, err
	}
	t.Away = map[int64][]worktime.Away{}
	err = q.Query("SELECT user_id, first_day, last_day, from_minute, to_minute FROM absence ORDER BY user_id, first_day", nil, func(r db.Row) error {
		a := worktime.Away{First: r.Text(1), Last: r.Text(2), From: int(r.Int64(3)), To: int(r.Int64(4))}
		t.Away[r.Int64(0)] = append(t.Away[r.Int64(0)], a)
		return nil
	})
	return t, err
}

func rulesIn(q db.Q) (departments, people map[int64]*worktime.Rule, err error) {
	departments, people = map[int64]*worktime.Rule{}, map[int64]*worktime.Rule{}
	err = q.Query("SELECT owner, owner_id, doc FROM schedule", nil, func(r db.Row) error {
		rule := &worktime.Rule{}
		if err := json.Unmarshal(r.Bytes(2), rule); err != nil {
			return fmt.Errorf("schedule of %s %d: %w", r.Text(0), r.Int64(1), err)
		}
		if r.Text(0) == attendance.OfDepartment {
			departments[r.Int64(1)] = rule
		} else {
			people[r.Int64(1)] = rule
		}
		return nil
	})
	return departments, people, err
}

func editsIn(q db.Q) (map[string][]calendar.Day, error) {
	edits := map[string][]calendar.Day{}
	err := q.Query("SELECT country, day, kind, title, moved_from FROM calendar_day ORDER BY country, day", nil, func(r db.Row) error {
		d := calendar.Day{Date: r.Text(1), Kind: worktime.Kind(r.Text(2)), TitleRU: r.Text(3), TitleEN: r.Text(3), MovedFrom: r.Text(4), Edited: true}
		edits[r.Text(0)] = append(edits[r.Text(0)], d)
		return nil
	})
	return edits, err
}

// SaveCountry implements attendance.Store and setup.Store.
func (s *Store) SaveCountry(t tx.Tx, country string) error {
	return saveSetting(t, countryKey, country)
}

// SaveRule implements attendance.Store.
func (s *Store) SaveRule(t tx.Tx, owner string, id int64, r *worktime.Rule) error {
	if r.Empty() {
		return exec(t, "DELETE FROM schedule WHERE owner = ? AND owner_id = ?", owner, id)
	}
	doc, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("schedule: %w", err)
	}
	return exec(t, `INSERT INTO schedule (owner, owner_id, doc) VALUES (?, ?, ?)
		ON CONFLICT (owner, owner_id) DO UPDATE SET doc = excluded.doc`, owner, id, string(doc))
}

// SaveDays implements attendance.Store.
func (s *Store) SaveDays(t tx.Tx, country string, days []calendar.Day) error {
	for _, d := range days {
		if err := exec(t, `INSERT INTO calendar_day (country, day, kind, title, moved_from) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (country, day) DO UPDATE SET kind = excluded.kind, title = excluded.title, moved_from = excluded.moved_from`,
			country, d.Date, string(d.Kind), d.TitleRU, d.MovedFrom); err != nil {
			return err
		}
	}
	return nil
}

// DropDay implements attendance.Store.
func (s *Store) DropDay(t tx.Tx, country, date string) error {
	return exec(t, "DELETE FROM calendar_day WHERE country = ? AND day = ?", country, date)
}
