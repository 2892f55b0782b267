package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"gopkg.in/yaml.v3"

	"voronka/internal/kernel/fault"
)

// Version is the version of the format.
const Version = 1

// MaxDocument is the largest document that is read, in bytes.
const MaxDocument = 4 << 20

// Document is a portal's configuration. What it doesn't name stays as it is; lists it does give (the pipelines of a type, the
// stages of a pipeline, values, lost reasons, members) are whole.
type Document struct {
	Voronka int     `yaml:"voronka"` // Version
	Title   Text    `yaml:"title,omitempty"`
	About   Text    `yaml:"about,omitempty"`
	Portal  *Portal `yaml:"portal,omitempty"`
	Types   []Type  `yaml:"types,omitempty"`
	Drums   []Drum  `yaml:"drums,omitempty"`
	Forms   []Form  `yaml:"forms,omitempty"`
	Rules   []Rule  `yaml:"rules,omitempty"`
}

// Portal are settings of the whole portal. The company's name isn't among them.
type Portal struct {
	Language string `yaml:"language,omitempty"`
	Zone     string `yaml:"zone,omitempty"`
	Currency string `yaml:"currency,omitempty"`
	Region   string `yaml:"region,omitempty"`
	Simple   *bool  `yaml:"simple,omitempty"`
	Hours    *Hours `yaml:"hours,omitempty"`
}

// Hours are a schedule: intervals like 09:00-18:00 by day, mon to sun, and by date. Without a zone it is the portal's.
type Hours struct {
	Zone  string              `yaml:"zone,omitempty" json:"zone"`
	Week  map[string][]string `yaml:"week" json:"week"`
	Dates map[string][]string `yaml:"dates,omitempty" json:"dates,omitempty"`
}

// Type is a record type.
type Type struct {
	Code      string     `yaml:"code"`
	Title     Text       `yaml:"title,omitempty"`
	Plural    Text       `yaml:"plural,omitempty"`
	Staged    bool       `yaml:"staged,omitempty"`
	Fields    []Field    `yaml:"fields,omitempty"`
	Pipelines []Pipeline `yaml:"pipelines,omitempty"`
	Reasons   []Reason   `yaml:"lost_reasons,omitempty"`
}

// Field is a field of a type. Of fields every portal has only what may change is looked at.
type Field struct {
	Code     string  `yaml:"code"`
	Kind     string  `yaml:"kind"`
	Title    Text    `yaml:"title"`
	Required bool    `yaml:"required,omitempty"`
	Unique   bool    `yaml:"unique,omitempty"`
	Personal bool    `yaml:"personal,omitempty"`
	Indexed  bool    `yaml:"indexed,omitempty"`
	Scale    int     `yaml:"scale,omitempty"`
	Link     string  `yaml:"link,omitempty"`
	Default  any     `yaml:"default,omitempty"`
	Values   []Value `yaml:"values,omitempty"`
}

// Value is an entry of a list.
type Value struct {
	Code  string `yaml:"code"`
	Title Text   `yaml:"title"`
	Color int64  `yaml:"color,omitempty"`
}

// Pipeline is a pipeline with its stages in order.
type Pipeline struct {
	Code   string  `yaml:"code"`
	Title  Text    `yaml:"title"`
	Stages []Stage `yaml:"stages"`
}

// Stage is a stage. Limit is working time: 30m, 8h.
type Stage struct {
	Code        string `yaml:"code"`
	Title       Text   `yaml:"title"`
	Kind        string `yaml:"kind,omitempty"`
	Color       int64  `yaml:"color,omitempty"`
	Limit       Span   `yaml:"limit,omitempty"`
	Goal        Text   `yaml:"goal,omitempty"`
	Role        Text   `yaml:"role,omitempty"`
	Task        Text   `yaml:"task,omitempty"`
	Product     Text   `yaml:"product,omitempty"`
	Instruction Text   `yaml:"instruction,omitempty"`
}

// Reason is a reason of losing.
type Reason struct {
	Code  string `yaml:"code"`
	Title Text   `yaml:"title"`
}

// Drum is a drum. Invited, only in documents written by hand, puts the managers of the portal into a new one.
type Drum struct {
	Code        string    `yaml:"code"`
	Title       Text      `yaml:"title"`
	Take        Span      `yaml:"take"`
	Misses      int       `yaml:"misses_to_head"`
	Head        string    `yaml:"head,omitempty"`       // e-mail
	TakeStage   string    `yaml:"take_stage,omitempty"` // type/pipeline/stage
	Who         string    `yaml:"who,omitempty"`
	Department  string    `yaml:"department,omitempty"` // titles from the top, joined by " / "
	Order       string    `yaml:"order,omitempty"`
	Cap         int       `yaml:"cap,omitempty"`
	Former      bool      `yaml:"former,omitempty"`
	Taken       []string  `yaml:"taken_by,flow,omitempty"`
	HeadBecomes string    `yaml:"head_becomes,omitempty"`
	Clock       string    `yaml:"clock,omitempty"` // person or always
	Hours       *Hours    `yaml:"hours,omitempty"`
	NeedDay     bool      `yaml:"need_day,omitempty"`
	Stopped     bool      `yaml:"stopped,omitempty"`
	Sources     []Portion `yaml:"sources,omitempty"`
	Members     []Member  `yaml:"members,omitempty"`
	Invited     bool      `yaml:"invited,omitempty"`
}

// Portion is how many records of a source a person gets a day.
type Portion struct {
	Source string `yaml:"source"`
	PerDay int    `yaml:"per_day"`
}

// Member is a person of a drum.
type Member struct {
	Person string `yaml:"person"`           // e-mail
	Weight int    `yaml:"weight,omitempty"` // hundredths
	Cap    int    `yaml:"cap,omitempty"`
	Passed bool   `yaml:"passed,omitempty"` // passed over for the time being
}

// Form is a door for requests, without its address and secrets.
type Form struct {
	Code        string         `yaml:"code"`
	Title       Text           `yaml:"title"`
	Channel     string         `yaml:"channel"`
	Source      string         `yaml:"source,omitempty"`
	Pipeline    string         `yaml:"pipeline,omitempty"` // type/pipeline
	Drum        string         `yaml:"drum,omitempty"`
	Responsible string         `yaml:"responsible,omitempty"` // e-mail
	Language    string         `yaml:"language,omitempty"`
	Closed      bool           `yaml:"closed,omitempty"`
	Form        map[string]any `yaml:"form,omitempty"` // as the API has it
}

// Rule is a rule of routing, the one with the code "default" catches what no other does.
type Rule struct {
	Code  string `yaml:"code"`
	Title Text   `yaml:"title,omitempty"`
	Off   bool   `yaml:"off,omitempty"`
	When  string `yaml:"when,omitempty"`
	To    Target `yaml:"to"`
}

// Target is who a rule gives to; an empty one is the way of the door.
type Target struct {
	Person     string `yaml:"person,omitempty"`
	Drum       string `yaml:"drum,omitempty"`
	Department string `yaml:"department,omitempty"`
	Way        string `yaml:"way,omitempty"`
}

// Read reads a document and refuses what it doesn't know, so that a misspelled word isn't lost.
func Read(b []byte) (*Document, error) {
	if len(b) > MaxDocument {
		return nil, fault.New(fault.TooLarge, "blueprint.too_large", fault.Args{"max": MaxDocument >> 20})
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	var doc Document
	if err := d.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("empty")
		}
		return nil, fault.New(fault.Invalid, "blueprint.unreadable", fault.Args{"detail": err.Error()})
	}
	if doc.Voronka != Version {
		return nil, fault.New(fault.Invalid, "blueprint.other_version", fault.Args{"version": Version})
	}
	return &doc, nil
}

// Write writes the document; the same portal always gives the same bytes.
func (d *Document) Write(w io.Writer) error {
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	if err := e.Encode(d); err != nil {
		return fmt.Errorf("blueprint: %w", err)
	}
	return e.Close()
}
