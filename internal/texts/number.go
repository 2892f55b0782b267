package texts

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
)

// Plural names the CLDR category of a whole number: one few many in Russian, one other in English.
func Plural(lang string, n int64) string {
	if n < 0 {
		n = -n
	}
	if lang != "ru" {
		if n == 1 {
			return "one"
		}
		return "other"
	}
	ten, hundred := n%10, n%100
	switch {
	case ten == 1 && hundred != 11:
		return "one"
	case ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14):
		return "few"
	}
	return "many"
}

// Number writes a whole number with thousands separated: by a no-break space in Russian (from 10 000 on), by a comma in
// English.
func Number(lang string, n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	separator := ","
	if lang == "ru" {
		separator = "\u00a0"
	}
	if len(s) <= 3 || lang == "ru" && len(s) == 4 {
		return sign + s
	}
	out := s[:len(s)%3]
	for i := len(s) % 3; i < len(s); i += 3 {
		if out != "" {
			out += separator
		}
		out += s[i : i+3]
	}
	return sign + out
}

// Date writes the calendar day of a time in its zone: 19.11.2026 or 19 Nov 2026.
func Date(lang string, t time.Time) string {
	if lang == "ru" {
		return t.Format("02.01.2006")
	}
	return t.Format("2 Jan 2006")
}

// Moment writes a time in its zone to the minute.
func Moment(lang string, t time.Time) string { return Date(lang, t) + " " + t.Format("15:04") }

// show writes an argument.
func show(lang string, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case interface{ In(lang string) string }:
		return v.In(lang)
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	}
	if n, ok := whole(v); ok {
		return Number(lang, n)
	}
	return fmt.Sprint(v)
}

// whole reads a whole number of any type.
func whole(v any) (int64, bool) {
	r := reflect.ValueOf(v)
	switch {
	case !r.IsValid():
		return 0, false
	case r.CanInt():
		return r.Int(), true
	case r.CanUint() && r.Uint() <= math.MaxInt64:
		return int64(r.Uint()), true
	case r.CanFloat() && r.Float() == math.Trunc(r.Float()) && math.Abs(r.Float()) < 1<<53:
		return int64(r.Float()), true
	}
	return 0, false
}
