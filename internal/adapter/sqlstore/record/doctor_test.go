package record_test

import (
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/adapter/sqlstore/portal"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/activity"
	"voronka/internal/record/record"
)

func TestDoctorFindsWrongVisitsAndSteps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.service.Add(&activity.Steps{Store: h.store})
		deal := h.mustCreate(3, "deal", record.Values{"title": "x"})
		h.mustCreate(3, "activity", record.Values{"title": "y", "about": []any{ref.Ref{Type: "deal", ID: deal}}, "due_at": "2026-12-01T10:00:00Z"})
		look := func() (keys []string) {
			found, err := portal.Doctor(t.Context(), d, h.store.Checks())
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				keys = append(keys, f.Key)
			}
			return keys
		}
		if found := look(); len(found) > 0 {
			t.Errorf("a sound portal: %v", found)
		}
		for text, key := range map[string]string{
			"UPDATE visit SET left_at = 5": "record.doctor_visits", "UPDATE r_deal SET next_id = 0": "record.doctor_steps",
		} {
			if err := h.do(0, func(t tx.Tx) error { _, err := db.Of(t).Exec(text); return err }); err != nil {
				t.Fatal(err)
			}
			found := false
			for _, f := range look() {
				found = found || f == key
			}
			if !found {
				t.Errorf("%s: not found", text)
			}
		}
	})
}
