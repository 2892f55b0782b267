package texts

import (
	"maps"
	"slices"
	"testing"
	"testing/fstest"
)

func TestLanguagesHaveTheSameKeysAndArguments(t *testing.T) {
	ru, en := For("ru"), For("en")
	for _, key := range slices.Compact(slices.Sorted(slices.Values(append(ru.Keys(), en.Keys()...)))) {
		if !ru.Has(key) || !en.Has(key) {
			t.Errorf("%s: ru %v, en %v", key, ru.Has(key), en.Has(key))
			continue
		}
		inRu, inEn := map[string]bool{}, map[string]bool{}
		ru.texts[key].args(inRu)
		en.texts[key].args(inEn)
		if !maps.Equal(inRu, inEn) {
			t.Errorf("%s: arguments differ: ru %v, en %v", key, inRu, inEn)
		}
	}
}

func TestSay(t *testing.T) {
	fsys := fstest.MapFS{"ru/a.yaml": {Data: []byte(`
plain: Просто так
lead:
  n: "{n, plural, =0 {Нет лидов} one {# лид} few {# лида} many {# лидов}}"
  of: "{who} взял {n, plural, one {# лид} few {# лида} other {# лидов у {drum}}}"
quote: "Скобки '{' и '}', апостроф '' и о'кей"
select: "{kind, select, call {звонок} other {дело}}"
`)}}
	c, err := load(fsys, "ru")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		key  string
		args map[string]any
		want string
	}{
		{"plain", nil, "Просто так"},
		{"lead.n", map[string]any{"n": 0}, "Нет лидов"},
		{"lead.n", map[string]any{"n": 21}, "21 лид"},
		{"lead.n", map[string]any{"n": int64(1111)}, "1111 лидов"},
		{"lead.n", map[string]any{"n": 12_345_672}, "12\u00a0345\u00a0672 лида"},
		{"lead.n", map[string]any{"n": uint8(14)}, "14 лидов"},
		{"lead.of", map[string]any{"who": "Анна", "n": 5, "drum": "барабана"}, "Анна взял 5 лидов у барабана"},
		{"quote", nil, "Скобки { и }, апостроф ' и о'кей"},
		{"select", map[string]any{"kind": "call"}, "звонок"},
		{"select", map[string]any{"kind": "x"}, "дело"},
		{"missing.key", nil, "missing.key"},
	} {
		if got := c.Say(test.key, test.args); got != test.want {
			t.Errorf("%s %v: %q, want %q", test.key, test.args, got, test.want)
		}
	}
}

func TestBrokenSentencesAreRefused(t *testing.T) {
	for _, s := range []string{
		"{", "a } b", "{n, plural, one {x}}", "{n, plural, some {x} other {y}}", "{n, number}", "{}", "{a b}",
		"{n, plural, other {x}", "{n, plural, other {x} other {y}}", "{n, select, a {x}}",
	} {
		if m, err := parse(s); err == nil {
			t.Errorf("%q was read as %v", s, m)
		}
	}
}

func TestPlural(t *testing.T) {
	for _, test := range []struct {
		n      int64
		ru, en string
	}{
		{0, "many", "other"},
		{1, "one", "one"},
		{2, "few", "other"},
		{4, "few", "other"},
		{5, "many", "other"},
		{11, "many", "other"},
		{12, "many", "other"},
		{14, "many", "other"},
		{21, "one", "other"},
		{22, "few", "other"},
		{111, "many", "other"},
		{-1, "one", "one"},
	} {
		if ru, en := Plural("ru", test.n), Plural("en", test.n); ru != test.ru || en != test.en {
			t.Errorf("%d: %s %s, want %s %s", test.n, ru, en, test.ru, test.en)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, test := range []struct {
		n      int64
		ru, en string
	}{{0, "0", "0"}, {999, "999", "999"}, {1000, "1000", "1,000"}, {10000, "10\u00a0000", "10,000"}, {-1234567, "−1\u00a0234\u00a0567", "−1,234,567"}} {
		if ru, en := Number("ru", test.n), Number("en", test.n); ru != test.ru || en != test.en {
			t.Errorf("%d: %q %q, want %q %q", test.n, ru, en, test.ru, test.en)
		}
	}
}
