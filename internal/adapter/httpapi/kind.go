package httpapi

import (
	"encoding/json"

	"voronka/internal/texts"
)

// KindTitle is what a kind of incident is called. Rooms put their kinds under incident_kind among the texts; what comes
// from elsewhere brings a title in its data, and without one the kind speaks for itself.
func KindTitle(lang, kind string, data []byte) string {
	say := texts.For(lang)
	if key := "incident_kind." + kind; say.Has(key) {
		return say.Say(key, nil)
	}
	var own struct {
		Title string `json:"title"`
	}
	if json.Unmarshal(data, &own) == nil && own.Title != "" {
		return own.Title
	}
	return kind
}
