package money

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestConvertIsExactAndRoundsHalfAwayFromZero(t *testing.T) {
	currencies := []string{"RUB", "USD", "JPY", "KWD"}
	rapid.Check(t, func(t *rapid.T) {
		m := Money{rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "minor"), rapid.SampledFrom(currencies).Draw(t, "from")}
		if rapid.Bool().Draw(t, "small") {
			m.Minor %= 1_000_000
		}
		to := rapid.SampledFrom(currencies).Draw(t, "to")
		rate := rapid.Int64Range(1, 1000*RateScale).Draw(t, "rate")
		got, err := Convert(m, to, rate)
		want, fits := naive(m, to, rate)
		switch {
		case err == nil && (got.Minor != want || got.Currency != to):
			t.Fatalf("%+v to %s at %d is %+v, want %d", m, to, rate, got, want)
		case (err == nil) != fits:
			t.Fatalf("%+v to %s at %d: %v, and %d fits: %v", m, to, rate, err, want, fits)
		}
	})
}

// naive is Convert with exact fractions.
func naive(m Money, to string, rate int64) (minor int64, fits bool) {
	if m.Currency == to {
		return m.Minor, true
	}
	exact := new(big.Rat).SetFrac(big.NewInt(m.Minor), pow10(Exponent(m.Currency)))
	exact.Mul(exact, big.NewRat(rate, RateScale))
	exact.Mul(exact, new(big.Rat).SetInt(pow10(Exponent(to))))
	whole, ok := new(big.Int).SetString(exact.FloatString(0), 10) // FloatString rounds half away from zero
	return whole.Int64(), ok && whole.IsInt64() && whole.Int64() != math.MinInt64
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func TestConvertRefusesNonsense(t *testing.T) {
	for _, c := range []struct {
		m    Money
		rate int64
	}{{Money{1, "USD"}, 0}, {Money{1, "USD"}, -RateScale}, {Money{math.MaxInt64, "JPY"}, 1000 * RateScale}} {
		if got, err := Convert(c.m, "RUB", c.rate); err == nil {
			t.Errorf("%+v at %d became %+v", c.m, c.rate, got)
		}
	}
}

func TestScaledNumbersComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "n")
		scale := rapid.IntRange(0, 9).Draw(t, "scale")
		if got, err := ParseScaled(Scaled(n, scale), scale); err != nil || got != n {
			t.Fatalf("%d at scale %d came back as %d, %v", n, scale, got, err)
		}
	})
}

func TestParseScaled(t *testing.T) {
	for text, want := range map[string]int64{"12": 1200, "12.5": 1250, "-0.01": -1, "+3": 300, " 7.10 ": 710, "1.5000": 150, ".5": 50} {
		if got, err := ParseScaled(text, 2); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", ".", "-", "1.234", "1,5", "1e3", "--1", "99999999999999999999", "0x1"} {
		if got, err := ParseScaled(text, 2); err == nil {
			t.Errorf("%q was read as %d", text, got)
		}
	}
}

func TestExponents(t *testing.T) {
	for currency, want := range map[string]int{"RUB": 2, "JPY": 0, "KWD": 3} {
		if got := Exponent(currency); got != want {
			t.Errorf("%s has %d digits, want %d", currency, got, want)
		}
	}
	for text, want := range map[string]bool{"RUB": true, "rub": false, "RU": false, "РУБ": false, "": false} {
		if ValidCurrency(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}
