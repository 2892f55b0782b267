package access

import "slices"

// Use is what an API token may be used for.
type Use string

// The uses.
const (
	UseRead     Use = "read"     // see records and how the portal is set up
	UseWrite    Use = "write"    // make, change, move and delete records
	UseImport   Use = "import"   // let in files of requests
	UseSettings Use = "settings" // change how the portal is set up
	UseAll      Use = "all"      // whatever the owner may
)

// Uses lists all uses.
var Uses = []Use{UseRead, UseWrite, UseImport, UseSettings, UseAll}

// Valid tells whether u is one of Uses.
func (u Use) Valid() bool { return slices.Contains(Uses, u) }

// Limit makes somebody less than he is: it only ever takes away. A token carries one, and a session whose person still has to
// set up the second factor. It is immutable.
type Limit struct {
	Uses  []Use    // none: nothing but one's own account
	Types []string // record types, by code; none: all
	now   Use      // what the running request makes use of
}

// Has tells whether the limit leaves a use. No limit leaves everything.
func (l *Limit) Has(u Use) bool {
	return l == nil || slices.Contains(l.Uses, u) || slices.Contains(l.Uses, UseAll)
}

// For is the limit while one of the uses given is made; the first that it leaves counts. ok is false when it leaves none.
func (l *Limit) For(uses ...Use) (in *Limit, ok bool) {
	if l == nil {
		return nil, true
	}
	for _, u := range uses {
		if l.Has(u) {
			return &Limit{Uses: l.Uses, Types: l.Types, now: u}, true
		}
	}
	return l, false
}

// Leaves tells whether the limit leaves an operation on records of a type.
func (l *Limit) Leaves(recordType string, op Op) bool {
	if l == nil {
		return true
	}
	if len(l.Types) > 0 && !slices.Contains(l.Types, recordType) {
		return false
	}
	switch op {
	case See:
		return l.Has(UseRead) || l.Has(UseWrite)
	case Export:
		return l.Has(UseRead)
	case Settings:
		return l.Has(UseSettings)
	case Import:
		return l.Has(UseImport)
	}
	return l.Has(UseWrite)
}

// runs tells whether what the request makes use of lets run the portal. A token for some types runs nothing.
func (l *Limit) runs() bool {
	return l == nil || len(l.Types) == 0 && (l.now == UseSettings || l.now == UseImport || slices.Contains(l.Uses, UseAll))
}
