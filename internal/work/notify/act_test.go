package notify

import (
	"testing"

	"pgregory.net/rapid"
)

func TestWordsOfAction(t *testing.T) {
	keys, others := Keys{Sign: secret()}, Keys{Sign: secret()}
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.Int64Range(1, 1<<60)
		n := &Item{Subject: id.Draw(t, "offer"), UserID: id.Draw(t, "user"), ID: id.Draw(t, "notice")}
		token := keys.word(n)
		w, ok := keys.read(token)
		if !ok || w != (word{n.Subject, n.UserID, n.ID}) {
			t.Fatalf("%q is read as %+v %v", token, w, ok)
		}
		if _, ok := others.read(token); ok {
			t.Fatal("a stranger's word is believed")
		}
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		b := []byte(token)
		b[at] = rapid.SampledFrom([]byte("0123456789.-_abZ")).Draw(t, "byte")
		if w, ok := keys.read(string(b)); ok && string(b) != token && (b[len(b)-1] == token[len(token)-1] || at != len(token)-1) {
			t.Fatalf("%q is believed: %+v", b, w)
		}
	})
	for _, wrong := range []string{"", ".", "...", "1.2.3", "1.2.3.", "0.1.1." + keys.signature("0.1.1"), "1.1." + keys.signature("1.1"), "a.b.c." + keys.signature("a.b.c")} {
		if _, ok := keys.read(wrong); ok {
			t.Errorf("%q is believed", wrong)
		}
	}
	if _, ok := (Keys{}).read(Keys{}.word(&Item{Subject: 1, UserID: 1, ID: 1})); ok {
		t.Error("without a secret anything is believed")
	}
}

// A kind's choice never goes beyond what the kind can, and defaults are told to those it can happen to.
func TestChoices(t *testing.T) {
	for _, k := range Kinds {
		if got := k.allowed(^Ways(0)); k.NoEmail && got.Has(Email) || !got.Has(Toast) {
			t.Errorf("%s: %b", k.Code, got)
		}
		if k.Ways != k.allowed(k.Ways) {
			t.Errorf("%s is told by a way it hasn't", k.Code)
		}
		if KindOf(k.Code) == nil || KindOf(k.Code).Code != k.Code {
			t.Errorf("%s isn't found", k.Code)
		}
	}
	if KindOf("nonsense") != nil {
		t.Error("nonsense is a kind")
	}
}
