package httpapi

import (
	"net/http"
	"slices"
	"strings"

	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
)

// What a token must be for to reach which paths. GET asks for reading, whatever else is done there for the use named. Paths
// that aren't here, one's own account among them, are for tokens that may everything.
var uses = []struct {
	path string
	use  access.Use
}{
	{"/api/activities", access.UseWrite},
	{"/api/bin", access.UseWrite},
	{"/api/board", access.UseWrite},
	{"/api/currency-rates", access.UseSettings},
	{"/api/files", access.UseWrite},
	{"/api/held-requests", access.UseWrite},
	{"/api/imports", access.UseImport},
	{"/api/incidents", access.UseWrite},
	{"/api/live", access.UseRead},
	{"/api/notifications", access.UseWrite},
	{"/api/offers", access.UseWrite},
	{"/api/records", access.UseWrite},
	{"/api/requests", access.UseWrite},
	{"/api/routings", access.UseWrite},
	{"/api/routing-test", access.UseRead},
	{"/api/search", access.UseRead},
	{"/api/working-day", access.UseWrite},
	{"/api/reports", access.UseRead},
	{"/api/letter-preview", access.UseRead},

	{"/api/absences", access.UseSettings},
	{"/api/addresses", access.UseSettings},
	{"/api/calendar-days", access.UseSettings},
	{"/api/calendar-imports", access.UseSettings},
	{"/api/calendars", access.UseSettings},
	{"/api/config", access.UseSettings},
	{"/api/departments", access.UseSettings},
	{"/api/drums", access.UseSettings},
	{"/api/groups", access.UseSettings},
	{"/api/intake-keys", access.UseSettings},
	{"/api/lead-prices", access.UseSettings},
	{"/api/lost-reasons", access.UseSettings},
	{"/api/mail-settings", access.UseSettings},
	{"/api/pipelines", access.UseSettings},
	{"/api/portal", access.UseSettings},
	{"/api/routing-facts", access.UseSettings},
	{"/api/routing-rules", access.UseSettings},
	{"/api/schedules", access.UseSettings},
	{"/api/stages", access.UseSettings},
	{"/api/rights", access.UseSettings},
	{"/api/roles", access.UseSettings},
	{"/api/stand-ins", access.UseSettings},
	{"/api/access-journal", access.UseSettings},
	{"/api/types", access.UseSettings},
	{"/api/users", access.UseSettings},
	{"/api/working-days", access.UseSettings},
	{"/api/qr", access.UseSettings},
}

// whole are paths that only a token for everything changes: whoever makes accounts, gives passwords or says what roles give could
// give himself whatever his token was to be kept from.
var whole = []string{"/api/users", "/api/roles", "/api/groups", "/api/stand-ins"}

func (o Op) whole() bool {
	return o.Method != http.MethodGet && slices.ContainsFunc(whole, func(p string) bool {
		return o.Path == p || strings.HasPrefix(o.Path, p+"/")
	})
}

// mixed tells whether the route speaks of records of all types without asking a plan: notices as they were told, requests before they
// became a record. A token for some types has no business there.
func (o Op) mixed() bool {
	return slices.ContainsFunc([]string{"/api/notifications", "/api/held-requests"}, func(p string) bool { return o.Path == p || strings.HasPrefix(o.Path, p+"/") })
}

// uses are those of which a token needs one to be let in, the most fitting first.
func (o Op) uses() []access.Use {
	if o.Method == http.MethodGet && (o.Path == "/api/me" || o.Path == "/api/notification-settings") {
		return access.Uses
	}
	if o.whole() {
		return []access.Use{access.UseAll}
	}
	for _, each := range uses {
		if o.Path != each.path && !strings.HasPrefix(o.Path, each.path+"/") {
			continue
		}
		switch {
		case o.Method != http.MethodGet:
			return []access.Use{each.use}
		case each.use == access.UseSettings || each.use == access.UseImport:
			return []access.Use{each.use, access.UseRead}
		}
		return []access.Use{access.UseRead, access.UseWrite}
	}
	if slices.Contains(o.Tags, "records") {
		if o.Method == http.MethodGet {
			return []access.Use{access.UseRead, access.UseWrite}
		}
		return []access.Use{access.UseWrite}
	}
	return []access.Use{access.UseAll}
}

// narrow tells whether the limit of who asks lets him through this door at all. What of the records he reaches there is the
// plan's business, which knows the limit too.
func (o Op) narrow(who *access.Who, token bool) error {
	if who.Limit == nil || o.Unfinished && !token {
		return nil
	}
	if !token {
		return fault.New(fault.Forbidden, "second.needed")
	}
	if len(who.Limit.Types) > 0 && o.mixed() {
		return fault.New(fault.Forbidden, "token.not_for_this")
	}
	in, ok := who.Limit.For(o.uses()...)
	if !ok {
		return fault.New(fault.Forbidden, "token.not_for_this")
	}
	who.Limit = in
	return nil
}
