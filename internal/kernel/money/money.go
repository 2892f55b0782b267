// Package money is amounts: whole minor units (kopecks, cents) and a currency. No floating point anywhere.
package money

import (
	"fmt"
	"math"
	"math/big"
	"strings"
)

// Money is an amount in minor units of a currency (ISO 4217 code).
type Money struct {
	Minor    int64  `json:"minor"`
	Currency string `json:"currency"`
}

// exponents lists currencies whose minor unit is not a hundredth (ISO 4217).
var exponents = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "UYI": 0,
	"VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// Exponent is how many decimal digits a currency's minor unit has.
func Exponent(currency string) int {
	if e, ok := exponents[currency]; ok {
		return e
	}
	return 2
}

// ValidCurrency tells whether s looks like an ISO 4217 code.
func ValidCurrency(s string) bool {
	if len(s) != 3 {
		return false
	}
	for _, c := range s {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// RateScale is the number of decimal digits kept of an exchange rate: a rate of 1 is 1e9.
const RateScale = 1_000_000_000

// Convert turns m into the currency to by rate (how many of `to` one of m's currency costs, × RateScale), rounding half
// away from zero. It fails when the result does not fit.
func Convert(m Money, to string, rate int64) (Money, error) {
	if m.Currency == to {
		return m, nil
	}
	if rate <= 0 {
		return Money{}, fmt.Errorf("money: %d is no rate from %s to %s", rate, m.Currency, to)
	}
	// Numbers of any size: what lies between (amount × rate × ten to the difference of digits) may pass 128 bits even when
	// the result is small.
	num := new(big.Int).Mul(big.NewInt(m.Minor), big.NewInt(rate))
	den := big.NewInt(RateScale)
	ten := big.NewInt(10)
	for e := Exponent(to) - Exponent(m.Currency); e > 0; e-- {
		num.Mul(num, ten)
	}
	for e := Exponent(m.Currency) - Exponent(to); e > 0; e-- {
		den.Mul(den, ten)
	}
	half := new(big.Int).Rsh(den, 1)
	if num.Sign() < 0 {
		half.Neg(half)
	}
	num.Quo(num.Add(num, half), den)
	if !num.IsInt64() || num.Int64() == math.MinInt64 {
		return Money{}, fmt.Errorf("money: %d %s is too much for %s", m.Minor, m.Currency, to)
	}
	return Money{num.Int64(), to}, nil
}

// Scaled writes n × 10^-scale as a plain decimal number with exactly scale digits after the point.
func Scaled(n int64, scale int) string {
	if scale == 0 {
		return fmt.Sprint(n)
	}
	sign := ""
	u := uint64(n)
	if n < 0 {
		sign, u = "-", -u
	}
	s := fmt.Sprintf("%0*d", scale+1, u)
	return sign + s[:len(s)-scale] + "." + s[len(s)-scale:]
}

// ParseScaled reads a plain decimal number into an integer of the given scale. Digits beyond the scale must be zeros.
func ParseScaled(s string, scale int) (int64, error) {
	t := strings.TrimSpace(s)
	neg := strings.HasPrefix(t, "-")
	t = strings.TrimPrefix(strings.TrimPrefix(t, "-"), "+")
	whole, frac, _ := strings.Cut(t, ".")
	for len(frac) > scale && strings.HasSuffix(frac, "0") {
		frac = frac[:len(frac)-1]
	}
	if whole+frac == "" || len(frac) > scale {
		return 0, fmt.Errorf("money: %q is not a number with at most %d digits after the point", s, scale)
	}
	digits := whole + frac + strings.Repeat("0", scale-len(frac))
	var n uint64
	for _, c := range digits {
		if c < '0' || c > '9' || n > (math.MaxInt64-uint64(c-'0'))/10 {
			return 0, fmt.Errorf("money: %q is not a number that fits", s)
		}
		n = n*10 + uint64(c-'0')
	}
	if neg {
		return -int64(n), nil
	}
	return int64(n), nil
}
