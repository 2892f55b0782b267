package config

import (
	"context"
	"fmt"
	"strings"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/portal"
)

// Left is something of a document that couldn't be applied because who or what it names isn't here.
type Left struct {
	What string // "drum main", "rule partners"
	Name string // who or what is missing
}

// Choice is what of a document its user decides.
type Choice struct {
	// Simple overrides the document's; nil: as the document has it.
	Simple *bool
	// Take overrides how long offers of new drums may be taken, 0: as the document has it.
	Take Span
	// KeepPortal leaves the settings of the portal as they are, but for hours the document has.
	KeepPortal bool
	// NoDrums leaves the document's drums and rules out.
	NoDrums bool
}

// Apply brings the portal into the document's shape: all of it, or nothing when something in it is wrong. Applied again it
// changes nothing. Only administrators may.
func (s *Service) Apply(ctx context.Context, who access.Who, doc *Document, c Choice) (left []Left, err error) {
	if !who.IsAdmin() {
		return nil, fault.New(fault.Forbidden, "org.admin_only")
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		left, err = s.ApplyIn(t, who, doc, c)
		return err
	})
	return left, err
}

// ApplyIn is Apply inside a transaction of somebody who may.
func (s *Service) ApplyIn(t tx.Tx, who access.Who, doc *Document, c Choice) ([]Left, error) {
	a := &applying{Service: s.inside(t), t: t, ctx: t.Context(), who: who, doc: doc, choice: c}
	for _, step := range []func() error{a.look, a.portal, a.look, a.types, a.drums, a.forms, a.rules} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return a.left, nil
}

// applying is one application of a document.
type applying struct {
	*Service
	names
	t      tx.Tx
	ctx    context.Context
	who    access.Who
	doc    *Document
	choice Choice
	left   []Left
	drumID map[string]int64
}

// look reads anew what has been written.
func (a *applying) look() (err error) {
	a.names, err = a.Service.names(a.t)
	return err
}

func (a *applying) lang() string { return a.org.Portal.Lang }

func (a *applying) miss(what, code, name string) {
	a.left = append(a.left, Left{What: what + " " + code, Name: name})
}

// at says where in the document something was refused.
func at(err error, place ...any) error {
	if err == nil {
		return nil
	}
	path := strings.TrimSuffix(fmt.Sprintln(place...), "\n")
	if f, ok := err.(*fault.Error); ok {
		moved := *f
		moved.Fields = nil
		for _, field := range f.Fields {
			field.Path = path + ": " + field.Path
			moved.Fields = append(moved.Fields, field)
		}
		return &moved
	}
	return fmt.Errorf("%s: %w", path, err)
}

func (a *applying) portal() error {
	p := a.doc.Portal
	if p == nil {
		p = &Portal{}
	}
	patch := portal.Patch{Simple: a.choice.Simple}
	zone := a.org.Portal.Zone
	if !a.choice.KeepPortal {
		for _, s := range []struct {
			to   **string
			text string
		}{{&patch.Lang, p.Language}, {&patch.Zone, p.Zone}, {&patch.Currency, p.Currency}, {&patch.Region, p.Region}} {
			if s.text != "" {
				*s.to = &s.text
			}
		}
		if p.Zone != "" {
			zone = p.Zone
		}
	}
	if patch.Simple == nil && !a.choice.KeepPortal {
		patch.Simple = p.Simple
	}
	if p.Hours != nil {
		schedule, err := p.Hours.schedule(zone)
		if err != nil {
			return fault.In("portal/hours", "portal.bad_worktime")
		}
		patch.WorkTime = schedule
	}
	_, err := a.Portal.Change(a.ctx, a.who, patch)
	return at(err, "portal")
}
