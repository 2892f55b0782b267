package user

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"voronka/internal/kernel/fault"
)

// MinPassword and MaxPassword bound a password, in characters and in bytes.
const (
	MinPassword = 8
	MaxPassword = 256
)

//go:embed common.txt
var commonText string

var common = func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(commonText) {
		m[strings.TrimSpace(line)] = true
	}
	return m
}()

// CheckPassword tells what is wrong with a new password: too short, too long, one everybody tries first, or the person's own
// e-mail address.
func CheckPassword(password, email string) error {
	folded := strings.ToLower(password)
	local, _, _ := cutLast(strings.ToLower(email), "@")
	switch {
	case utf8.RuneCountInString(password) < MinPassword:
		return fault.In("password", "user.password_short", fault.Args{"min": MinPassword})
	case len(password) > MaxPassword:
		return fault.In("password", "user.password_long", fault.Args{"max": MaxPassword})
	case common[folded], strings.Count(folded, folded[:1]) == len(folded), email != "" && (folded == strings.ToLower(email) || folded == local):
		return fault.In("password", "user.password_common")
	}
	return nil
}

// params are the cost of a hash. The cost of stored hashes may differ; then they are renewed at the next sign-in.
type params struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

// current is OWASP's minimum for argon2id: 19 MiB, two passes, one thread.
var current = params{memory: 19 * 1024, time: 2, threads: 1}

// Limits of what is read from a stored hash, so that a broken row can't eat the machine.
const (
	maxMemory = 256 * 1024
	maxTime   = 16
)

// Hasher makes and checks password hashes, at most two at a time: each takes 19 MiB and some 20 ms of a core.
type Hasher struct {
	slots chan struct{}
	wait  time.Duration
	dummy string
}

// NewHasher makes a Hasher.
func NewHasher() *Hasher {
	h := &Hasher{slots: make(chan struct{}, 2), wait: 3 * time.Second}
	h.dummy = current.hash("nobody's password", make([]byte, 16))
	return h
}

// Hash makes the PHC string of a password. It fails with TooMany when the queue is too long.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("user: salt: %w", err)
	}
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	return current.hash(password, salt), nil
}

// Verify compares a password with a stored hash. An empty hash, of a person unknown or without a password, takes the same
// time and never matches. stale says that the hash should be made anew with today's cost.
func (h *Hasher) Verify(ctx context.Context, hash, password string) (ok, stale bool, err error) {
	known := hash != ""
	if !known {
		hash = h.dummy
	}
	p, salt, want, err := parsePHC(hash)
	if err != nil {
		return false, false, fault.Wrap(fault.Internal, "internal", err)
	}
	if len(password) > MaxPassword {
		known, password = false, ""
	}
	if err := h.enter(ctx); err != nil {
		return false, false, err
	}
	defer h.leave()
	got := argon2.IDKey([]byte(password), salt, p.time, p.memory, p.threads, uint32(len(want)))
	ok = subtle.ConstantTimeCompare(got, want) == 1 && known
	return ok, ok && p != current, nil
}

func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	default:
	}
	timer := time.NewTimer(h.wait)
	defer timer.Stop()
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-timer.C:
		seconds := int(h.wait.Seconds())
		return &fault.Error{Code: fault.TooMany, Key: "session.busy", Args: fault.Args{"seconds": seconds}, RetryAfter: seconds}
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *Hasher) leave() { <-h.slots }

var b64 = base64.RawStdEncoding

func (p params) hash(password string, salt []byte) string {
	key := argon2.IDKey([]byte(password), salt, p.time, p.memory, p.threads, 32)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, p.time, p.threads,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

// parsePHC reads the PHC string format of argon2id.
func parsePHC(s string) (p params, salt, key []byte, err error) {
	parts := strings.Split(s, "$")
	var version int
	if len(parts) == 6 && parts[0] == "" && parts[1] == "argon2id" {
		_, err = fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &p.memory, &p.time, &p.threads)
	} else {
		err = fmt.Errorf("not argon2id")
	}
	if err == nil {
		salt, err = b64.DecodeString(parts[4])
	}
	if err == nil {
		key, err = b64.DecodeString(parts[5])
	}
	if err == nil && (version != argon2.Version || p.memory < 8 || p.memory > maxMemory || p.time < 1 || p.time > maxTime ||
		p.threads < 1 || p.threads > 8 || len(salt) < 8 || len(key) < 16 || len(key) > 64) {
		err = fmt.Errorf("odd parameters")
	}
	if err != nil {
		return params{}, nil, nil, fmt.Errorf("user: stored hash: %w", err)
	}
	return p, salt, key, nil
}
