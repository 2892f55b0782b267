package expr

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"voronka/internal/kernel/textkey"
)

// operand makes a literal ready to be compared with the last field of path, or says what would fit.
func (c *checker) operand(path *Path, lit Literal, op Op, nullable bool) (operand, *Error) {
	f := path.Field()
	lit, err := lit.shortest()
	if err != nil {
		return operand{}, err
	}
	o := operand{Literal: lit}
	o.Literal.at = place{}
	if lit.Kind == NullLiteral && nullable {
		return o, nil
	}
	switch classes[f.Kind] {
	case textual:
		return c.text(o, f, lit, op)
	case numeric:
		if lit.Kind == NumberLiteral {
			o.at = scaled(lit.Text, f.Scale)
			return o, nil
		}
	case truth:
		if lit.Kind == BoolLiteral {
			if lit.Text == "true" {
				o.at = point{lo: 1, hi: 1}
			}
			return o, nil
		}
	case calendar:
		if o.key = lit.Text; lit.Kind == DateLiteral || lit.Kind == TodayLiteral {
			return o, nil
		}
	case instant:
		switch lit.Kind {
		case InstantLiteral:
			t, _ := time.Parse(time.RFC3339, lit.Text)
			o.at = point{lo: t.UnixMilli(), hi: t.UnixMilli()}
			return o, nil
		case DateLiteral, TodayLiteral, NowLiteral:
			return o, nil
		}
	case coded:
		if lit.Kind == StringLiteral {
			return c.code(o, path, lit)
		}
		if lit.Kind == NumberLiteral && f.Kind == Department {
			return number(o, f, lit)
		}
	case person:
		if lit.Kind == MeLiteral {
			return o, nil
		}
		if lit.Kind == NumberLiteral {
			return number(o, f, lit)
		}
	case reference:
		if lit.Kind == NumberLiteral {
			return number(o, f, lit)
		}
	}
	err = misfit(f, lit)
	if hints, ok := c.schemaOf(path).(Hinter); ok && classes[f.Kind] == coded {
		if codes := hints.ValueCodes(f); len(codes) > 0 {
			err.Args["example"], err.Want = strconv.Quote(codes[0]), codes
		}
	}
	return o, err
}

// number makes an id of a whole number.
func number(o operand, f FieldInfo, lit Literal) (operand, *Error) {
	if strings.Contains(lit.Text, ".") {
		err := misfit(f, lit)
		err.Args["got"] = "got.fraction"
		return o, err
	}
	o.at = scaled(lit.Text, 0)
	return o, nil
}

// text makes the key of a text. A part of a phone number is its digits, whatever the field makes of whole numbers.
func (c *checker) text(o operand, f FieldInfo, lit Literal, op Op) (operand, *Error) {
	if lit.Kind != StringLiteral {
		return o, misfit(f, lit)
	}
	if o.key = f.key(lit.Text); f.Kind == Phone && (op == OpContains || op == OpStartsWith) {
		o.key = phoneKey(lit.Text)
	}
	if o.key == "" && lit.Text != "" {
		return o, fail(lit.at, "no_digits", Args{"text": lit.Text})
	}
	return o, nil
}

// key is how texts of a field are matched.
func (f FieldInfo) key(s string) string {
	switch {
	case f.Fold != nil:
		return f.Fold(s)
	case f.Kind == Phone:
		return phoneKey(s)
	}
	return textkey.Key(s)
}

// phoneKey keeps the digits and a leading plus.
func phoneKey(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(s) {
		if isDigit(r) || r == '+' && b.Len() == 0 {
			b.WriteRune(r)
		}
	}
	if b.String() == "+" {
		return ""
	}
	return b.String()
}

// code finds the ids behind a code.
func (c *checker) code(o operand, path *Path, lit Literal) (operand, *Error) {
	f, schema := path.Field(), c.schemaOf(path)
	ids, ok := schema.Values(f, lit.Text)
	if ok {
		o.ids = ids
		return o, nil
	}
	args := Args{"field": f.Code, "code": lit.Text}
	if hints, ok := schema.(Hinter); ok {
		codes := hints.ValueCodes(f)
		if near := nearest(lit.Text, codes); near != "" {
			args["near"] = near
			return o, fail(lit.at, "unknown_code_near", args, near)
		}
		return o, fail(lit.at, "unknown_code", args, codes...)
	}
	return o, fail(lit.at, "unknown_code", args)
}

// misfit says that a literal doesn't fit a field.
func misfit(f FieldInfo, lit Literal) *Error {
	return fail(lit.at, "bad_value", Args{
		"field": f.Code, "kind": kindNoun(f), "want": wantNoun[classes[f.Kind]], "got": gotNoun[lit.Kind],
		"example": example(f),
	}, example(f))
}

// example is a value that would fit.
func example(f FieldInfo) string {
	for _, row := range support {
		if row.Kind == f.Kind {
			return row.Value
		}
	}
	return strconv.Quote("…")
}
