package query

import "voronka/internal/kernel/event"

// Title is what a record is called, as far as a person may know.
type Title struct {
	Text   string
	Hidden bool         // it is there, but not for him; the text is empty
	Access event.Access // without observers
}
