// Package recordquery answers the questions of record/query out of SQLite and PostgreSQL: lists, boards, totals, one
// record, its history, search. It is where the speed of the product is made: rights become ranges of indexes chosen by
// cost (path.go), rows go into JSON by hand (projection.go), totals come from counters (totals.go). Nothing is answered
// without an access.Plan; the zero plan sees nothing. Writing doesn't belong here.
package recordquery
