package drum

import (
	"context"
	"encoding/json"

	"voronka/internal/kernel/event"
	"voronka/internal/kernel/tx"
)

// Hear listens to what happens: when people have come, gone or returned, drums are looked after. It may hear the same
// twice.
func (s *Service) Hear(ctx context.Context, events []event.Event) error {
	for _, e := range events {
		var changed struct {
			Name string `json:"name"`
		}
		if e.Type == "config.changed" && json.Unmarshal(e.Data, &changed) == nil && changed.Name == "org" {
			return s.Tx.Do(ctx, func(t tx.Tx) error { return s.Wake(t) })
		}
	}
	return nil
}
