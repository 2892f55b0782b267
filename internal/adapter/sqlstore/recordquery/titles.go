package recordquery

import (
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// Titles are what records are called, as far as a person may know: one question for each of their types, and one for those he
// may observe. Records that are gone are left out.
func Titles(q db.Q, c *schema.Catalog, who access.Who, records []ref.Ref) (map[ref.Ref]query.Title, error) {
	ids := map[string][]int64{}
	for _, r := range records {
		ids[r.Type] = append(ids[r.Type], r.ID)
	}
	out := make(map[ref.Ref]query.Title, len(records))
	for code, some := range ids {
		if typ := c.Type(code); typ != nil {
			if err := titlesOf(q, typ, who.Plan(code, access.See), some, out); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func titlesOf(q db.Q, typ *schema.Type, plan access.Plan, ids []int64, out map[ref.Ref]query.Title) error {
	all, hidden, sight := plan.Everything(), map[int64]string{}, newSight(plan)
	s := newStatement(q.Dialect())
	s.add("SELECT r.id, r.title, ", accessColumns, " FROM ", typ.Table(), " r WHERE ").in("r.id", ids)
	err := s.query(q, func(r db.Row) error {
		t := query.Title{Text: r.Text(1), Access: readAccess(r, 2)}
		if t.Hidden = !all && !sight.at(r.Int64(0), t.Access); t.Hidden {
			hidden[r.Int64(0)], t.Text = t.Text, ""
		}
		out[ref.Ref{Type: typ.Code, ID: r.Int64(0)}] = t
		return nil
	})
	if err != nil || len(hidden) == 0 {
		return err
	}
	seen, err := sight.observed(q, typ)
	for _, id := range seen {
		r := ref.Ref{Type: typ.Code, ID: id}
		out[r] = query.Title{Text: hidden[id], Access: out[r].Access}
	}
	return err
}
