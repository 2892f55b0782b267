// Package workapi is the HTTP door of house work: notices, how one wants to be told, devices that are pushed to, the settings
// of mail and the letters to clients.
package workapi

import (
	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
	"voronka/internal/work/mail"
	"voronka/internal/work/notify"
)

// Deps are the use cases behind the routes.
type Deps struct {
	Tx     tx.Doer
	Notify *notify.Service
	Mail   *mail.Service
	Clock  clock.Clock
	Say    func(lang, key string, args map[string]any) string
}

// Routes registers the routes of the house.
func Routes(r *httpapi.Router, d Deps) {
	d.noticeRoutes(r)
	d.pushRoutes(r)
	d.mailRoutes(r)
	d.letterRoutes(r)
}
