// Package rightsapi is the HTTP door of rights: roles, groups and stand-ins, what they come to for a person, why somebody may or
// may not, and looking with another's eyes. Deciding about records is access's business; here its answers are put into words.
package rightsapi

import (
	"context"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/org/role"
	"voronka/internal/org/session"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// Records tell what rights are decided by, and how many records a plan reaches.
type Records interface {
	// Attributes fails with NotFound for a record the plan doesn't reach.
	Attributes(ctx context.Context, plan access.Plan, c *schema.Catalog, r ref.Ref) (event.Access, error)
	Count(ctx context.Context, plan access.Plan, s *query.Scope, dst []byte) ([]byte, error)
}

// Deps are the use cases behind the routes.
type Deps struct {
	Roles    *role.Service
	Sessions *session.Service
	People   directory.Source
	Records  Records
	Catalog  func(ctx context.Context) (*schema.Catalog, error)
}

// Routes registers the routes.
func Routes(r *httpapi.Router, d Deps) {
	route := func(method, path string, a httpapi.Access, summary string) httpapi.Op {
		return httpapi.Route(method, path, a, "rights", summary)
	}
	httpapi.Handle(r, route(http.MethodGet, "/api/roles", httpapi.Admin, "Access roles, the fixed ones first"), d.listRoles)
	httpapi.Handle(r, route(http.MethodPost, "/api/roles", httpapi.Admin, "Make a role, perhaps of another's lines"), d.addRole)
	httpapi.Handle(r, route(http.MethodGet, "/api/roles/{id}", httpapi.Admin, "One role"), d.getRole)
	httpapi.Handle(r, route(http.MethodPatch, "/api/roles/{id}", httpapi.Admin, "Change what a role says or who holds it"), d.changeRole)
	httpapi.Handle(r, route(http.MethodDelete, "/api/roles/{id}", httpapi.Admin, "Take a role away from everybody"), d.removeRole)
	reset := route(http.MethodPost, "/api/roles/{id}/reset", httpapi.Admin, "Give a fixed role back what the program gives it")
	reset.Status = http.StatusOK
	httpapi.Handle(r, reset, d.resetRole)
	httpapi.Handle(r, route(http.MethodGet, "/api/roles/{id}/history", httpapi.Admin, "What was changed in a role, the newest first"), d.history)
	restore := route(http.MethodPost, "/api/roles/{id}/restore", httpapi.Admin, "Roll a role back to what it was before a change")
	restore.Status = http.StatusOK
	httpapi.Handle(r, restore, d.restore)
	httpapi.Stream(r, route(http.MethodGet, "/api/roles/export", httpapi.Admin, "All roles as a YAML document"), nil, d.export)
	take := route(http.MethodPost, "/api/roles/import", httpapi.Admin, "Take roles over from a YAML document, all or none")
	take.Status = http.StatusOK
	httpapi.Handle(r, take, d.takeOver)

	httpapi.Handle(r, route(http.MethodGet, "/api/groups", httpapi.Admin, "Groups of people"), d.listGroups)
	httpapi.Handle(r, route(http.MethodPost, "/api/groups", httpapi.Admin, "Make a group"), d.addGroup)
	httpapi.Handle(r, route(http.MethodPatch, "/api/groups/{id}", httpapi.Admin, "Change a group"), d.changeGroup)
	httpapi.Handle(r, route(http.MethodDelete, "/api/groups/{id}", httpapi.Admin, "Dissolve a group no role is given to"), d.removeGroup)
	httpapi.Handle(r, route(http.MethodGet, "/api/stand-ins", httpapi.Admin, "Who stands in for whom"), d.listStandIns)
	httpapi.Handle(r, route(http.MethodPost, "/api/stand-ins", httpapi.Admin, "Let somebody stand in for another"), d.addStandIn)
	httpapi.Handle(r, route(http.MethodDelete, "/api/stand-ins/{id}", httpapi.Admin, "End a stand-in at once"), d.removeStandIn)

	httpapi.Handle(r, route(http.MethodGet, "/api/rights/matrix", httpapi.Admin, "What a role, or all of a person's roles, come to"), d.matrix)
	httpapi.Handle(r, route(http.MethodGet, "/api/rights/why", httpapi.Member, "May somebody do something with a record, and why; others than oneself for administrators"), d.why)
	seen := route(http.MethodGet, "/api/rights/seen-by", httpapi.Member, "Who can see a record that one sees, and what they may do with it")
	seen.PerMinute = 120 // it looks at everybody
	httpapi.Handle(r, seen, d.seenBy)

	look := route(http.MethodPost, "/api/session/look-as", httpapi.Admin, "Look with another's eyes: this session may only read until it ends that")
	look.Status = http.StatusNoContent
	httpapi.Handle(r, look, d.lookAs)
	httpapi.Handle(r, route(http.MethodDelete, "/api/session/look-as", httpapi.SignedIn, "Look with one's own eyes again"), d.lookEnds)
}
