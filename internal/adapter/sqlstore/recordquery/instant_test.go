package recordquery

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAppendInstantIsRFC3339(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ms := rapid.OneOf(
			rapid.Int64Range(-62_135_596_800_000, 253_402_300_799_999), // years 1 … 9999
			rapid.Int64Range(0, 4_102_444_800_000),
		).Draw(t, "ms")
		want := `"` + time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") + `"`
		if got := string(appendInstant(nil, ms)); got != want {
			t.Fatalf("%d: %s, want %s", ms, got, want)
		}
	})
}

func BenchmarkAppendInstant(b *testing.B) {
	buf := make([]byte, 0, 64)
	for i := range b.N {
		buf = appendInstant(buf[:0], int64(i)*12_345_678)
	}
}
