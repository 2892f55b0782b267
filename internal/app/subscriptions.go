package app

import (
	"context"

	"voronka/internal/kernel/event"
)

// subscription is one listener to what happens.
type subscription struct {
	name string
	// durable listeners keep their place in the database and miss nothing over restarts; on one node at a time. The others
	// hear on every node what happens while they run.
	durable bool
	take    func(context.Context, []event.Event) error
}

// subscriptions is who listens to what happens: the one table of it.
func (a *App) subscriptions() []subscription {
	return []subscription{
		{"live", false, a.Live.Take},    // open boards, lists and cards
		{"drums", true, a.Drums.Hear},   // who comes, goes and returns
		{"notify", true, a.Notify.Hear}, // what people are told, letters to clients
	}
}

func (a *App) subscribe() {
	for _, s := range a.subscriptions() {
		a.Pump.Subscribe(s.name, s.durable, s.take)
	}
}
