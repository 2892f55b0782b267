package role

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/textkey"
	"voronka/internal/org/access"
)

// Limits of roles.
const (
	MaxTitle   = 120
	MaxLines   = 200 // grants and lines about fields, each
	MaxNames   = 500 // types, pipelines, stages of one line
	MaxRoles   = 300
	MaxGroups  = 300
	MaxHolders = 5000
)

func (b *Body) parse(text string) error {
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), b); err != nil {
		return fmt.Errorf("role: %w", err)
	}
	return nil
}

// Text is the body as it is stored.
func (b *Body) Text() string {
	out, _ := json.Marshal(b) // only texts and numbers: it can't fail
	return string(out)
}

// tidy brings lists into one order without repetitions and refuses what means nothing. What types, pipelines, stages and fields
// there are is checked by others.
func (b *Body) tidy() error {
	if len(b.Grants) > MaxLines {
		return fault.In("grants", "role.too_many_lines", fault.Args{"max": MaxLines})
	}
	if len(b.Fields) > MaxLines {
		return fault.In("fields", "role.too_many_lines", fault.Args{"max": MaxLines})
	}
	b.Grants, b.Fields = slices.Clone(b.Grants), slices.Clone(b.Fields)
	for i := range b.Grants {
		if err := tidyGrant(&b.Grants[i], fmt.Sprintf("grants/%d", i)); err != nil {
			return err
		}
	}
	for i, f := range b.Fields {
		if f.Access != access.Hidden && f.Access != access.ReadOnly {
			return fault.In(fmt.Sprintf("fields/%d/access", i), "role.unknown_word", fault.Args{"word": short(string(f.Access))})
		}
	}
	b.Areas = ordered(b.Areas, access.Areas)
	for _, a := range b.Areas {
		if !slices.Contains(access.Areas, a) {
			return fault.In("areas", "role.unknown_word", fault.Args{"word": short(string(a))})
		}
	}
	return nil
}

func tidyGrant(g *access.Grant, path string) error {
	g.Ops, g.Scopes = ordered(g.Ops, access.Ops), ordered(g.Scopes, access.Scopes)
	g.Types, g.Pipelines, g.Stages = sorted(g.Types), sorted(g.Pipelines), sorted(g.Stages)
	if len(g.Types) > MaxNames || len(g.Pipelines) > MaxNames || len(g.Stages) > MaxNames {
		return fault.In(path, "role.too_many_lines", fault.Args{"max": MaxNames})
	}
	if len(g.Ops) == 0 {
		return fault.In(path+"/ops", "required")
	}
	if len(g.Scopes) == 0 {
		return fault.In(path+"/scopes", "required")
	}
	for _, op := range g.Ops {
		if !slices.Contains(access.Ops, op) {
			return fault.In(path+"/ops", "role.unknown_word", fault.Args{"word": short(string(op))})
		}
	}
	for _, s := range g.Scopes {
		if !slices.Contains(access.Scopes, s) {
			return fault.In(path+"/scopes", "role.unknown_word", fault.Args{"word": short(string(s))})
		}
	}
	return nil
}

// ordered sorts words as the list of all has them, each once; unknown ones come last.
func ordered[T comparable](words, all []T) []T {
	var out []T
	for _, w := range all {
		if slices.Contains(words, w) {
			out = append(out, w)
		}
	}
	for _, w := range words {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func sorted[T int64 | string](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(list)))
}

func short(s string) string {
	if utf8.RuneCountInString(s) > 40 {
		s = string([]rune(s)[:40]) + "…"
	}
	return s
}

// line brings a title into one line.
func line(path, text string) (string, error) {
	text = strings.Join(strings.Fields(norm.NFC.String(strings.ToValidUTF8(text, ""))), " ")
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return "", fault.In(path, "required")
	case n > MaxTitle:
		return "", fault.In(path, "user.too_long", fault.Args{"max": MaxTitle})
	}
	return text, nil
}

// Key is what a position is compared by.
func (h Holder) Key() string {
	if h.Kind != Position {
		return ""
	}
	return textkey.Key(h.Text)
}
