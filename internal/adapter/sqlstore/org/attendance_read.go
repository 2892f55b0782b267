package orgstore

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/attendance"
)

// those is the condition that a column is one of some people; nil: everybody.
func those(q db.Q, column string, users []int64, args []any) (string, []any) {
	if users == nil {
		return "", args
	}
	in, arg := db.Ints(q, users)
	return " AND " + column + in, append(args, arg)
}

// Absences lists the absences of some people (nil: of everybody) that have a day in common with the dates.
func (s *Store) Absences(ctx context.Context, users []int64, first, last string, limit int) (list []attendance.Absence, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		where, args := those(q, "user_id", users, []any{first, last})
		return q.Query("SELECT "+absenceColumns+" FROM absence WHERE last_day >= ? AND first_day <= ?"+where+" ORDER BY first_day, id LIMIT ?",
			append(args, limit), func(r db.Row) error { list = append(list, scanAbsence(r)); return nil })
	})
	return list, err
}

// Going is the interval of a person's working day that goes on.
func (s *Store) Going(ctx context.Context, userID int64) (span attendance.Span, going bool, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		going, err = db.One(q, "SELECT "+spanColumns+" FROM day_span WHERE user_id = ? AND to_at = 0", []any{userID}, func(r db.Row) error {
			span = scanSpan(r)
			return nil
		})
		return err
	})
	return span, going, err
}

// Days are the intervals of the working days of some people between two dates, by person, date and time.
func (s *Store) Days(ctx context.Context, users []int64, first, last string) (spans []attendance.Span, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		spans = nil
		where, args := those(q, "user_id", users, []any{first, last})
		return q.Query("SELECT "+spanColumns+" FROM day_span WHERE day >= ? AND day <= ?"+where+" ORDER BY user_id, day, from_at, id",
			args, func(r db.Row) error { spans = append(spans, scanSpan(r)); return nil })
	})
	return spans, err
}

// Corrections are the corrections of working days between two dates, the oldest first.
func (s *Store) Corrections(ctx context.Context, users []int64, first, last string) (list []attendance.Correction, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		where, args := those(q, "user_id", users, []any{first, last})
		return q.Query("SELECT user_id, day, at, by_id, reason, old_spans, new_spans FROM day_correction WHERE day >= ? AND day <= ?"+where+" ORDER BY id",
			args, func(r db.Row) error {
				c := attendance.Correction{UserID: r.Int64(0), Day: r.Text(1), At: clock.Instant(r.Int64(2)), ByID: r.Int64(3), Reason: r.Text(4)}
				var err error
				if c.Before, err = spansFrom(r.Bytes(5)); err != nil {
					return err
				}
				c.After, err = spansFrom(r.Bytes(6))
				list = append(list, c)
				return err
			})
	})
	return list, err
}
