package routing

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"voronka/internal/expr"
	"voronka/internal/flow/pipeline"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// Patch is what shall change of a rule, or what a new one is like; nil leaves as it is.
type Patch struct {
	Code   *string // only of a new rule
	Title  *string
	Active *bool
	When   json.RawMessage // the tree of the condition, or a JSON string with its text
	Target *Target
}

// Create makes a rule; it comes last before the one that catches everything.
func (s *Service) Create(ctx context.Context, who access.Who, p Patch) (id int64, err error) {
	if err := who.Must(access.Rules); err != nil {
		return 0, err
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.mayAsk(t, who, p.When); err != nil {
			return err
		}
		id, err = s.CreateIn(t, p)
		return err
	})
	return id, err
}

// CreateIn makes a rule inside a transaction of somebody who may.
func (s *Service) CreateIn(t tx.Tx, p Patch) (int64, error) {
	rules, err := s.Store.Rules(t)
	if err != nil {
		return 0, err
	}
	if len(rules.List) > MaxRules {
		return 0, fault.New(fault.TooLarge, "routing.too_many", fault.Args{"max": MaxRules})
	}
	r := &Rule{Active: true}
	if err := s.put(t, p, r); err != nil {
		return 0, err
	}
	codes, err := s.Store.RuleCodes(t)
	if err != nil {
		return 0, err
	}
	codes[DefaultCode] = true
	wished := ""
	if p.Code != nil {
		wished = *p.Code
	}
	if r.Code, err = pipeline.NewCode(wished, pipeline.Titles{RU: r.Title}, "rule", codes); err != nil {
		return 0, err
	}
	return s.Store.InsertRule(t, r)
}

// Change applies a patch. Records that were given away stay where they are until they change.
func (s *Service) Change(ctx context.Context, who access.Who, id int64, p Patch) error {
	if err := who.Must(access.Rules); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.mayAsk(t, who, p.When); err != nil {
			return err
		}
		rules, err := s.Store.Rules(t)
		if err != nil {
			return err
		}
		r, err := rules.find(id)
		if err != nil {
			return err
		}
		if err := s.put(t, p, &r); err != nil {
			return err
		}
		return s.Store.SaveRule(t, &r)
	})
}

// ChangeLast changes whom the rule that catches everything gives to.
func (s *Service) ChangeLast(ctx context.Context, who access.Who, p Patch) error {
	if err := who.Must(access.Rules); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error { return s.ChangeLastIn(t, p) })
}

// ChangeLastIn is ChangeLast inside a transaction of somebody who may.
func (s *Service) ChangeLastIn(t tx.Tx, p Patch) error {
	rules, err := s.Store.Rules(t)
	if err != nil {
		return err
	}
	r := rules.List[len(rules.List)-1]
	p.When, p.Active, p.Code = nil, nil, nil
	if err := s.put(t, p, &r); err != nil {
		return err
	}
	if r.ID == 0 {
		_, err = s.Store.InsertRule(t, &r)
		return err
	}
	return s.Store.SaveRule(t, &r)
}

// Remove takes a rule away. The one that catches everything can't be removed.
func (s *Service) Remove(ctx context.Context, who access.Who, id int64) error {
	if err := who.Must(access.Rules); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		rules, err := s.Store.Rules(t)
		if err != nil {
			return err
		}
		r, err := rules.find(id)
		if err != nil {
			return err
		}
		if r.Fallback {
			return fault.New(fault.Conflict, "routing.last_stays")
		}
		return s.Store.RemoveRule(t, id)
	})
}

// Reorder puts the rules in order; ids are all of them but the last one.
func (s *Service) Reorder(ctx context.Context, who access.Who, ids []int64) error {
	if err := who.Must(access.Rules); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		rules, err := s.Store.Rules(t)
		if err != nil {
			return err
		}
		var own []int64
		for _, r := range rules.List {
			if !r.Fallback {
				own = append(own, r.ID)
			}
		}
		slices.Sort(own)
		if !slices.Equal(own, slices.Sorted(slices.Values(ids))) {
			return fault.New(fault.Conflict, "routing.other_rules")
		}
		return s.Store.OrderRules(t, ids)
	})
}

func (r *Rules) find(id int64) (Rule, error) {
	for _, one := range r.List {
		if one.ID == id && id != 0 {
			return one, nil
		}
	}
	return Rule{}, fault.New(fault.NotFound, "routing.no_such_rule")
}

// put applies a patch to a rule and checks it.
func (s *Service) put(t tx.Tx, p Patch, r *Rule) (err error) {
	if p.Title != nil {
		r.Title = *p.Title
	}
	if p.Active != nil {
		r.Active = *p.Active
	}
	if p.Target != nil {
		r.Target = *p.Target
	}
	if r.Title, err = pipeline.Line("title", r.Title, pipeline.MaxTitle); err != nil {
		return err
	}
	var wrong *fault.Error
	if r.Title == "" && !r.Fallback {
		wrong = wrong.With("title", "required")
	}
	if !r.Fallback && (p.When != nil || r.When == nil) {
		if r.When, err = s.read(t, p.When); err != nil {
			return err
		}
	}
	if err := s.checkTarget(t, r, p.Target != nil || r.ID == 0, &wrong); err != nil {
		return err
	}
	return wrong.OrNil()
}

// mayAsk refuses a condition about fields the person who writes it doesn't know of: by what becomes of records he would learn what
// stands in them.
func (s *Service) mayAsk(t tx.Tx, who access.Who, when json.RawMessage) error {
	c, err := s.Records.Catalog(t)
	if err != nil {
		return err
	}
	if mine := c.For(who); mine != c {
		_, err = Parse(when, Scheme(mine))
	}
	return err
}

// read checks a condition and brings it to its shortest form.
func (s *Service) read(t tx.Tx, when json.RawMessage) (json.RawMessage, error) {
	c, err := s.Records.Catalog(t)
	if err != nil {
		return nil, err
	}
	tree, err := Parse(when, Scheme(c))
	if err != nil {
		return nil, err
	}
	return tree.MarshalJSON()
}

// Parse reads a condition as a tree or as a JSON string with its text; none at all holds always. Errors are faults about
// "when".
func Parse(when json.RawMessage, scheme expr.Schema) (*expr.Tree, error) {
	var written string
	var tree *expr.Tree
	var err error
	switch {
	case len(when) == 0 || string(when) == "null":
		return expr.Always(scheme.Type()), nil
	case json.Unmarshal(when, &written) == nil:
		tree, err = expr.Parse(written, scheme)
	default:
		tree, err = expr.ParseJSON(when, scheme)
	}
	var wrong *expr.Error
	if errors.As(err, &wrong) {
		return nil, wrong.Fault("when")
	}
	return tree, err
}

// checkTarget refuses targets that aren't there; one that has gone since is kept until somebody changes it.
func (s *Service) checkTarget(t tx.Tx, r *Rule, given bool, wrong **fault.Error) error {
	if r.Target.Kind != ToDepartment {
		r.Target.Way = ""
	} else if r.Target.Way == "" {
		r.Target.Way = ToHead
	}
	if r.Target.Way != "" && r.Target.Way != ToHead && r.Target.Way != InTurn {
		*wrong = (*wrong).With("target", "routing.bad_target")
	}
	if !given {
		return nil
	}
	gone, err := s.Gone(t, r.Target)
	switch {
	case err != nil:
		return err
	case r.Target.Kind == ToDoor && !r.Fallback, r.Target.Kind != ToDoor && r.Target.ID <= 0, !slices.Contains([]string{ToDoor, ToPerson, ToDrum, ToDepartment}, r.Target.Kind):
		*wrong = (*wrong).With("target", "routing.bad_target")
	case gone != "":
		*wrong = (*wrong).With("target", "routing."+gone)
	}
	if r.Target.Kind == ToDoor {
		r.Target.ID = 0
	}
	return nil
}

// Gone tells why a target can't be given to any more; "" when it can.
func (s *Service) Gone(t tx.Tx, to Target) (string, error) {
	org, err := s.Org.In(t)
	if err != nil {
		return "", err
	}
	switch to.Kind {
	case ToPerson:
		if _, works := org.Who(to.ID); !works {
			return PersonGone, nil
		}
	case ToDepartment:
		if org.Department(to.ID) == nil {
			return DepartmentOff, nil
		}
	case ToDrum:
		ok, err := s.Store.HasDrum(t, to.ID)
		if err != nil || !ok {
			return DrumGone, err
		}
	}
	return "", nil
}
