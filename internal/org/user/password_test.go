package user

import (
	"context"
	"strings"
	"testing"
	"time"

	"voronka/internal/kernel/fault"
)

func TestCheckPassword(t *testing.T) {
	for _, c := range []struct{ password, key string }{
		{"correct horse", ""},
		{"Ёлки-палки", ""},
		{"short", "user.password_short"},
		{"пароли", "user.password_short"}, // twelve bytes, six letters
		{strings.Repeat("x1", 200), "user.password_long"},
		{"PassWord123", "user.password_common"},
		{"пароль123", "user.password_common"},
		{"zzzzzzzzzz", "user.password_common"},
		{"Anna.Petrova", "user.password_common"},
		{"anna.petrova@example.com", "user.password_common"},
	} {
		err := CheckPassword(c.password, "anna.petrova@example.com")
		if got := fieldKey(err); got != c.key {
			t.Errorf("%q: %q, want %q", c.password, got, c.key)
		}
	}
}

func fieldKey(err error) string {
	if e, ok := err.(*fault.Error); ok && len(e.Fields) == 1 {
		return e.Fields[0].Key
	}
	return ""
}

func TestHashAndVerify(t *testing.T) {
	ctx, h := context.Background(), NewHasher()
	hash, err := h.Hash(ctx, "correct horse")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %v", hash, err)
	}
	if ok, stale, err := h.Verify(ctx, hash, "correct horse"); !ok || stale || err != nil {
		t.Fatalf("the right password: %v %v %v", ok, stale, err)
	}
	if ok, _, err := h.Verify(ctx, hash, "Correct horse"); ok || err != nil {
		t.Fatalf("a wrong password: %v %v", ok, err)
	}
	if ok, _, err := h.Verify(ctx, "", "nobody's password"); ok || err != nil {
		t.Fatalf("nobody's hash must match nothing: %v %v", ok, err)
	}
	old := params{memory: 8 * 1024, time: 1, threads: 1}.hash("correct horse", []byte("0123456789abcdef"))
	if ok, stale, err := h.Verify(ctx, old, "correct horse"); !ok || !stale || err != nil {
		t.Fatalf("a cheap hash must be renewed: %v %v %v", ok, stale, err)
	}
}

func TestStoredHashesAreBounded(t *testing.T) {
	h := NewHasher()
	for _, bad := range []string{
		"x", "$argon2i$v=19$m=8,t=1,p=1$MDEyMzQ1Njc$MDEyMzQ1Njc4OWFiY2RlZg",
		"$argon2id$v=19$m=4000000,t=1,p=1$MDEyMzQ1Njc$MDEyMzQ1Njc4OWFiY2RlZg", "$argon2id$v=19$m=8,t=0,p=1$MDEyMzQ1Njc$MDEyMzQ1Njc4OWFiY2RlZg",
		"$argon2id$v=19$m=64,t=1,p=1$!!$MDEyMzQ1Njc4OWFiY2RlZg", "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc$",
	} {
		if ok, _, err := h.Verify(context.Background(), bad, "x"); ok || !fault.Is(err, fault.Internal) {
			t.Errorf("%s: %v %v", bad, ok, err)
		}
	}
}

func TestTheQueueIsBounded(t *testing.T) {
	h := NewHasher()
	h.wait = 10 * time.Millisecond
	h.slots <- struct{}{}
	h.slots <- struct{}{}
	_, err := h.Hash(context.Background(), "correct horse")
	if !fault.Is(err, fault.TooMany) {
		t.Fatalf("a third at once: %v", err)
	}
	h.leave()
	if _, err := h.Hash(context.Background(), "correct horse"); err != nil {
		t.Fatal(err)
	}
}
