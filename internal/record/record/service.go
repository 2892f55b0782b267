package record

import (
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/record/schema"
)

// Service writes records. It is safe for concurrent use once all hooks are added.
type Service struct {
	store Store
	org   Org
	work  WorkClock
	hooks []Hook
}

// New makes a Service. work may be nil: the working time of the organisation is measured then.
func New(store Store, org Org, work WorkClock) *Service {
	return &Service{store: store, org: org, work: work}
}

// Add plugs behaviour in. It is called while the program is put together.
func (s *Service) Add(hook Hook) { s.hooks = append(s.hooks, hook) }

// Catalog is the schema as the transaction sees it.
func (s *Service) Catalog(t tx.Tx) (*schema.Catalog, error) { return s.store.Catalog(t) }

// session is what one use case needs at hand: who acts, the schema and the organisation in the transaction's view.
type session struct {
	*Service
	t      tx.Tx
	who    access.Who
	cat    *schema.Catalog
	typ    *schema.Type
	mine   *schema.Type // typ as the acting person knows it: without what is hidden from him
	dir    *directory.Directory
	portal schema.Portal
	totals ledger
	rates  map[string]int64
	today  string
}

// begin loads schema and organisation. An unknown type is NotFound.
func (s *Service) begin(t tx.Tx, who access.Who, typ string) (*session, error) {
	cat, err := s.store.Catalog(t)
	if err != nil {
		return nil, err
	}
	x := &session{Service: s, t: t, who: who, cat: cat}
	if x.typ = cat.Type(typ); x.typ == nil {
		return nil, fault.New(fault.NotFound, "record.no_such_type", fault.Args{"type": typ})
	}
	x.mine = cat.For(who).Type(typ)
	if x.dir, err = s.org.In(t); err != nil {
		return nil, err
	}
	p := x.dir.Portal
	x.portal = schema.Portal{Currency: p.Currency, Zone: p.Zone, Lang: p.Lang, Region: p.Region}.Filled()
	return x, nil
}

// finish writes what has gathered over several records.
func (x *session) finish() error { return x.store.AddTotals(x.t, x.totals.take()) }

// notFound is the one answer to what isn't there and to what may not be seen.
func notFound(r ref.Ref) *fault.Error {
	return fault.New(fault.NotFound, "record.not_found", fault.Args{"type": r.Type, "id": r.ID})
}

// forbidden is the answer to who sees a record but may not do this with it.
func forbidden(op access.Op) *fault.Error {
	return fault.New(fault.Forbidden, "record.forbidden_"+string(op))
}

// day is the present day in the portal's zone, for rates.
func (x *session) day() string {
	if x.today == "" {
		zone, err := time.LoadLocation(x.portal.Zone)
		if err != nil {
			zone = time.UTC
		}
		x.today = x.t.Now().Date(zone)
	}
	return x.today
}

// worked is the working time between two moments in seconds.
func (x *session) worked(userID int64, from, to clock.Instant) (int64, error) {
	switch {
	case to <= from:
		return 0, nil
	case x.work != nil:
		return x.work.Between(x.t, userID, from, to)
	}
	return int64(x.dir.ScheduleOf(userID).Between(from, to) / time.Second), nil
}

// Create makes a record. Without "responsible" it is the acting person's; without "pipeline" and "stage" it comes to the
// first stage of the first pipeline. Errors name fields by their codes.
func (s *Service) Create(t tx.Tx, who access.Who, typ string, v Values) (id int64, err error) {
	x, err := s.begin(t, who, typ)
	if err != nil {
		return 0, err
	}
	c, err := x.create(v)
	if err != nil {
		return 0, err
	}
	return c.ID, x.finish()
}

// Update changes the fields in v. base is the version the editor saw: fields changed by others since then merge, the same
// field with another value is a Conflict whose Data is ConflictData. base 0 writes over whatever is there. The answer is
// the version afterwards, unchanged when nothing differs.
func (s *Service) Update(t tx.Tx, who access.Who, r ref.Ref, v Values, base int64) (version int64, err error) {
	x, err := s.begin(t, who, r.Type)
	if err != nil {
		return 0, err
	}
	if version, err = x.update(r.ID, v, base); err != nil {
		return 0, err
	}
	return version, x.finish()
}

// Delete moves a record to the bin.
func (s *Service) Delete(t tx.Tx, who access.Who, r ref.Ref) error {
	x, err := s.begin(t, who, r.Type)
	if err != nil {
		return err
	}
	if err := x.delete(r.ID); err != nil {
		return err
	}
	return x.finish()
}

// Restore takes a record out of the bin, as it was and under its number.
func (s *Service) Restore(t tx.Tx, who access.Who, typ string, id int64) error {
	x, err := s.begin(t, who, typ)
	if err != nil {
		return err
	}
	if err := x.restore(id); err != nil {
		return err
	}
	return x.finish()
}

// Load is a record with all its values, locked against other writers, if who may see it.
func (s *Service) Load(t tx.Tx, who access.Who, r ref.Ref) (*State, error) {
	x, err := s.begin(t, who, r.Type)
	if err != nil {
		return nil, err
	}
	state, ok, err := s.store.Load(t, x.typ, r.ID, sideFields(x.typ))
	if err != nil {
		return nil, err
	}
	if !ok || !x.may(access.See, state.Access) {
		return nil, notFound(r)
	}
	return &state, nil
}

func sideFields(typ *schema.Type) []*schema.Field {
	var side []*schema.Field
	for _, f := range typ.Fields {
		if f.Kind.Many() {
			side = append(side, f)
		}
	}
	return side
}
