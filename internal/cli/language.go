package cli

import "strings"

// language is the user's: the first of the usual variables that says something, else what the system knows.
func language(lookup func(string) (string, bool)) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v, ok := lookup(name); ok && v != "" {
			return known(v)
		}
	}
	return known(systemLanguage())
}

func known(locale string) string {
	if strings.HasPrefix(strings.ToLower(locale), "ru") {
		return "ru"
	}
	return "en"
}
