//go:build !windows

package cli

// systemLanguage: where there are variables, they say all.
func systemLanguage() string { return "" }
