package record_test

import (
	"encoding/json"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/record/record"
)

func TestDealIsWrittenAndRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		company := h.mustCreate(3, "company", record.Values{"title": "ООО «Ёлка»", "phones": []any{"8 (812) 555-01-42 доб. 5"}})
		id := h.mustCreate(3, "deal", record.Values{
			"title": "Фасад", "amount": map[string]any{"amount": "1284000.50", "currency": "RUB"}, "company": json.Number("1"),
			"source": "site", "closes_on": "2026-12-18", "probability": json.Number("40"), "observers": []any{json.Number("5")},
		})
		want := map[string]string{
			"title": `"Фасад"`, "amount": `{"minor":128400050,"currency":"RUB","base":128400050}`, "company": `{"id":1}`, "source": `"site"`,
			"closes_on": `"2026-12-18"`, "probability": "40", "pipeline": `"main"`, "stage": `"new"`, "responsible": "3", "department": "2",
			"observers": "[5]", "version": "1", "comment": "null", "contact": "null", "closed_at": "null",
		}
		got := h.json("deal", id)
		for code, v := range want {
			if got[code] != v {
				t.Errorf("%s = %s, want %s", code, got[code], v)
			}
		}
		if got := h.json("company", company)["phones"]; got != `[{"value":"8 (812) 555-01-42 доб. 5","e164":"+78125550142"}]` {
			t.Errorf("phones = %s", got)
		}
		version, err := h.update(3, "deal", id, record.Values{"stage": "proposal", "amount": "2000", "comment": "срочно"}, 1)
		if err != nil || version != 2 {
			t.Fatal(version, err)
		}
		got = h.json("deal", id)
		for code, v := range map[string]string{"stage": `"proposal"`, "amount": `{"minor":200000,"currency":"RUB","base":200000}`, "comment": `"срочно"`, "version": "2"} {
			if got[code] != v {
				t.Errorf("%s = %s, want %s", code, got[code], v)
			}
		}
	})
}
