package routing

import (
	"context"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
)

// Standing is how a record stands with the rules, for those who see it.
type Standing struct {
	Routing
	Rule *Rule // as it is now; nil when it isn't there any more, or none has decided
}

// Stand is how a record stands: now is what is known of it, came tells whether a request came for it.
func Stand(r ref.Ref, now *Routing, came bool, rules *Rules) Standing {
	if now == nil {
		now = &Routing{Record: r, By: ByPerson}
		if came {
			now.By = ByRule
		}
	}
	out := Standing{Routing: *now}
	for i := range rules.List {
		if rules.List[i].ID == now.RuleID && now.RuleID != 0 {
			out.Rule = &rules.List[i]
		}
	}
	return out
}

// Fix keeps a record with whom it is, whatever the rules say, or lets the rules decide again, which they do at once. Only who
// may hand the record over may do that.
func (s *Service) Fix(ctx context.Context, who access.Who, r ref.Ref, by string) error {
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		state, err := s.Records.Load(t, who, r)
		if err != nil {
			return err
		}
		if !who.Plan(r.Type, access.Assign).Sees(state.Access) {
			return fault.New(fault.Forbidden, "record.forbidden_assign")
		}
		switch by {
		case ByPerson:
			err = s.fix(t, r, who.UserID)
		case ByRule:
			err = s.let(t, r)
		default:
			err = fault.In("routed_by", "routing.bad_hand")
		}
		return err
	})
}

// let gives a record back to the rules. The last rule may catch it too; when it finds nobody the record stays.
func (s *Service) let(t tx.Tx, r ref.Ref) error {
	in, state, err := s.present(t, r)
	if err != nil {
		return err
	}
	if state == nil || state.ClosedAt != 0 {
		return fault.New(fault.Conflict, "offer.record_closed")
	}
	in.still = true
	d, err := s.Decide(t, in)
	if err != nil {
		return err
	}
	return s.apply(Because(t, d.Rule, "routing.cause.let"), r, state, d, nil)
}

// Give gives a record nobody works on to whom the rules say, as the transaction of the request that came for it.
func (s *Service) Give(t tx.Tx, r ref.Ref, state *record.State, d Decision) error {
	before, err := s.Store.Routing(t, r)
	if err != nil {
		return err
	}
	return s.apply(Because(t, d.Rule, "routing.cause.request"), r, state, d, before)
}

// FormerOf is who answered for a client's last closed record, else for the client; 0 for nobody.
func (s *Service) FormerOf(t tx.Tx, client ref.Ref) (int64, error) {
	if client.Zero() {
		return 0, nil
	}
	person, err := s.Store.Former(t, client)
	if err != nil || person != 0 {
		return person, err
	}
	state, err := s.Records.Load(t, access.System(), client)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return state.ResponsibleID, nil
}
