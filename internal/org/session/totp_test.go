package session

import (
	"net/url"
	"testing"
	"time"

	"pgregory.net/rapid"

	"voronka/internal/kernel/clock"
)

// The test vectors of RFC 6238, appendix B, for SHA-1, cut to six digits.
func TestTOTPVectors(t *testing.T) {
	key := []byte("12345678901234567890")
	for at, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := totp(key, at/totpStep); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

func TestTOTPIsGoodOnceAndNearItsTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := newTOTP()
		at := rapid.Int64Range(1e9, 4e9).Draw(t, "at")
		off := rapid.Int64Range(-4, 4).Draw(t, "off")
		now := clock.Of(time.Unix(at, 0))
		code := totp(key, at/totpStep+off)
		step, ok := totpMatch(key, code, now, 0)
		if near := off >= -totpSkew && off <= totpSkew; ok != near && totpUnique(key, at/totpStep) {
			t.Fatalf("%d steps off: %v", off, ok)
		}
		if ok {
			if _, again := totpMatch(key, code, now, step); again {
				t.Fatal("a code was good twice")
			}
		}
	})
}

// totpUnique tells that no two codes around a step happen to be the same.
func totpUnique(key []byte, step int64) bool {
	seen := map[string]bool{}
	for i := step - 5; i <= step+5; i++ {
		if seen[totp(key, i)] {
			return false
		}
		seen[totp(key, i)] = true
	}
	return true
}

func TestTOTPAddress(t *testing.T) {
	u, err := url.Parse(totpAddress([]byte("12345678901234567890"), "ООО «Ромашка» & Co", "anna@example.com"))
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/ООО «Ромашка» & Co:anna@example.com" {
		t.Fatalf("%v %v", u, err)
	}
	if q := u.Query(); q.Get("secret") != "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" || q.Get("issuer") != "ООО «Ромашка» & Co" {
		t.Errorf("%v", u.Query())
	}
}
