package routing

import (
	"context"

	"voronka/internal/expr"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// Reader shows how records stand with the rules.
type Reader interface {
	// StandingOf is how a record stands; NotFound when the person doesn't see it.
	StandingOf(ctx context.Context, who access.Who, r ref.Ref) (Standing, error)
}

// Shown is a rule as it is shown: with its condition as a tree and why it can't work, if it can't.
type Shown struct {
	Rule
	Tree    *expr.Tree // nil of the last rule and of a broken one
	Problem string     // "" or one of Broken, PersonGone, DrumGone, DepartmentOff
}

// List shows all rules in their order, the last one last.
func (s *Service) List(ctx context.Context) (list []Shown, c *schema.Catalog, err error) {
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		list = nil
		b, err := s.Book(t)
		if err != nil {
			return err
		}
		c = b.catalog
		for _, e := range b.entries {
			one := Shown{Rule: *e.rule, Tree: e.tree}
			if one.Problem, err = s.Gone(t, e.rule.Target); err != nil {
				return err
			}
			if e.err != nil {
				one.Problem = Broken
			}
			list = append(list, one)
		}
		return nil
	})
	return list, c, err
}
