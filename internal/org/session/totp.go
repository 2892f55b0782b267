package session

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // what RFC 6238 and every authenticator app use; HMAC doesn't need collision resistance
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"

	"voronka/internal/kernel/clock"
)

// Time-based one-time passwords, RFC 6238, as every authenticator app makes them: SHA-1, six digits, thirty seconds.
const (
	totpStep   = 30
	totpDigits = 6
	totpSkew   = 1 // steps a clock may be off
	totpSecret = 20
)

var b32 = base32.StdEncoding.WithPadding(base32.NoPadding)

func newTOTP() []byte {
	key := make([]byte, totpSecret)
	_, _ = rand.Read(key) // never fails since Go 1.24
	return key
}

// totp is the code of a step.
func totp(key []byte, step int64) string {
	var message [8]byte
	binary.BigEndian.PutUint64(message[:], uint64(step))
	mac := hmac.New(sha1.New, key)
	_, _ = mac.Write(message[:]) // never fails
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	n := binary.BigEndian.Uint32(sum[at:at+4]) & 0x7fffffff
	return fmt.Sprintf("%0*d", totpDigits, n%1_000_000)
}

// totpMatch finds the step a code belongs to. Steps up to used are over: a code is good once.
func totpMatch(key []byte, code string, now clock.Instant, used int64) (step int64, ok bool) {
	present := now.Time().Unix() / totpStep
	for each := present - totpSkew; each <= present+totpSkew; each++ {
		if subtle.ConstantTimeCompare([]byte(totp(key, each)), []byte(code)) == 1 && each > used {
			step, ok = each, true
		}
	}
	return step, ok
}

// totpAddress is what an authenticator app reads from the QR code.
func totpAddress(key []byte, company, email string) string {
	if company == "" {
		company = "Voronka"
	}
	return (&url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/" + company + ":" + email,
		RawQuery: "secret=" + b32.EncodeToString(key) + "&issuer=" + strings.ReplaceAll(url.QueryEscape(company), "+", "%20") + "&algorithm=SHA1&digits=6&period=30",
	}).String()
}
