package httpapi

import (
	"slices"
	"strings"

	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
)

// Access is who may call a route at all. What of the portal's records he then reaches is the plan's business.
type Access string

// The rules. There is no default: a route that names none is refused at registration.
const (
	Public      Access = "public"     // everybody on the network; who asks is not looked at
	SetupOnly   Access = "setup_only" // everybody, while the portal is not set up
	SignedIn    Access = "signed_in"  // everybody with an account, guests too
	Member      Access = "member"     // everybody with an account but guests
	Admin       Access = "admin"      // administrators
	SetsUpLines Access = "pipelines"  // who may change the settings of some pipeline
	Importer    Access = "importer"   // who may let in files of requests
)

// Area is a rule: who runs an area of the portal.
func Area(a access.Area) Access { return Access(areaRule + string(a)) }

// HeadOr is a rule: heads and deputies, and who runs an area.
func HeadOr(a access.Area) Access { return Access(headRule + string(a)) }

// LooksOverOr is a rule: who has people under him or shares the sight of somebody who has, and who runs an area.
func LooksOverOr(a access.Area) Access { return Access(lookRule + string(a)) }

const areaRule, headRule, lookRule = "area:", "head_or:", "looks_over_or:"

// area takes apart a rule that names an area.
func (a Access) area() (rule string, area access.Area) {
	rule, name, _ := strings.Cut(string(a), ":")
	return rule + ":", access.Area(name)
}

func (a Access) known() bool {
	switch a {
	case Public, SetupOnly, SignedIn, Member, Admin, SetsUpLines, Importer:
		return true
	}
	rule, area := a.area()
	return (rule == areaRule || rule == headRule || rule == lookRule) && slices.Contains(access.Areas, area)
}

// signedIn tells whether the rule asks who it is.
func (a Access) signedIn() bool { return a != Public && a != SetupOnly }

// check refuses whom the rule leaves out.
func (a Access) check(who access.Who) error {
	switch {
	case a == Admin && !who.IsAdmin():
		return fault.New(fault.Forbidden, "http.admin_only")
	case a == Member && who.Role == access.Guest:
		return fault.New(fault.Forbidden, "http.forbidden")
	case a == SetsUpLines && !who.SetsUpPipelines():
		return who.Must(access.Types)
	case a == Importer && !who.Imports():
		return fault.New(fault.Forbidden, "record.forbidden_import")
	}
	switch rule, area := a.area(); {
	case rule == areaRule, rule == headRule && !who.IsHead(), rule == lookRule && !who.LooksOverPeople():
		return who.Must(area)
	}
	return nil
}

// Op describes one route.
type Op struct {
	Method  string // GET, POST, PUT, PATCH, DELETE
	Path    string // "/api/drums/{id}"
	ID      string // name of the operation in the API description; made of method and path by default
	Summary string // one line, English
	Doc     string // more, English
	Access  Access
	Tags    []string
	Status  int // of success; default 200, 201 for POST handlers with a body (say 200 where nothing is made), 204 without one

	// Limits.
	MaxBody   int64 // bytes; default the setting limit-body (1 MB)
	Upload    bool  // the body is streamed to the handler, up to MaxBody (default: the setting limit-upload), not read before
	PerMinute int   // calls a minute from one address, over and above the general rate; for public doors

	// Behaviour.
	Long       bool // the answer goes on (events): no admission control, no compression, no time limit
	Always     bool // answered under overload and while stopping too: health
	Secret     bool // the answer holds a secret (a token, a session): it is never kept for Idempotency-Key
	Everyday   bool // for administrators or heads, yet changes no settings: the access journal isn't told
	OwnKeys    bool // the handler itself carries out a request with an Idempotency-Key once
	Unfinished bool // also for who still has to set up his second factor, and may do nothing else
	Anywhere   bool // pages of any origin may call it: CORS, no cookies, no CSRF check; only with Public

	// Description of hand-written handlers (Stream): parameters of the query, a value of the type of the body.
	Query []Param
	Body  any
	// BodyType is the media type of Body; default application/json.
	BodyType string
}

// Param is one parameter of a hand-written handler.
type Param struct {
	Name     string
	Type     any // a value of its type: "", int64(0), false, []string(nil)
	Doc      string
	Required bool
}

// Body wraps an answer that is one JSON value.
type Body[T any] struct{ Body T }

// OK makes the answer of a typed handler.
func OK[T any](v T) *Body[T] { return &Body[T]{Body: v} }

// List is how every list is answered. Next is empty on the last page.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// ListOf makes the answer of a list; a nil slice becomes an empty one.
func ListOf[T any](items []T, next string) *Body[List[T]] {
	if items == nil {
		items = []T{}
	}
	return OK(List[T]{Items: items, Next: next})
}

// Empty is the input or the answer of a handler that has none.
type Empty struct{}

// id names the operation: GET /api/drums/{id}/state is get-drums-id-state.
func (o Op) id() string {
	if o.ID != "" {
		return o.ID
	}
	words := strings.FieldsFunc(strings.TrimPrefix(o.Path, "/api/"), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') })
	return strings.ToLower(o.Method) + "-" + strings.Join(words, "-")
}

// pathParams are the names in braces.
func (o Op) pathParams() []string {
	var names []string
	for _, part := range strings.Split(o.Path, "/") {
		if strings.HasPrefix(part, "{") && part != "{$}" {
			names = append(names, strings.TrimSuffix(strings.Trim(part, "{}"), "..."))
		}
	}
	return names
}

// wrong says what is the matter with the description.
func (o Op) wrong() string {
	switch {
	case !o.Access.known():
		return "declares no access rule"
	case o.Method == "" || !strings.HasPrefix(o.Path, "/"):
		return "has no method or path"
	case o.Anywhere && o.Access != Public:
		return "may be called from anywhere, so it must be Public"
	case strings.HasPrefix(o.Path, "/api/") && o.Summary == "":
		return "has no summary"
	}
	return ""
}
