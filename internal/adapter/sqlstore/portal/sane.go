package portal

import (
	"regexp"
	"slices"
	"strings"
)

var (
	plainName    = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}$`)
	plainValue   = regexp.MustCompile(`^(-?\d+|'[^']*')?$`)
	plainClause  = regexp.MustCompile(`^([a-z_][a-z0-9_]* (=|<>|<|>|IS|NOT|AND|OR|NULL|-?\d+|'[^']*'|[a-z_][a-z0-9_]*| )+)?$`)
	columnKinds  = map[string]bool{"integer": true, "text": true, "key": true, "blob": true}
	tooManyParts = 32
)

// sane refuses a schema whose names or values could be anything but names and values: definitions are made of them, and
// a backup file may come from anywhere.
func (s *Schema) sane() error {
	for _, t := range s.Tables {
		if t == nil || slices.Contains(t.Columns, nil) || slices.Contains(t.Indexes, nil) {
			return broken("a table, column or index that is null")
		}
		if !plainName.MatchString(t.Name) {
			return broken("table name %q", t.Name)
		}
		for _, c := range t.Columns {
			if !plainName.MatchString(c.Name) || !columnKinds[c.Kind] || !plainValue.MatchString(c.Default) {
				return broken("column %q of %s", c.Name, t.Name)
			}
		}
		for _, name := range t.Primary {
			if t.Column(name) == nil {
				return broken("primary key of %s", t.Name)
			}
		}
		for _, x := range t.Indexes {
			if !plainName.MatchString(x.Name) || !plainClause.MatchString(x.Where) || len(x.Parts) > tooManyParts {
				return broken("index %q of %s", x.Name, t.Name)
			}
			for _, p := range x.Parts {
				if t.Column(strings.TrimSuffix(p, " DESC")) == nil {
					return broken("index %q of %s", x.Name, t.Name)
				}
			}
		}
	}
	return nil
}
