package e2e

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// TestSixteenTakersOverTwoProcesses lets sixteen people race for the same offers through two servers over one
// PostgreSQL, and asks the database afterwards: nothing is offered twice at a time, nothing is taken twice.
func TestSixteenTakersOverTwoProcesses(t *testing.T) {
	database := postgres(t)
	portal := NewPortal(t, database)
	servers := []*Program{portal.Start(t), portal.Start(t)}

	var people []int64
	var tokens []string
	for n := range 16 { // administrators, so that each of them may try to take any offer
		id, token := servers[0].person(t, fmt.Sprint("Taker ", n), "admin")
		people, tokens = append(people, id), append(tokens, token)
	}
	door := servers[0].door(t, 30, people...)

	const requests = 24
	for n := range requests {
		servers[n%2].Must(t, "POST", "/api/intake/"+door, map[string]any{"name": "Client", "phone": fmt.Sprintf("+7912000%04d", n)}, nil)
	}
	var offers struct{ Items []struct{ ID int64 } }
	servers[1].Must(t, "GET", "/api/offers?limit=500", nil, &offers)
	if len(offers.Items) != requests {
		t.Fatalf("%d offers for %d requests", len(offers.Items), requests)
	}
	var wait sync.WaitGroup
	for n, token := range tokens {
		wait.Go(func() {
			for i := range offers.Items {
				offer := offers.Items[(i+n)%len(offers.Items)]
				path := fmt.Sprintf("/api/offers/%d/take", offer.ID)
				status, err := servers[(n+i)%2].Call(context.Background(), "POST", path, map[string]any{}, nil, "Authorization", "Bearer "+token)
				if err != nil || status >= 500 {
					t.Errorf("POST %s: %d %v", path, status, err)
				}
			}
		})
	}
	wait.Wait()

	c, err := pgx.Connect(context.Background(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	for _, check := range []struct {
		what, sql string
		want      int
	}{
		{"offers taken", "SELECT count(*) FROM offer WHERE state = 'taken'", requests},
		{"offers open", "SELECT count(*) FROM offer WHERE state = 'offered'", 0},
		{"records taken twice", "SELECT count(*) FROM (SELECT 1 FROM offer WHERE state = 'taken' GROUP BY type_id, record_id HAVING count(*) > 1) x", 0},
		{"takes in the journal", "SELECT count(*) FROM journal WHERE kind = 'offer_taken'", requests},
	} {
		var got int
		if err := c.QueryRow(context.Background(), check.sql).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != check.want {
			t.Errorf("%s: %d, want %d (%s)", check.what, got, check.want, strings.TrimPrefix(check.sql, "SELECT "))
		}
	}
}
