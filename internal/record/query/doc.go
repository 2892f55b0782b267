// Package query is the questions people ask about records: lists, boards, totals, counts, one record, its history, a
// search. It turns what stands in a URL into a checked question over the catalogue of types. A question says nothing about
// rights: whoever answers it wants an access.Plan beside it, and the zero plan sees nothing. How the answer is found
// (indexes, paths, JSON) belongs in the SQL adapter.
package query

import (
	"voronka/internal/org/access"
)

// Plans gives the plan of the same reader for the records of another type, so that links show only titles the reader
// may see and conditions don't reach through a link into what he may not. Nil shows no title and reaches nothing.
type Plans func(recordType string) access.Plan

// PlansOf are what somebody may see of every type.
func PlansOf(who access.Who) Plans {
	return func(recordType string) access.Plan { return who.Plan(recordType, access.See) }
}

// Of is the plan for a type; nothing when p is nil.
func (p Plans) Of(recordType string) access.Plan {
	if p == nil {
		return access.Plan{Type: recordType, Op: access.See}
	}
	return p(recordType)
}
