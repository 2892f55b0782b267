package insightstore

import (
	"slices"

	"voronka/internal/insight/figures"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// narrowed adds the conditions of a period to a statement over a table x with a moment, and takes the newest rows.
func narrowed(sql, moment string, p figures.Period, before ...any) (string, []any) {
	sql += " AND " + moment + " >= ? AND " + moment + " < ?"
	args := slices.Concat(before, []any{int64(p.From), int64(p.To)})
	for _, c := range []struct {
		asked bool
		sql   string
		args  []any
	}{
		{p.DrumID != 0, "x.drum_id = ?", []any{p.DrumID}},
		{p.Kind != "", "x.kind = ?", []any{p.Kind}},
		{p.UserID != 0, "x.user_id = ?", []any{p.UserID}},
		{p.Department.Hi != 0, "x.dept_pos BETWEEN ? AND ?", []any{p.Department.Lo, p.Department.Hi}},
	} {
		if c.asked {
			sql, args = sql+" AND "+c.sql, append(args, c.args...)
		}
	}
	return sql + " ORDER BY " + moment + " DESC LIMIT ?", append(args, figures.MaxRead)
}

func breaches(p figures.Period) (string, []any) {
	return narrowed("SELECT x.at, x.user_id, x.kind, x.department_id, x.dept_pos, x.excused_at FROM incident x WHERE 1 = 1", "x.at", p)
}

// decisions are turns with the moment the record was first offered since somebody took it last.
func decisions(p figures.Period) (string, []any) {
	p.Kind, p.Department = "", access.Range{} // turns keep no place: whose are looked at is up to the caller
	return narrowed(`SELECT x.drum_id, x.user_id, x.type_id, x.record_id, x.offered_at, x.decided_at, x.state,
		(SELECT min(f.offered_at) FROM offer f WHERE f.type_id = x.type_id AND f.record_id = x.record_id AND f.drum_id = x.drum_id AND f.id <= x.id AND f.id >
			coalesce((SELECT max(g.id) FROM offer g WHERE g.type_id = x.type_id AND g.record_id = x.record_id AND g.state = 'taken' AND g.id < x.id), 0)),
		CASE WHEN x.state = 'missed' THEN (SELECT max(i.excused_at) FROM incident i WHERE i.type_id = x.type_id AND i.record_id = x.record_id
			AND i.kind = 'missed_offer' AND i.subject_id = x.id) ELSE 0 END
		FROM offer x WHERE x.decided_at > 0 AND x.state IN ('taken', 'missed')`, "x.decided_at", p)
}

// lost are missed records of a type that lie on a lost stage.
func lost(typ *schema.Type, p figures.Period) (string, []any) {
	source := "0"
	if f := sourceOf(typ); f != nil {
		source = "coalesce(r." + f.Col + ", 0)"
	}
	return narrowed("SELECT x.record_id, x.user_id, "+source+" FROM incident x JOIN "+typ.Table()+` r ON r.id = x.record_id JOIN stage st ON st.id = r.stage_id
		WHERE x.type_id = ? AND x.excused_at = 0 AND st.kind = 'lost'`, "x.at", p, typ.ID)
}
