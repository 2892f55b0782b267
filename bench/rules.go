package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// manyRules is how many routing rules requests pass before the last one gives them to the drum.
const manyRules = 100

// routing measures requests that are asked about by a hundred rules over all sorts of facts; only the last one holds.
func (b *bench) routing(ctx context.Context, s *server) error {
	post := func(method, path string, body any) ([]byte, error) {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		return s.must(ctx, request{name: "rules", who: "admin", method: method, path: path, body: func(int) []byte { return raw }}, 0)
	}
	var drums struct{ Items []struct{ ID int64 } }
	answer, err := s.must(ctx, request{name: "rules", who: "admin", method: http.MethodGet, path: "/api/drums"}, 0)
	if err == nil {
		err = json.Unmarshal(answer, &drums)
	}
	if err != nil || len(drums.Items) == 0 {
		return fmt.Errorf("drums: %w", err)
	}
	target := map[string]any{"kind": "drum", "id": drums.Items[0].ID}
	var made []int64
	for i := range manyRules {
		text := [...]string{
			`request.city = "Город %d" and record.amount > 1000`, `contains(request.text, "слово %d") or contains(request.text, "товар %[1]d")`,
			`record.source in ("call", "email") and request.utm_campaign = "c%d"`, `starts with(request.phones, "+7%03d")`,
			`record.amount in [%d00000000 .. 990000000000)`, `client.has_won_deals and request.field.f%d = "x" and record.created_at >= today() - 90 days`,
		}[i%6]
		when := fmt.Sprintf(text, i+1)
		if i == manyRules-1 {
			when = `request.channel = "form"`
		}
		answer, err := post(http.MethodPost, "/api/routing-rules", map[string]any{"title": fmt.Sprintf("Rule %d", i), "when": when, "target": target})
		if err != nil {
			return err
		}
		var rule struct{ ID int64 }
		if err := json.Unmarshal(answer, &rule); err != nil {
			return err
		}
		made = append(made, rule.ID)
	}
	r := intakeRequest(s, 922)
	r.name = "intake_routing"
	m, err := newMeter(ctx, s)
	if err != nil {
		return err
	}
	defer m.close(ctx)
	_, _, cpu, err := b.spell(ctx, s, m, r, 1, b.spellTime())
	b.note("intake_routing", s.Size, s.Database, "us", cpu)
	for _, id := range made { // what is measured after this knows no rules
		if _, e := s.must(ctx, request{name: "rules", who: "admin", method: http.MethodDelete, path: fmt.Sprintf("/api/routing-rules/%d", id)}, 0); err == nil {
			err = e
		}
	}
	return err
}
