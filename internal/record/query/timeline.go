package query

import (
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/page"
	"voronka/internal/record/schema"
)

// Timeline asks for a page of a record's story.
type Timeline struct {
	Get
	Kind  string // "activity", or a kind of the journal; "" = all
	Limit int
	After *StoryMark
}

// StoryMark is the place of a page's last entry in a story.
type StoryMark struct {
	At       int64 `json:"a"`
	Activity bool  `json:"y,omitempty"`
	ID       int64 `json:"i"`
}

// String writes the mark for a URL.
func (m StoryMark) String() string { return page.Encode(m) }

// NewTimeline checks what is asked of a record's story.
func NewTimeline(c *schema.Catalog, typ string, id int64, kind, after string, limit int, linked Plans) (Timeline, error) {
	g, err := NewGet(c, typ, id, "", linked)
	t := Timeline{Get: g, Kind: kind, Limit: page.Limit(limit)}
	if err != nil || after == "" {
		return t, err
	}
	t.After = &StoryMark{}
	return t, page.Decode(after, t.After)
}

// Worked is how long an open visit has taken since a moment: by the wall and by the hours of a person, and until when those
// run without a pause, 0 while they don't.
type Worked func(user int64, since clock.Instant) (wall, work time.Duration, until clock.Instant)
