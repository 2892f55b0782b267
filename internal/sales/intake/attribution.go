package intake

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Attribution is the way a visitor took before he asked: the first visit that brought him and the last one, as the snippet
// on the site saw them. Nothing in it comes from us or tells who he is.
type Attribution struct {
	First *Touch `json:"first,omitempty"`
	Last  *Touch `json:"last,omitempty"`
	Views int    `json:"views,omitempty"` // pages seen
}

// Touch is one arrival at the site.
type Touch struct {
	At       string `json:"at,omitempty"` // RFC 3339, by the visitor's clock
	Landing  string `json:"landing,omitempty"`
	Referrer string `json:"referrer,omitempty"`
	Source   string `json:"source,omitempty"`
	Medium   string `json:"medium,omitempty"`
	Campaign string `json:"campaign,omitempty"`
	Content  string `json:"content,omitempty"`
	Term     string `json:"term,omitempty"`
	Click    string `json:"click,omitempty"` // the click as the advertiser numbers it: yclid=…
}

// clicks are the parameters by which advertisers number clicks. Beside utm_… they are all that is kept of an address.
var clicks = []string{"yclid", "gclid", "fbclid", "vkclid", "msclkid", "wbraid", "gbraid"}

const maxAddress = 500 // bytes of a landing page or referrer

// ReadAttribution understands what the snippet sent: an object, or its JSON as a text. What it can't be is left out; nil
// when nothing is left.
func ReadAttribution(v any) *Attribution {
	if s, ok := v.(string); ok {
		d := json.NewDecoder(strings.NewReader(s))
		d.UseNumber()
		if len(s) > MaxBody || d.Decode(&v) != nil {
			return nil
		}
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	a := &Attribution{First: readTouch(object["first"]), Last: readTouch(object["last"])}
	if n, ok := object["views"].(json.Number); ok {
		views, _ := n.Int64()
		a.Views = int(min(max(views, 0), 100_000))
	}
	if a.Last == nil {
		a.Last = a.First
	}
	if a.First == nil {
		a.First = a.Last
	}
	if a.Last == nil {
		return nil
	}
	return a
}

func readTouch(v any) *Touch {
	object, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	of := func(name string) string { return line(text(object[name]), maxLine) }
	t := Touch{
		Landing: bare(text(object["landing"])), Referrer: bare(text(object["referrer"])), Source: of("source"), Medium: of("medium"),
		Campaign: of("campaign"), Content: of("content"), Term: of("term"), Click: of("click"),
	}
	if at, err := time.Parse(time.RFC3339, text(object["at"])); err == nil && at.Year() > 2000 && at.Year() < 2200 {
		t.At = at.UTC().Format(time.RFC3339)
	}
	if t == (Touch{At: t.At}) {
		return nil
	}
	return &t
}

// bare is an address without what may tell who somebody is: user, fragment and all parameters but those of advertisers.
func bare(s string) string {
	u, err := url.Parse(strings.TrimSpace(clean(s, maxText)))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	kept := url.Values{}
	for name, list := range u.Query() {
		if (strings.HasPrefix(name, "utm_") || slices.Contains(clicks, name)) && len(list) > 0 {
			kept.Set(clean(name, 40), clean(list[0], maxLine))
		}
	}
	u.User, u.Fragment, u.RawFragment, u.RawQuery = nil, "", "", kept.Encode()
	if s = u.String(); len(s) > maxAddress {
		u.RawQuery = ""
		if s = u.String(); len(s) > maxAddress {
			u.Path, u.RawPath = "/", ""
			s = u.String()
		}
	}
	if len(s) > maxAddress {
		return ""
	}
	return s
}

// attribute takes the visits from what came under the name attribution, else from the plain UTM fields, and fills the
// plain ones from the last visit.
func (p *Payload) attribute() {
	if a := p.Attribution; a != nil {
		last := a.Last
		for _, f := range []struct {
			to   *string
			from string
		}{{&p.UTMSource, last.Source}, {&p.UTMMedium, last.Medium}, {&p.UTMCampaign, last.Campaign}} {
			if *f.to == "" {
				*f.to = f.from
			}
		}
		if last.Referrer != "" {
			p.Referrer = last.Referrer
		}
		if last.Landing != "" {
			p.Landing = last.Landing
		}
		return
	}
	t := Touch{
		Landing: bare(p.Landing), Referrer: bare(p.Referrer), Source: p.UTMSource, Medium: p.UTMMedium, Campaign: p.UTMCampaign,
		Content: line(text(p.More["utm_content"]), maxLine), Term: line(text(p.More["utm_term"]), maxLine),
	}
	if t != (Touch{}) {
		p.Attribution = &Attribution{First: &t, Last: &t}
	}
}

// json is the attribution as it is kept, "" for none.
func (a *Attribution) json() json.RawMessage {
	if a == nil {
		return nil
	}
	b, err := json.Marshal(a)
	if err != nil {
		return nil
	}
	return b
}
