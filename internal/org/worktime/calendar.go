package worktime

import "time"

// Kind is what a calendar makes of a date.
type Kind string

// The kinds of dates in calendars.
const (
	Off   Kind = "off"   // nobody works
	Short Kind = "short" // work ends an hour earlier, as before a holiday
	Work  Kind = "work"  // a day of rest that is worked
	Plain Kind = "plain" // as the week has it; undoes what a calendar said
)

// Valid tells whether k is one of the kinds.
func (k Kind) Valid() bool { return k == Off || k == Short || k == Work || k == Plain }

// Shortened is by how many minutes a short day is shorter.
const Shortened = 60

// CalendarDay is a date that differs from the week.
type CalendarDay struct {
	Kind Kind
	// Like is the weekday whose hours a worked day of rest has, when the week itself has none for it.
	Like time.Weekday
	// Rest says that a short day is a day of rest which is worked and shortened at once.
	Rest bool
}

// Calendar is the dates of a country that differ from the week, by YYYY-MM-DD.
type Calendar map[string]CalendarDay

// spans are the intervals of such a date under a week.
func (d CalendarDay) spans(week [7][]Span, weekday time.Weekday) []Span {
	switch d.Kind {
	case Off:
		return nil
	case Short:
		if d.Rest {
			return shortened(d.worked(week, weekday))
		}
		return shortened(week[weekday])
	case Work:
		return d.worked(week, weekday)
	}
	return week[weekday]
}

// worked are the hours of a day of rest that is worked.
func (d CalendarDay) worked(week [7][]Span, weekday time.Weekday) []Span {
	for _, day := range []time.Weekday{weekday, d.Like, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday} {
		if len(week[day]) > 0 {
			return week[day]
		}
	}
	return nil
}

// shortened takes the last hour of work off a day.
func shortened(spans []Span) []Span {
	left := Shortened
	for i := len(spans) - 1; i >= 0; i-- {
		long := spans[i].To - spans[i].From
		if long <= left {
			left -= long
			continue
		}
		out := append([]Span(nil), spans[:i+1]...)
		out[i].To -= left
		return out
	}
	return nil
}

// Away is a time somebody doesn't work: whole days from First to Last, or From–To in minutes of each of them.
type Away struct {
	First, Last string // YYYY-MM-DD
	From, To    int    // both 0: the whole day
}

// Span is the part of a day that is away.
func (a Away) Span() Span {
	if a.From == 0 && a.To == 0 {
		return Span{0, Day}
	}
	return Span{a.From, a.To}
}

// cut takes a piece out of intervals.
func cut(spans []Span, piece Span) []Span {
	var out []Span
	for _, p := range spans {
		if from, to := p.From, min(p.To, piece.From); from < to {
			out = append(out, Span{from, to})
		}
		if from, to := max(p.From, piece.To), p.To; from < to {
			out = append(out, Span{from, to})
		}
	}
	return out
}
