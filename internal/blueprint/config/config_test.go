package config

import (
	"bytes"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
)

func TestTextsAndSpansComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.OneOf(rapid.SampledFrom([]string{"true", "null", "12", "1e3", "2026-01-01", "~", "- a", " a ", "a\n"}), rapid.StringMatching(`[a-zа-яё:#{}'",.\- \n!&*%@|>?]{0,20}[a-zа-я]`))
		doc := Document{Voronka: Version, Title: Text{word.Draw(t, "ru"), word.Draw(t, "en")}, About: Both(word.Draw(t, "both"))}
		doc.Drums = []Drum{{Code: "a", Title: Both("A"), Take: Span(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "seconds")) * time.Second)}}
		var b bytes.Buffer
		if err := doc.Write(&b); err != nil {
			t.Fatal(err)
		}
		back, err := Read(b.Bytes())
		if err != nil {
			var d Document
			t.Fatalf("%v: %v\n%s", err, yaml.Unmarshal(b.Bytes(), &d), b.String())
		}
		if back.Title != doc.Title || back.About != doc.About || back.Drums[0].Take != doc.Drums[0].Take {
			t.Errorf("%+v became %+v\n%s", doc, back, b.String())
		}
	})
}
