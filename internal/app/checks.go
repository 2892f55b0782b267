package app

import "voronka/internal/adapter/sqlstore/portal"

// Checks are all that doctor looks at.
func (a *App) Checks() []portal.Check { return portal.Checks(a.Blobs) }
