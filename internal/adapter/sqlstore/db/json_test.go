package db

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAppendJSONIsWhatJSONReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("аЁ\"\\\n\t\x00\x1f\x7fé\u2028😀")), 0, 40, -1)).Draw(t, "text")
		var got string
		if err := json.Unmarshal(AppendJSON(nil, text), &got); err != nil || got != text {
			t.Fatalf("%q: %q %v", text, got, err)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOf(rapid.Byte()).Draw(t, "raw")
		var got string
		if err := json.Unmarshal(AppendJSON(nil, raw), &got); err != nil {
			t.Fatalf("%x: %v", raw, err)
		}
		var want string // as the standard library puts U+FFFD for each byte that is no UTF-8
		text, err := json.Marshal(string(raw))
		if err == nil {
			err = json.Unmarshal(text, &want)
		}
		if err != nil || got != want {
			t.Fatalf("%x: %q, want %q %v", raw, got, want, err)
		}
	})
}

func TestPlaceholders(t *testing.T) {
	for in, want := range map[string]string{
		"SELECT ?":                       "SELECT $1",
		"a = ? AND b IN (?, ?)":          "a = $1 AND b IN ($2, $3)",
		"'it''s ?' = ? AND \"col?\" = ?": "'it''s ?' = $1 AND \"col?\" = $2",
		"a -- what? 'quote\n= ?":         "a \n= $1",
		"'open ?":                        "'open ?",
		"x = 'a' || ? -- end?":           "x = 'a' || $1 ",
		"1 - ? - -?":                     "1 - $1 - -$2",
		strings.Repeat("?,", 12):         "$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,",
		"":                               "",
	} {
		if got := numbered(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	var cache texts
	for i := range 3 * textCap {
		cache.postgres(strings.Repeat("?", i))
	}
	if n := len(cache.young) + len(cache.old); n > 2*textCap {
		t.Error("the cache holds", n)
	}
}
