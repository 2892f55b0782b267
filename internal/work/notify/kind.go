package notify

// Kinds of notices.
const (
	OfferMade       = "offer_made"
	OfferMissed     = "offer_missed"
	OfferEscalated  = "offer_escalated" // to you as head
	OfferWithdrawn  = "offer_withdrawn"
	RequestRepeated = "request_repeated"
	RecordAssigned  = "record_assigned"
	PeopleIncident  = "people_incident" // of those one heads
	StageOverdue    = "stage_overdue"
	Moderation      = "moderation" // a request waits for somebody to look at it
	Trouble         = "trouble"    // the program needs an administrator
	NewDevice       = "new_device" // somebody signed in as you with a browser you were never seen with
)

// Ways are the ways a notice is told besides the bell, which is always. Quiet holds back what disturbs outside working time.
type Ways int64

// The ways.
const (
	Toast Ways = 1 << iota
	Browser
	Push
	Email
	Quiet
)

// Has tells whether w is among the ways.
func (w Ways) Has(one Ways) bool { return w&one != 0 }

// Kind is a kind with how it is told unless a person chose otherwise, and to whom it can happen.
type Kind struct {
	Code  string
	Ways  Ways
	Admin bool // administrators only
	Head  bool // who leads a department, and administrators
	// NoEmail: a letter makes no sense, it is about letters.
	NoEmail bool
}

// Kinds are all kinds in the order of the settings. An offer doesn't wait for the morning: its deadline runs.
var Kinds = []Kind{
	{Code: OfferMade, Ways: Toast | Browser | Push},
	{Code: OfferMissed, Ways: Toast | Browser | Push | Quiet},
	{Code: OfferEscalated, Ways: Toast | Browser | Push | Email, Head: true},
	{Code: OfferWithdrawn, Ways: Toast | Quiet},
	{Code: RequestRepeated, Ways: Toast | Browser | Push | Quiet},
	{Code: RecordAssigned, Ways: Toast | Browser | Push | Quiet},
	{Code: StageOverdue, Ways: Toast | Push | Quiet},
	{Code: PeopleIncident, Ways: Toast | Push | Email | Quiet, Head: true},
	{Code: Moderation, Ways: Toast | Browser | Push | Quiet, Admin: true},
	{Code: NewDevice, Ways: Toast | Email},
	{Code: Trouble, Ways: Toast | Browser | Push, Admin: true, NoEmail: true},
}

// KindOf finds a kind by its code; nil when there is none.
func KindOf(code string) *Kind {
	for i := range Kinds {
		if Kinds[i].Code == code {
			return &Kinds[i]
		}
	}
	return nil
}
