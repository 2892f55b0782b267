package pipeline

import (
	"strconv"
	"strings"
	"unicode"

	"voronka/internal/record/schema"
)

// latin spells Russian, Belarusian, Ukrainian and Kazakh letters in Latin ones.
var latin = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y", 'к': "k",
	'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts",
	'ч': "ch", 'ш': "sh", 'щ': "sch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
	'і': "i", 'ў': "u", 'ї': "yi", 'є': "ye", 'ґ': "g", 'ә': "a", 'ғ': "g", 'қ': "k", 'ң': "n", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h",
}

// Code makes the immutable code of something from its title: transliterated, [a-z][a-z0-9_]*, at most schema.MaxCode long,
// and not one of those taken. A title without usable letters gives fallback.
func Code(title, fallback string, taken map[string]bool) string {
	base := spell(title)
	if base == "" {
		base = fallback
	}
	if base[0] >= '0' && base[0] <= '9' {
		base = fallback + "_" + base
	}
	base = clip(base, schema.MaxCode)
	code := base
	for n := 2; taken[code]; n++ {
		tail := "_" + strconv.Itoa(n)
		code = clip(base, schema.MaxCode-len(tail)) + tail
	}
	return code
}

func clip(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.TrimRight(s, "_")
}

func spell(title string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(title) {
		var part string
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			part = string(r)
		case latin[r] != "":
			part = latin[r]
		case r == 'ъ', r == 'ь', unicode.Is(unicode.Mn, r):
			continue
		default:
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('_')
		}
		gap = false
		b.WriteString(part)
	}
	return b.String()
}
