package page

import (
	"errors"
	"reflect"
	"testing"

	"voronka/internal/kernel/fault"
)

// FuzzDecode: a mark that isn't ours is refused as the user's mistake; one that is read says the same when written anew.
func FuzzDecode(f *testing.F) {
	type position struct {
		Value any
		ID    int64
	}
	for _, s := range []string{Encode(position{"a", 5}), Encode([]any{1, nil}), Encode(nil), "", "!", "e30", "bnVsbA", "eyJJRCI6MWU5OTl9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, mark string) {
		var p, again position
		if err := Decode(mark, &p); err != nil {
			var ours *fault.Error
			if !errors.As(err, &ours) || ours.Code != fault.Invalid || len(ours.Fields) != 1 {
				t.Fatalf("%q: %v", mark, err)
			}
			return
		}
		if err := Decode(Encode(p), &again); err != nil || !reflect.DeepEqual(p, again) {
			t.Fatalf("%q is %+v, then %+v (%v)", mark, p, again, err)
		}
	})
}
