package drum

import (
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
)

// Limits of a drum.
const (
	MaxMembers     = 500
	MaxTake        = 30 * 24 * time.Hour
	DefaultTake    = 30 * time.Minute
	DefaultMisses  = 4
	MaxMissesTotal = 100
)

// Drum is ordered people and a time to take.
type Drum struct {
	ID           int64
	Code         string
	Title        string
	Take         time.Duration // working time
	MissesToHead int           // misses of one record before the head answers for it; 0 = never
	HeadID       int64         // 0: the head over whoever missed last
	TakeStageID  int64         // where a taken record goes; 0: the next open stage of its pipeline
	Policy       Policy
	State        State
	Active       bool     // a drum that was removed is inactive
	Members      []Member // the named people; of other drums those who are treated specially
}

// Member is a person of a drum.
type Member struct {
	UserID int64
	Active bool // false: passed over for the time being
	Weight int  // hundredths, 0 = FullWeight
	Cap    int  // open offers he may have, 0 = as the policy says
}

// States of an offer. Offered, Escalated and Waiting are open.
const (
	Offered   = "offered"   // somebody has it, the clock runs or stands still out of hours
	Escalated = "escalated" // the head has it, without a deadline
	Waiting   = "waiting"   // nobody could take it: the head answers for it until somebody can
	Taken     = "taken"
	Missing   = "missed"
	Withdrawn = "withdrawn"
	Passed    = "dealt" // it waited, and somebody was found
)

// Offer is one person's turn at a record.
type Offer struct {
	ID        int64
	DrumID    int64
	Record    ref.Ref
	Title     string       // of the record; when read for showing
	Access    event.Access // of the record; when read for showing
	UserID    int64        // 0 while Waiting
	Round     int          // 1 for the first offer of a record, one more after each miss
	State     string
	OfferedAt clock.Instant
	DueAt     clock.Instant // 0 = without a deadline
	Work      time.Duration // the working time DueAt was counted by, 0 = without a deadline
	Pauses    []Pause       // when the clock stands still between OfferedAt and DueAt
	Portion   string        // the source whose daily portion it belongs to
	FirstID   int64         // who had the record first
	DecidedAt clock.Instant // 0 = open
	DecidedBy int64
	Reasons   []Reason
}

// Open tells whether the offer still waits for a decision.
func (o *Offer) Open() bool { return o.DecidedAt == 0 }

// Events of offers. Data is the offer as the API shows it, without its title; Users are those it concerns.
const (
	EventMade      = "offer.made"
	EventTaken     = "offer.taken"
	EventMissed    = "offer.missed"
	EventWithdrawn = "offer.withdrawn"
	EventEscalated = "offer.escalated" // the head watches or is told, the drum goes on
	EventMoved     = "offer.moved"     // its deadline was counted anew
)

// Entries of the journal.
const (
	JournalMade      = "offer_made"
	JournalEscalated = "offer_escalated"
	JournalWaiting   = "offer_waiting"
	JournalTaken     = "offer_taken"
	JournalMissed    = "offer_missed"
	JournalWithdrawn = "offer_withdrawn"
)
