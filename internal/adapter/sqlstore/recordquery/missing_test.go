package recordquery

import (
	"slices"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/record/query"
)

// What says that there is no next step differs from what says that there is nobody: NULL here, 0 there.
func TestMissingSystemValuesAreFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, 7, 14, 20, 10)
		h.write(t, func(q db.Q) error {
			_, err := q.Exec("UPDATE r_deal SET next_at = ? WHERE id <= ?", int64(1_700_000_000_000), int64(4))
			return err
		})
		for filter, want := range map[string][]int64{
			"is empty(next_at)":       {5, 6, 7, 8, 9, 10},
			"not (is empty(next_at))": {1, 2, 3, 4},
			"is empty(closed_at)":     {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
			"is empty(lost_reason)":   {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
			"is empty(created_at)":    nil,
		} {
			got := h.pages(t, h.plans()["admin"], query.Params{Filter: filter, Sort: "id", Fields: "title"})
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", filter, got, want)
			}
		}
	})
}
