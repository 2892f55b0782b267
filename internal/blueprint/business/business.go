// Package business holds ready businesses: configurations a company of a line can begin with, as documents of room config in
// both languages.
package business

import (
	"cmp"
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"voronka/internal/blueprint/config"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/setup"
)

//go:embed *.yaml
var files embed.FS

// Business is a ready business.
type Business struct {
	Code string
	*config.Document
}

// order is how they are offered.
var order = []string{"fire", "wholesale", "services", "training", "clinic"}

var all = sync.OnceValues(read)

// All are the ready businesses in the order they are offered.
func All() ([]Business, error) { return all() }

func read() (list []Business, err error) {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		b, err := files.ReadFile(e.Name())
		if err != nil {
			return nil, err
		}
		doc, err := config.Read(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
		list = append(list, Business{strings.TrimSuffix(e.Name(), path.Ext(e.Name())), doc})
	}
	slices.SortFunc(list, func(a, b Business) int { return cmp.Compare(slices.Index(order, a.Code), slices.Index(order, b.Code)) })
	return list, nil
}

// Find is the business of a code; nil when there is none.
func Find(code string) (*Business, error) {
	list, err := All()
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(list, func(b Business) bool { return b.Code == code }); i >= 0 {
		return &list[i], nil
	}
	return nil, nil
}

// Ready equips a fresh portal; it implements setup.Business.
type Ready struct{ Config *config.Service }

var _ setup.Business = Ready{}

// Known implements setup.Business.
func (Ready) Known(code string) bool {
	b, err := Find(code)
	return err == nil && b != nil
}

// Equip implements setup.Business.
func (r Ready) Equip(t tx.Tx, admin int64, e setup.Equipment) error {
	b, err := Find(e.Business)
	if err != nil {
		return err
	}
	if b == nil {
		return fault.In("business", "blueprint.no_business")
	}
	org, err := r.Config.Org.In(t)
	if err != nil {
		return err
	}
	who, ok := org.Who(admin)
	if !ok {
		return fault.New(fault.Forbidden, "org.admin_only")
	}
	doc := *b.Document
	if e.OwnHours && doc.Portal != nil {
		p := *doc.Portal
		p.Hours = nil
		doc.Portal = &p
	}
	_, err = r.Config.ApplyIn(t, who, &doc, config.Choice{
		Simple: &e.Simple, KeepPortal: true, NoDrums: e.Take == 0, Take: config.Span(time.Duration(e.Take) * time.Minute),
	})
	return err
}
