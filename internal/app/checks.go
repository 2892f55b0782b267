package app

import "voronka/internal/adapter/sqlstore/portal"

// Checks are all that doctor looks at.
func (a *App) Checks() []portal.Check {
	return append(portal.Checks(a.Blobs), a.Schema.Checks()...)
}
