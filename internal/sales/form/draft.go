package form

import (
	"bytes"
	"compress/flate"
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"time"

	"voronka/internal/kernel/clock"
)

// A draft is a form that isn't saved yet, for the preview beside the builder: its options packed into an address, signed
// with the form's secret, so that nobody but who sets forms up can show words of his own under our name.
const (
	draftLives = time.Hour
	maxDraft   = 64 << 10
)

var errDraft = errors.New("form: not a draft of this form")

// Seal packs options into a draft.
func Seal(o Options, secret string, now clock.Instant) (string, error) {
	o.Secret = ""
	text, err := json.Marshal(o)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	_ = binary.Write(&b, binary.BigEndian, int64(now.Add(draftLives)))
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err = w.Write(text); err == nil {
		err = w.Close()
	}
	return base64.RawURLEncoding.EncodeToString(append(b.Bytes(), signAs("form draft\x00", secret, b.Bytes())...)), err
}

// Unseal reads a draft that is still good.
func Unseal(draft, secret string, now clock.Instant) (o Options, err error) {
	b, err := base64.RawURLEncoding.DecodeString(draft)
	if err != nil || len(b) < 8+signSize {
		return o, errDraft
	}
	body, signature := b[:len(b)-signSize], b[len(b)-signSize:]
	if !hmac.Equal(signature, signAs("form draft\x00", secret, body)) || now > clock.Instant(binary.BigEndian.Uint64(body)) {
		return o, errDraft
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(body[8:])), maxDraft))
	if err != nil {
		return o, errDraft
	}
	if o, err = readOptions(text); err != nil {
		return o, errDraft
	}
	o.Secret = secret
	return o, nil
}

func readOptions(text []byte) (o Options, err error) {
	err = json.Unmarshal(text, &o)
	return o, err
}
