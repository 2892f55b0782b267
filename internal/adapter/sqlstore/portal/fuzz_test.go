package portal

import (
	"bytes"
	"errors"
	"testing"

	"voronka/internal/kernel/fault"
)

// FuzzManifest: a backup may come from anywhere. Its manifest is refused in words, or names nothing but names.
func FuzzManifest(f *testing.F) {
	for _, s := range []string{
		`{"format":1,"version":1,"schema":{"tables":[{"name":"r_deal","columns":[{"name":"id","kind":"integer","auto":true}],"primary":["id"],"indexes":[{"name":"i","parts":["id DESC"]}]}]},"tables":[{"name":"r_deal","rows":1}],"files":[]}`,
		`{"format":1,"schema":{"tables":[null]}}`, `{"format":1,"schema":{},"tables":[null],"files":[null]}`,
		`{"format":1,"schema":{"tables":[{"name":"x","columns":[null],"indexes":[null]}]}}`,
		`{"format":1,"version":9000,"schema":{}}`, `{"format":1,"schema":{"tables":[{"name":"x; DROP TABLE user"}]}}`, `null`, `[]`, ``,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := parseManifest(bytes.NewReader(b))
		if err != nil {
			var ours *fault.Error
			if !errors.As(err, &ours) || ours.Code != fault.Invalid && ours.Code != fault.Conflict {
				t.Fatalf("%q: %v", b, err)
			}
			return
		}
		for _, p := range m.Tables {
			if !plainName.MatchString(p.Name) || m.Schema.Table(p.Name) == nil {
				t.Fatalf("%q: table %q", b, p.Name)
			}
		}
	})
}
