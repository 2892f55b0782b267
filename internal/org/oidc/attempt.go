package oidc

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"voronka/internal/kernel/clock"
)

// Lives is how long somebody may take at the provider.
const Lives = 15 * time.Minute

// maxBack is the longest address to return to.
const maxBack = 1000

func newAttempt(s Settings, back string, now clock.Instant) Attempt {
	return Attempt{State: random(), Nonce: random(), Verifier: random(), Back: inside(back), Issuer: s.Issuer, Until: now.Add(Lives)}
}

// random is 256 bits as a text, which suits PKCE too (43 characters).
func random() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// inside is a page of this portal; anything else is its first page.
func inside(back string) string {
	if len(back) > maxBack || !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n\t") {
		return "/"
	}
	return back
}

// fits tells whether the address the browser came back to belongs to the attempt.
func (a Attempt) fits(state, issuer string) bool {
	return a.Issuer == issuer && a.State != "" && subtle.ConstantTimeCompare([]byte(a.State), []byte(state)) == 1
}

func sealer(key string) (cipher.AEAD, error) {
	raw, err := base64.RawStdEncoding.DecodeString(key)
	if err != nil || len(raw) != 32 {
		return nil, errors.New("oidc: no key")
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// seal makes the attempt a text the browser keeps and can neither read nor make.
func (a Attempt) seal(key string) (string, error) {
	s, err := sealer(key)
	if err != nil {
		return "", err
	}
	plain, err := json.Marshal(a)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s.Seal(nil, nil, plain, nil)), nil
}

// open reads what seal made, unless it is too old.
func open(sealed, key string, now clock.Instant) (a Attempt, err error) {
	s, err := sealer(key)
	if err != nil {
		return a, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return a, err
	}
	plain, err := s.Open(nil, nil, raw, nil)
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(plain, &a); err != nil {
		return a, err
	}
	if now >= a.Until {
		return Attempt{}, errors.New("oidc: too late")
	}
	return a, nil
}
