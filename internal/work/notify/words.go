package notify

import (
	"encoding/json"
	"fmt"
	"time"

	"voronka/internal/kernel/clock"
)

// Args are the values of a notice's texts as they are stored: texts and whole numbers. A name that ends in _at is a moment
// and is written in the reader's zone.
type Args map[string]any

func argsOf(in map[string]any) (Args, error) {
	b, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("notify: %w", err)
	}
	return ReadArgs(b)
}

// ReadArgs reads what was stored.
func ReadArgs(b []byte) (Args, error) {
	out := Args{}
	if len(b) == 0 || string(b) == "null" {
		return out, nil
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return nil, fmt.Errorf("notify: %w", err)
	}
	return out, nil
}

// Words are the title and the sentence of a notice in a reader's language and zone.
func (s *Service) Words(n *Item, lang, zone string, now clock.Instant) (title, body string) {
	args := map[string]any{}
	for name, v := range n.Args {
		args[name] = v
	}
	for name, v := range n.Args {
		if at, ok := v.(float64); ok && len(name) > 3 && name[len(name)-3:] == "_at" {
			args[name[:len(name)-3]] = s.Moment(lang, zone, clock.Instant(at), now)
		}
	}
	if n.Until != 0 {
		args["until"] = s.Moment(lang, zone, n.Until, now)
	}
	args["timed"] = yes(n.Until != 0)
	args["named"] = yes(n.Args["title"] != nil && n.Args["title"] != "")
	return s.say(lang, "notice."+n.Kind+".title", args), s.say(lang, "notice."+n.Kind+".body", args)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func (s *Service) say(lang, key string, args map[string]any) string {
	return s.Texts.Say(lang, key, args)
}

// Moment writes a moment as people say it: only the time when it is on the same day.
func (s *Service) Moment(lang, zone string, at, now clock.Instant) string {
	place, err := time.LoadLocation(zone)
	if err != nil {
		place = time.UTC
	}
	if at.Date(place) == now.Date(place) {
		return at.In(place).Format("15:04")
	}
	return s.Texts.Moment(lang, at.In(place))
}
