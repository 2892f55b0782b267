package incident

import (
	"context"

	"voronka/internal/org/access"
)

// Reader lists incidents a person may know of: an administrator all, a head those of his departments and his own, others
// their own.
type Reader interface {
	Incidents(ctx context.Context, who access.Who, f Filter) ([]Incident, error)
}
