package form

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"voronka/internal/kernel/clock"
)

// A form is filled in by people in no less than MinFill and sent within MaxFill of being opened.
const (
	MinFill = 2 * time.Second
	MaxFill = 24 * time.Hour
)

// Token is what a form carries to say when it was opened, signed with the form's secret. No two are alike.
func Token(secret string, opened clock.Instant) string {
	var b [said]byte
	binary.BigEndian.PutUint64(b[:], uint64(opened))
	_, _ = rand.Read(b[8:]) // never fails
	return base64.RawURLEncoding.EncodeToString(append(b[:], sign(secret, b[:])...))
}

// said is how much of a token is what it says: a moment and a random number; the rest is the signature.
const said = 16

// Verdict on a token.
type Verdict int

// The verdicts.
const (
	Good    Verdict = iota
	Forged          // not ours
	TooFast         // no person is that fast
	TooOld          // the page was open too long: it is shown again with a new token
)

// CheckToken tells what a token is worth at the moment now.
func CheckToken(secret, token string, now clock.Instant) Verdict {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != said+signSize || !hmac.Equal(b[said:], sign(secret, b[:said])) {
		return Forged
	}
	opened := clock.Instant(binary.BigEndian.Uint64(b))
	switch {
	case opened > now.Add(time.Minute): // the clock was put back: a new page will do
		return TooOld
	case now < opened.Add(MinFill):
		return TooFast
	case now > opened.Add(MaxFill):
		return TooOld
	}
	return Good
}

const signSize = 16

func sign(secret string, b []byte) []byte {
	mac := hmac.New(sha256.New, []byte("form token\x00"+secret))
	mac.Write(b)
	return mac.Sum(nil)[:signSize]
}
