package intake

import (
	"context"
	"errors"
	"maps"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/routing"
)

// Routing says who a record goes to.
type Routing interface {
	Book(t tx.Tx) (*routing.Book, error)
	Decide(t tx.Tx, in routing.Input) (routing.Decision, error)
	Note(t tx.Tx, r ref.Ref, d routing.Decision, before *routing.Routing) error
	Give(t tx.Tx, r ref.Ref, state *record.State, d routing.Decision) error
	FormerOf(t tx.Tx, client ref.Ref) (int64, error)
	Explain(t tx.Tx, who access.Who, in routing.Input) (routing.Answer, error)
	Present(t tx.Tx, who access.Who, r ref.Ref) (routing.Input, error)
}

var _ routing.Requests = (*Service)(nil)

// goal is who a new record goes to.
type goal struct {
	chosen      drum.Chosen
	responsible int64
	decided     *routing.Decision // nil when there are no rules: it goes the way of its door
}

// choose asks the rules who the new record goes to, and the drum they name who is next.
func (w *work) choose() (g goal, err error) {
	drumID := w.key.DrumID
	if d, err := w.decide(nil); err != nil {
		return goal{}, err
	} else if d != nil {
		g.decided, g.responsible, drumID = d, d.UserID, d.DrumID
	} else if _, works := w.org.Who(w.key.ResponsibleID); works {
		g.responsible = w.key.ResponsibleID
	}
	if drumID == 0 {
		return g, nil
	}
	former, err := w.former()
	if err != nil {
		return goal{}, err
	}
	about := drum.About{FormerResponsible: former, Source: w.source(w.typ())}
	g.chosen, err = w.Drums.ChooseFor(w.t, drumID, about)
	if fault.Is(err, fault.NotFound) {
		return g, nil
	}
	if err == nil {
		g.responsible = g.chosen.UserID
	}
	return g, err
}

// former is who answered for the client before; 0 for nobody.
func (w *work) former() (int64, error) {
	if w.Routing == nil {
		return 0, nil
	}
	return w.Routing.FormerOf(w.t, w.known())
}

// decide asks the rules, nil when there are none. state is the record's when it is there already.
func (w *work) decide(state *record.State) (*routing.Decision, error) {
	if w.Routing == nil {
		return nil, nil
	}
	b, err := w.Routing.Book(w.t)
	if err != nil || b.Plain() {
		return nil, err
	}
	d, err := w.Routing.Decide(w.t, w.asked(state))
	if err != nil {
		return nil, err
	}
	return &d, nil
}

// asked is what the rules look at about this request.
func (w *work) asked(state *record.State) routing.Input {
	typ := w.typ()
	return routing.Input{Request: facts(w.payload, w.key, w.request), Client: w.known(), Subject: routing.Subject{Type: typ, State: func() (*record.State, error) {
		if state != nil {
			return state, nil
		}
		v := w.values(typ)
		w.more(typ, w.payload.More, v)
		return w.Records.Preview(w.t, access.System(), typ.Code, v)
	}}}
}

// typ is the type of the record a new request becomes.
func (w *work) typ() *schema.Type {
	if typ := w.cat.Type("lead"); typ != nil && !w.org.Portal.Simple {
		return typ
	}
	return w.cat.Type("deal")
}

// routed notes by which rule a new record went where it is.
func (w *work) routed(r ref.Ref, d *routing.Decision) error {
	if d == nil {
		return nil
	}
	return w.Routing.Note(routing.Because(w.t, d.Rule, "routing.cause.request"), r, *d, nil)
}

// offerAgain finds somebody for a record nobody works on, by the rules or the drum of the door; found is false when they know
// nobody.
func (w *work) offerAgain(r ref.Ref, state *record.State) (o *drum.Offer, found bool, err error) {
	drumID := w.key.DrumID
	if d, err := w.decide(state); err != nil {
		return nil, false, err
	} else if d != nil {
		if d.DrumID == 0 {
			return nil, d.UserID != 0, w.Routing.Give(w.t, r, state, *d)
		}
		if err := w.routed(r, d); err != nil {
			return nil, false, err
		}
		drumID = d.DrumID
	}
	if drumID == 0 {
		return nil, false, nil
	}
	o, err = w.Drums.Offer(w.t, drumID, r)
	if fault.Is(err, fault.Conflict) { // it is on offer already
		return nil, true, nil
	}
	if fault.Is(err, fault.NotFound) { // the drum has gone
		return nil, false, nil
	}
	return o, err == nil, err
}

// facts is a request as rules see it.
func facts(p *Payload, k *Key, r Request) *routing.Request {
	more := maps.Clone(p.More)
	if more == nil {
		more = map[string]any{}
	}
	if a := p.Attribution; a != nil {
		for name, value := range map[string]string{"utm_content": a.Last.Content, "utm_term": a.Last.Term} {
			if value != "" {
				more[name] = value
			}
		}
	}
	f := &routing.Request{
		Channel: r.Channel, Source: r.Source, Title: p.Title, Name: p.Name, Company: p.Company, Text: p.Comment, Phones: p.Phones, Emails: p.Emails,
		UTMSource: p.UTMSource, UTMMedium: p.UTMMedium, UTMName: p.UTMCampaign, Referrer: p.Referrer, Landing: p.Landing, More: more,
	}
	if k != nil {
		f.Key, f.DrumID, f.UserID = k.Code, k.DrumID, k.ResponsibleID
	}
	return f
}

// RequestOf implements routing.Requests.
func (s *Service) RequestOf(t tx.Tx, r ref.Ref) (*routing.Request, error) {
	came, err := s.Store.LastRequest(t, r)
	if err != nil || came == nil {
		return nil, err
	}
	return s.factsOf(t, came)
}

func (s *Service) factsOf(t tx.Tx, came *Request) (*routing.Request, error) {
	p, err := came.read()
	if err != nil {
		p = &Payload{} // it was understood once, in another way
	}
	k, err := s.Store.KeyByID(t, came.KeyID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	return facts(p, k, *came), nil
}

// read understands a request that was written down as when it came.
func (r *Request) read() (*Payload, error) {
	p, err := ParseJSON(r.Payload)
	if err == nil && len(r.Attribution) > 0 {
		p.Attribution = ReadAttribution(string(r.Attribution))
		p.attribute()
	}
	return p, err
}

// Question is what somebody wants to know the rules' answer to: about a record, about a request that came, or about one that
// might come by a door. The first that is given counts.
type Question struct {
	Record  ref.Ref
	Request int64
	Key     int64
	Payload *Payload
}

// errAsked takes back what a question has touched.
var errAsked = errors.New("intake: only a question")

// Ask answers a question and leaves everything as it is. Records one doesn't see, and requests of them, aren't there;
// whoever may set rules up may try requests nobody has sent.
func (s *Service) Ask(ctx context.Context, who access.Who, q Question) (a routing.Answer, err error) {
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		in, err := s.question(t, who, q)
		if err != nil {
			return err
		}
		if a, err = s.Routing.Explain(t, who, in); err != nil {
			return err
		}
		return errAsked
	})
	if errors.Is(err, errAsked) {
		return a, nil
	}
	return routing.Answer{}, err
}

func (s *Service) question(t tx.Tx, who access.Who, q Question) (routing.Input, error) {
	if !q.Record.Zero() {
		return s.Routing.Present(t, who, q.Record)
	}
	if q.Request != 0 {
		came, err := s.Store.RequestByID(t, q.Request)
		if err != nil {
			return routing.Input{}, err
		}
		if !who.IsAdmin() {
			if _, err := s.Records.Load(t, who, came.Record); came.Record.Zero() || fault.Is(err, fault.NotFound) {
				return routing.Input{}, fault.New(fault.NotFound, "routing.no_such_request")
			} else if err != nil {
				return routing.Input{}, err
			}
		}
		q.Key = came.KeyID
		if q.Payload, err = came.read(); err != nil {
			return routing.Input{}, err
		}
	} else if err := who.Must(access.Rules); err != nil {
		return routing.Input{}, err
	}
	w, err := s.imagine(t, q)
	if err != nil {
		return routing.Input{}, err
	}
	if err := w.recognise(); err != nil {
		return routing.Input{}, err
	}
	if err := w.recogniseFirm(); err != nil {
		return routing.Input{}, err
	}
	return w.asked(nil), nil
}

// imagine is a request as if it came now.
func (s *Service) imagine(t tx.Tx, q Question) (*work, error) {
	if q.Payload == nil || q.Payload.Empty() {
		return nil, fault.New(fault.Invalid, "intake.empty")
	}
	k := &Key{Channel: "api"}
	if q.Key != 0 {
		known, err := s.Store.KeyByID(t, q.Key)
		if err != nil {
			return nil, err
		}
		k = known
	}
	c, err := s.Records.Catalog(t)
	if err != nil {
		return nil, err
	}
	org, err := s.Org.In(t)
	if err != nil {
		return nil, err
	}
	w := &work{Service: s, t: t, key: k, payload: q.Payload, cat: c, org: org}
	w.request = Request{At: t.Now(), KeyID: k.ID, Channel: k.Channel, Source: q.Payload.Source, Payload: q.Payload.Raw}
	if w.request.Source == "" {
		w.request.Source = k.Source
	}
	return w, nil
}
