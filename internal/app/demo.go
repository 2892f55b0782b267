package app

import "voronka/internal/adapter/httpapi"

// AsDemo says that this is a demo portal, which pages show, and adds the routes only such a one has.
func AsDemo(routes func(*App, *httpapi.Router)) Option { return func(a *App) { a.demo = routes } }
