package expr

import (
	"math/big"
	"strconv"
	"strings"
	"time"
)

// startsValue tells whether a value, not a field, comes next.
func (p *parser) startsValue() bool {
	t := p.peek()
	switch t.kind {
	case numberToken, stringToken:
		return true
	case signToken:
		return t.text == "-"
	case nameToken:
		switch t.text {
		case "null", "true", "false", "me":
			return true
		case "today", "now", "date", "duration":
			return p.ahead(1).is("(") || p.ahead(1).is("and") && p.ahead(2).is("time") && p.ahead(3).is("(")
		}
	}
	return false
}

// value reads a literal with its shifts.
func (p *parser) value() (Literal, *Error) {
	from := p.peek().at.from
	if !p.startsValue() {
		if t := p.peek(); t.kind == quotedToken || t.kind == nameToken && !reserved[t.text] {
			return Literal{}, fail(t.at, "field_to_field", Args{"name": t.text}, "value")
		}
		return Literal{}, p.expected("value")
	}
	v, err := p.plainValue()
	if err != nil {
		return v, err
	}
	for p.at("+") || p.at("-") {
		if v.Kind != TodayLiteral && v.Kind != NowLiteral {
			return v, fail(p.peek().at, "shift_only", nil, "today()", "now()")
		}
		sign := 1
		if p.next().text == "-" {
			sign = -1
		}
		shift, err := p.duration()
		if err != nil {
			return v, err
		}
		v.Shift.Months += sign * shift.Months
		v.Shift.Days += sign * shift.Days
		v.Shift.Minutes += sign * shift.Minutes
	}
	v.at = p.since(from)
	return v, nil
}

func (p *parser) plainValue() (Literal, *Error) {
	switch {
	case p.call("today"):
		return Literal{Kind: TodayLiteral}, p.need(")")
	case p.call("now"):
		return Literal{Kind: NowLiteral}, p.need(")")
	case p.call("date"):
		return p.quotedValue(DateLiteral)
	case p.call("date", "and", "time"):
		return p.quotedValue(InstantLiteral)
	case p.take("-"):
		if p.peek().kind != numberToken {
			return Literal{}, p.expected("number")
		}
		return Literal{Kind: NumberLiteral, Text: "-" + p.next().text}, nil
	}
	switch t := p.next(); {
	case t.kind == numberToken:
		return Literal{Kind: NumberLiteral, Text: t.text}, nil
	case t.kind == stringToken:
		return Literal{Kind: StringLiteral, Text: t.text}, nil
	case t.text == "true" || t.text == "false":
		return Literal{Kind: BoolLiteral, Text: t.text}, nil
	case t.text == "null":
		return Literal{Kind: NullLiteral}, nil
	case t.text == "me":
		return Literal{Kind: MeLiteral}, nil
	}
	p.i--
	return Literal{}, p.expected("value")
}

// quotedValue reads the string and bracket of date("…").
func (p *parser) quotedValue(kind LiteralKind) (Literal, *Error) {
	t := p.peek()
	if t.kind != stringToken {
		return Literal{}, p.expected("text")
	}
	p.next()
	return Literal{Kind: kind, Text: t.text, at: t.at}, p.need(")")
}

// units are the words of durations and what they count.
var units = map[string]Shift{
	"minute": {Minutes: 1}, "hour": {Minutes: 60}, "day": {Days: 1}, "week": {Days: 7}, "month": {Months: 1}, "year": {Months: 12},
}

// duration reads 7 days or duration("P7D").
func (p *parser) duration() (Shift, *Error) {
	if p.call("duration") {
		t := p.peek()
		if t.kind != stringToken {
			return Shift{}, p.expected("text")
		}
		p.next()
		shift, ok := isoDuration(t.text)
		if !ok {
			return shift, fail(t.at, "bad_duration", Args{"text": t.text}, `duration("P7D")`)
		}
		return shift, p.need(")")
	}
	t, unit := p.peek(), p.ahead(1)
	if t.kind != numberToken {
		return Shift{}, p.expected("duration")
	}
	n, err := strconv.Atoi(t.text)
	one, ok := units[strings.TrimSuffix(unit.text, "s")]
	if err != nil || n > 1e8 || unit.kind != nameToken || !ok {
		return Shift{}, fail(place{t.at.from, unit.at.to}, "bad_duration", Args{"text": t.text + " " + unit.text}, "7 days")
	}
	p.next()
	p.next()
	return Shift{one.Months * n, one.Days * n, one.Minutes * n}, nil
}

// isoDuration reads an ISO 8601 duration without seconds and fractions: P1Y2M, P7D, P2W, PT36H, -P1DT30M.
func isoDuration(s string) (Shift, bool) {
	var out Shift
	sign := 1
	if strings.HasPrefix(s, "-") {
		sign, s = -1, s[1:]
	}
	rest, ok := strings.CutPrefix(s, "P")
	if !ok || rest == "" || strings.HasSuffix(rest, "T") {
		return out, false
	}
	date, clock, _ := strings.Cut(rest, "T")
	read := func(s, letters string, each func(letter byte, n int)) bool {
		for s != "" {
			digits := 0
			for digits < len(s) && isDigit(rune(s[digits])) {
				digits++
			}
			n, err := strconv.Atoi(s[:digits])
			if err != nil || n > 1e8 || digits == len(s) {
				return false
			}
			at := strings.IndexByte(letters, s[digits])
			if at < 0 {
				return false
			}
			each(s[digits], sign*n)
			s, letters = s[digits+1:], letters[at+1:]
		}
		return true
	}
	ok = read(date, "YMWD", func(letter byte, n int) {
		switch letter {
		case 'Y':
			out.Months += 12 * n
		case 'M':
			out.Months += n
		case 'W':
			out.Days += 7 * n
		case 'D':
			out.Days += n
		}
	}) && read(clock, "HM", func(letter byte, n int) {
		if letter == 'H' {
			n *= 60
		}
		out.Minutes += n
	})
	return out, ok
}

// shortest brings a literal to the form it is printed and stored in and refuses what can't be one.
func (l Literal) shortest() (Literal, *Error) {
	switch l.Kind {
	case NumberLiteral:
		text, ok := shortNumber(l.Text)
		if !ok {
			return l, fail(l.at, "bad_number", Args{"text": l.Text})
		}
		l.Text = text
	case StringLiteral:
		n := 0
		for _, r := range l.Text {
			if n++; !isStringRune(r) {
				return l, fail(l.at, "bad_char", Args{"char": shown(r)})
			}
		}
		if n > MaxString {
			return l, fail(l.at, "string_too_long", Args{"max": MaxString})
		}
	case BoolLiteral:
		if l.Text != "true" && l.Text != "false" {
			return l, fail(l.at, "bad_tree", Args{"what": l.Text})
		}
	case DateLiteral:
		if t, err := time.Parse(time.DateOnly, l.Text); err != nil || t.Year() < 1 {
			return l, fail(l.at, "bad_date", Args{"text": l.Text}, `date("2026-11-19")`)
		}
	case InstantLiteral:
		t, err := time.Parse(time.RFC3339, l.Text)
		if err != nil || t.Nanosecond()%1e6 != 0 || t.Year() < 1 || t.UTC().Year() < 1 || t.UTC().Year() > 9999 {
			return l, fail(l.at, "bad_instant", Args{"text": l.Text}, `date and time("2026-11-19T10:00:00+03:00")`)
		}
	case TodayLiteral, NowLiteral:
		if l.Kind == TodayLiteral && l.Shift.Minutes != 0 {
			return l, fail(l.at, "today_hours", nil, "now()")
		}
		if far(l.Shift.Months, 12) || far(l.Shift.Days, 366) || far(l.Shift.Minutes, 366*24*60) {
			return l, fail(l.at, "shift_too_far", Args{"max": MaxShift})
		}
	}
	return l, nil
}

// far tells whether n units are more years than allowed.
func far(n, perYear int) bool { return n > MaxShift*perYear || n < -MaxShift*perYear }

// shortNumber drops zeros that say nothing: 007.50 → 7.5, -0 → 0.
func shortNumber(s string) (string, bool) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	if len(digits) > MaxDigits || whole == "" || point && fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return "", false
	}
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if negative && whole != "0" {
		whole = "-" + whole
	}
	return whole, true
}

// scaled is a number's place among the int64 with scale digits after the point: a point on one of them, or a gap
// between two, or beyond either end. See span.
func scaled(number string, scale int) point {
	whole, fraction, _ := strings.Cut(number, ".")
	exact := len(fraction) <= scale
	if exact {
		fraction += strings.Repeat("0", scale-len(fraction))
	}
	n, _ := new(big.Int).SetString(whole+fraction[:scale], 10)
	if !exact && strings.HasPrefix(whole, "-") {
		n.Sub(n, big.NewInt(1)) // cutting rounds to zero, the gap begins below
	}
	switch {
	case n.IsInt64() && exact:
		return point{lo: n.Int64(), hi: n.Int64()}
	case n.IsInt64() && n.Int64() < maxInt:
		return point{lo: n.Int64() + 1, hi: n.Int64()}
	case n.Sign() > 0:
		return point{beyond: 1}
	}
	return point{beyond: -1}
}
