package intake

import (
	"encoding/json"
	"strings"

	"voronka/internal/record/schema"
	"voronka/internal/sales/client"
)

// Shown is a request as a person may read it: without what became a field that is hidden from him. c is his view of the catalogue.
func (q Request) Shown(c *schema.Catalog) Request {
	q.Payload = ShownPayload(c, q.Record.Type, q.Payload)
	if !client.Shows(c, q.Record.Type, "source") {
		q.Source, q.Attribution = "", nil
	}
	return q
}

// ShownPayload is what came as a person may read it, whose view of the catalogue c is; typ is what it became.
func ShownPayload(c *schema.Catalog, typ string, payload json.RawMessage) json.RawMessage {
	var said map[string]json.RawMessage
	if len(payload) == 0 || json.Unmarshal(payload, &said) != nil {
		return payload
	}
	hidden := 0
	for name := range said {
		word := strings.ToLower(strings.TrimSpace(name))
		if meant, ok := known[word]; ok {
			word = meant
		}
		if !client.Shows(c, typ, word) {
			delete(said, name)
			hidden++
		}
	}
	if hidden == 0 {
		return payload
	}
	out, err := json.Marshal(said)
	if err != nil {
		return json.RawMessage("{}")
	}
	return out
}
