// Package portal holds what is said once of the whole installation: the company's name, language, zone, base currency, and
// whether leads are used. Working time of the portal is stored beside it.
package portal

import (
	"context"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/money"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/worktime"
)

// Portal are the settings of the installation, stored as JSON in setting "portal".
type Portal struct {
	Company  string `json:"company"`
	Lang     string `json:"lang"`     // ru or en
	Zone     string `json:"zone"`     // IANA name
	Currency string `json:"currency"` // ISO 4217; sums are compared in it
	Simple   bool   `json:"simple"`   // requests become deals at once, there are no leads
	Region   string `json:"region"`   // ISO 3166, of phone numbers without a country code
	// SecondFactor says of whom signing in demands it.
	SecondFactor Demand `json:"second_factor,omitempty"`
}

// Demand says of whom something is demanded.
type Demand string

// The demands.
const (
	OfNobody Demand = ""
	OfAdmins Demand = "admins"
	OfAll    Demand = "all"
)

// Of tells whether it is demanded of somebody with this role.
func (d Demand) Of(role access.Role) bool { return d == OfAll || d == OfAdmins && role == access.Admin }

func (d Demand) known() bool { return d == OfNobody || d == OfAdmins || d == OfAll }

// Default is what holds before the first run is through.
func Default() Portal {
	return Portal{Lang: "ru", Zone: "Europe/Moscow", Currency: "RUB", Region: "RU"}
}

// Patch is what shall change; nil leaves as it is.
type Patch struct {
	Company, Lang, Zone, Currency, Region *string
	Simple                                *bool
	SecondFactor                          *Demand
	WorkTime                              *worktime.Schedule
}

// MaxCompany is the longest company name in characters.
const MaxCompany = 120

// Clean brings the settings into shape and says what is wrong with them.
func (p Portal) Clean() (Portal, error) {
	var wrong *fault.Error
	p.Company = strings.Join(strings.Fields(norm.NFC.String(strings.ToValidUTF8(p.Company, ""))), " ")
	if p.Company == "" {
		wrong = wrong.With("company", "portal.company_missing")
	}
	if utf8.RuneCountInString(p.Company) > MaxCompany {
		wrong = wrong.With("company", "user.too_long", fault.Args{"max": MaxCompany})
	}
	if p.Lang != "ru" && p.Lang != "en" {
		wrong = wrong.With("language", "user.bad_language")
	}
	if _, err := worktime.Zone(p.Zone); err != nil {
		wrong = wrong.With("zone", "user.bad_zone")
	}
	if !money.ValidCurrency(p.Currency) {
		wrong = wrong.With("currency", "portal.bad_currency")
	}
	if p.Region = strings.ToUpper(p.Region); p.Region == "" {
		p.Region = RegionOf(p.Zone, p.Lang)
	}
	if !p.SecondFactor.known() {
		wrong = wrong.With("second_factor", "user.bad_choice")
	}
	if !regional(p.Region) {
		wrong = wrong.With("region", "portal.bad_region")
	}
	return p, wrong.OrNil()
}

func regional(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}

// Store keeps the settings.
type Store interface {
	// LockOrg makes other changes of people, departments and the portal wait until the transaction ends, and tells all
	// nodes afterwards that there is something new.
	LockOrg(t tx.Tx) error
	Portal(t tx.Tx) (Portal, error)
	SavePortal(t tx.Tx, p Portal) error
	SaveWorkTime(t tx.Tx, s *worktime.Schedule) error
	// HasMoney tells whether any record holds an amount.
	HasMoney(t tx.Tx) (bool, error)
}

// Service changes the settings.
type Service struct {
	Tx    tx.Doer
	Store Store
	// Hours is told that everybody's working time has changed (person 0); may be nil.
	Hours func(t tx.Tx, userID int64) error
}

// Change applies a patch. The currency stays once there are records with money: their sums are kept in it.
func (s *Service) Change(ctx context.Context, who access.Who, patch Patch) (Portal, error) {
	if err := who.Must(access.Portal); err != nil {
		return Portal{}, err
	}
	var after Portal
	return after, s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		before, err := s.Store.Portal(t)
		if err != nil {
			return err
		}
		if patch.SecondFactor != nil && !who.IsAdmin() {
			return fault.New(fault.Forbidden, "org.admin_only")
		}
		if after, err = patch.apply(before).Clean(); err != nil {
			return err
		}
		if after.Currency != before.Currency {
			if held, err := s.Store.HasMoney(t); err != nil {
				return err
			} else if held {
				return fault.In("currency", "portal.currency_fixed")
			}
		}
		if patch.WorkTime != nil {
			if err := s.saveWorkTime(t, patch.WorkTime); err != nil {
				return err
			}
		}
		return s.Store.SavePortal(t, after)
	})
}

func (s *Service) saveWorkTime(t tx.Tx, schedule *worktime.Schedule) error {
	if err := schedule.Check(); err != nil {
		return &fault.Error{Code: fault.Invalid, Key: "invalid", Err: err, Fields: []fault.Field{{Path: "worktime", Key: "portal.bad_worktime"}}}
	}
	if err := s.Store.SaveWorkTime(t, schedule); err != nil || s.Hours == nil {
		return err
	}
	return s.Hours(t, 0)
}

func (c Patch) apply(p Portal) Portal {
	set := func(to *string, from *string) {
		if from != nil {
			*to = *from
		}
	}
	set(&p.Company, c.Company)
	set(&p.Lang, c.Lang)
	set(&p.Zone, c.Zone)
	set(&p.Currency, c.Currency)
	set(&p.Region, c.Region)
	if c.Simple != nil {
		p.Simple = *c.Simple
	}
	if c.SecondFactor != nil {
		p.SecondFactor = *c.SecondFactor
	}
	return p
}
