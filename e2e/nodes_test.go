package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// TestTwoNodes runs two servers over one PostgreSQL. What is set up on one counts on the other: fields within a second,
// rights within two, changes are heard within a second; and when one is killed, the other does its work.
func TestTwoNodes(t *testing.T) {
	portal := NewPortal(t, postgres(t))
	a, b := portal.Start(t), portal.Start(t)

	t.Run("a field", func(t *testing.T) {
		a.Must(t, "POST", "/api/types/deal/fields", map[string]any{"code": "floor", "kind": "integer", "title_ru": "Этаж", "title_en": "Floor"}, nil)
		var deal struct{ Floor int }
		eventually(t, time.Second, "the field on the other node", func() bool {
			status, _ := b.Call(t.Context(), "POST", "/api/deals", map[string]any{"title": "Tall", "floor": 7}, &deal)
			return status == http.StatusCreated
		})
		if deal.Floor != 7 {
			t.Errorf("floor %d", deal.Floor)
		}
	})

	t.Run("rights", func(t *testing.T) {
		id, token := a.person(t, "Boris", "manager")
		bearer := []string{"Authorization", "Bearer " + token}
		eventually(t, 2*time.Second, "the newcomer on the other node", func() bool {
			status, _ := b.Call(t.Context(), "POST", "/api/deals", map[string]any{"title": "His"}, nil, bearer...)
			return status == http.StatusCreated
		})
		a.Must(t, "PATCH", fmt.Sprint("/api/users/", id), map[string]any{"role": "guest"}, nil)
		eventually(t, 2*time.Second, "the new role on the other node", func() bool {
			status, _ := b.Call(t.Context(), "POST", "/api/deals", map[string]any{"title": "Not his"}, nil, bearer...)
			return status == http.StatusForbidden
		})
	})

	t.Run("live", func(t *testing.T) {
		live := b.live(t)
		for n := range 3 {
			var deal struct{ ID int64 }
			a.Must(t, "POST", "/api/deals", map[string]any{"title": fmt.Sprint("Far ", n)}, &deal)
			hears(t, live, time.Second, "a deal of the other node", func(m message) bool {
				return m.Data.Type == "deal" && m.Data.ID == deal.ID && m.Data.Event == "created"
			})
		}
	})

	t.Run("one is killed", func(t *testing.T) {
		id, _ := a.person(t, "Taker", "manager")
		door := a.door(t, 0.05, id) // three seconds
		a.Must(t, "POST", "/api/intake/"+door, map[string]any{"name": "Client", "phone": "+79120000001"}, nil)
		a.Kill()
		var incidents struct {
			Items []struct{ User int64 }
		}
		eventually(t, 10*time.Second, "the offer missed through the other node", func() bool {
			b.Must(t, "GET", "/api/incidents", nil, &incidents)
			return len(incidents.Items) > 0
		})
		if n := incidents.Items[0].User; n != id || len(incidents.Items) > 1 {
			t.Errorf("%+v, want one of %d", incidents.Items, id)
		}
	})
	b.Kill()
	portal.doctor(t)
}
