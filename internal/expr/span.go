package expr

import (
	"math"
	"slices"
)

const (
	minInt = math.MinInt64
	maxInt = math.MaxInt64
)

// point is where a literal lies among the values of a field. An exact value is lo == hi. A day among instants is all of
// its milliseconds. A gap between two values (1.2345 among hundredths) is lo == hi+1: nothing is equal to it, yet
// everything lies on one of its sides. beyond is +1 or -1 for what is above or below every int64.
type point struct {
	lo, hi int64
	beyond int8
}

// span is a range of values, both ends inside; lo > hi is empty.
type span struct{ lo, hi int64 }

func (s span) empty() bool { return s.lo > s.hi }

var (
	nowhere    = span{1, 0}
	everywhere = span{minInt, maxInt}
)

// equal are the values equal to the point.
func (p point) equal() span {
	if p.beyond != 0 {
		return nowhere
	}
	return span{p.lo, p.hi}
}

// below are the values before the point; with also equal ones if orEqual.
func (p point) below(orEqual bool) span {
	switch {
	case p.beyond > 0:
		return everywhere
	case p.beyond < 0:
		return nowhere
	case orEqual:
		return span{minInt, p.hi}
	case p.lo == minInt:
		return nowhere
	}
	return span{minInt, p.lo - 1}
}

// above are the values after the point; with also equal ones if orEqual.
func (p point) above(orEqual bool) span {
	switch {
	case p.beyond < 0:
		return everywhere
	case p.beyond > 0:
		return nowhere
	case orEqual:
		return span{p.lo, maxInt}
	case p.hi == maxInt:
		return nowhere
	}
	return span{p.hi + 1, maxInt}
}

// meet are the values in both.
func (s span) meet(o span) span { return span{max(s.lo, o.lo), min(s.hi, o.hi)} }

// merged sorts spans, drops empty ones and joins those that touch, so that a value can be searched by halves.
func merged(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int {
		switch {
		case a.lo < b.lo:
			return -1
		case a.lo > b.lo:
			return 1
		}
		return 0
	})
	out := spans[:0]
	for _, s := range spans {
		switch last := len(out) - 1; {
		case s.empty():
		case last >= 0 && s.lo <= out[last].hi:
			out[last].hi = max(out[last].hi, s.hi)
		default:
			out = append(out, s)
		}
	}
	return out
}

// inSpans tells whether one of the merged spans holds n.
func inSpans(spans []span, n int64) bool {
	if len(spans) <= 4 {
		for _, s := range spans {
			if n >= s.lo && n <= s.hi {
				return true
			}
		}
		return false
	}
	_, found := slices.BinarySearchFunc(spans, n, func(s span, n int64) int {
		switch {
		case s.hi < n:
			return -1
		case s.lo > n:
			return 1
		}
		return 0
	})
	return found
}
