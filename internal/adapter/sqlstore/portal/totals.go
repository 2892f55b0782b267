package portal

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/fault"
)

// totals counts what lies on the stages anew and compares it with the counters kept beside the records.
func totals(ctx context.Context, d *db.DB) (found []Finding, err error) {
	err = d.Read(ctx, func(q db.Q) error {
		types, err := recordTypes(q)
		if err != nil {
			return err
		}
		for id, t := range types {
			if t.Column("amount_cur") == nil || t.Column("amount_base") == nil { // types without stages have no totals
				continue
			}
			for _, kept := range []struct {
				table string
				keys  []string
			}{
				{"total_dept", []string{"pipeline_id", "stage_id", "department_id"}},
				{"total_user", []string{"pipeline_id", "responsible_id", "stage_id", "department_id"}},
			} {
				wrong, err := compareTotals(q, id, t.Name, kept.table, kept.keys)
				if err != nil {
					return err
				}
				if len(wrong) > 0 {
					found = append(found, Finding{Key: "doctor.totals", Urgent: true, Args: fault.Args{
						"table": kept.table, "type": strings.TrimPrefix(t.Name, "r_"), "n": len(wrong), "first": wrong[0],
					}})
				}
			}
		}
		return nil
	})
	return found, err
}

// sums are a cell's number of records, amount in its currency and amount in the portal's.
type sums [3]int64

func compareTotals(q db.Q, typ int64, records, kept string, keys []string) ([]string, error) {
	list := strings.Join(keys, ", ")
	counted, err := cells(q, len(keys), fmt.Sprintf(`SELECT %s, coalesce(amount_cur, ''), count(*), coalesce(sum(amount), 0), coalesce(sum(amount_base), 0)
		FROM %s WHERE stage_id <> 0 GROUP BY %s, coalesce(amount_cur, '')`, list, records, list))
	if err != nil {
		return nil, err
	}
	stored, err := cells(q, len(keys), fmt.Sprintf("SELECT %s, currency, n, amount, base FROM %s WHERE type_id = ?", list, kept), typ)
	if err != nil {
		return nil, err
	}
	var wrong []string
	for key, want := range counted {
		if got := stored[key]; got != want {
			wrong = append(wrong, fmt.Sprintf("%s: %v ≠ %v", key, got, want))
		}
		delete(stored, key)
	}
	for key, got := range stored {
		if got != (sums{}) { // cells that came to zero stay
			wrong = append(wrong, fmt.Sprintf("%s: %v ≠ 0", key, got))
		}
	}
	slices.Sort(wrong)
	return wrong, nil
}

func cells(q db.Q, keys int, sql string, args ...any) (map[string]sums, error) {
	out := map[string]sums{}
	err := q.Query(sql, args, func(r db.Row) error {
		var name []string
		for i := range keys + 1 {
			name = append(name, r.Text(i))
		}
		out[strings.Join(name, "/")] = sums{r.Int64(keys + 1), r.Int64(keys + 2), r.Int64(keys + 3)}
		return nil
	})
	return out, err
}
