package form

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"time"

	"voronka/internal/kernel/clock"
)

// A form is filled in by people in no less than MinFill and sent within MaxFill of being opened.
const (
	MinFill = 2 * time.Second
	MaxFill = 24 * time.Hour
)

// Ticket is what a form says about itself in its token: when it was opened, how hard its puzzle is, and the words of the
// consent it showed.
type Ticket struct {
	Opened  clock.Instant
	Bits    int
	Consent string // Terms.Hash, "" for none
}

// Token signs a ticket with the form's secret. No two are alike.
func (k Ticket) Token(secret string) string {
	b := make([]byte, said, said+sha256.Size+signSize)
	binary.BigEndian.PutUint64(b, uint64(k.Opened))
	_, _ = rand.Read(b[8:16]) // never fails
	b[16] = byte(k.Bits)
	if hash, err := hex.DecodeString(k.Consent); err == nil && len(hash) == sha256.Size {
		b = append(b, hash...)
	}
	return base64.RawURLEncoding.EncodeToString(append(b, sign(secret, b)...))
}

// said is how much of a token is said by every one: a moment, a random number and the difficulty; then the hash of a
// consent where there is one, then the signature.
const said = 17

// Verdict on a token.
type Verdict int

// The verdicts.
const (
	Good    Verdict = iota
	Forged          // not ours
	TooFast         // no person is that fast
	TooOld          // the page was open too long: it is shown again with a new token
)

// Open reads a token and tells what it is worth at the moment now. A ticket is read of good and too fast ones.
func Open(secret, token string, now clock.Instant) (Ticket, Verdict) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	size := len(b) - signSize
	if err != nil || size != said && size != said+sha256.Size || !hmac.Equal(b[size:], sign(secret, b[:size])) {
		return Ticket{}, Forged
	}
	k := Ticket{Opened: clock.Instant(binary.BigEndian.Uint64(b)), Bits: int(b[16])}
	if size > said {
		k.Consent = hex.EncodeToString(b[said:size])
	}
	switch {
	case k.Opened > now.Add(time.Minute): // the clock was put back: a new page will do
		return Ticket{}, TooOld
	case now < k.Opened.Add(MinFill):
		return k, TooFast
	case now > k.Opened.Add(MaxFill):
		return Ticket{}, TooOld
	}
	return k, Good
}

const signSize = 16

func sign(secret string, b []byte) []byte { return signAs("form token\x00", secret, b) }

func signAs(what, secret string, b []byte) []byte {
	mac := hmac.New(sha256.New, []byte(what+secret))
	mac.Write(b)
	return mac.Sum(nil)[:signSize]
}
