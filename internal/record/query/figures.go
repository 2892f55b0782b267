package query

// Looked is how many records a report looks at.
const Looked = 200_000

// Matrix is what lies on the stages of a pipeline by responsible person.
type Matrix struct {
	Cells []Cell
	Exact bool // false: only the first Looked records were looked at
}

// Cell is what one person has on one stage.
type Cell struct {
	StageID int64
	UserID  int64 // 0: nobody
	Count   int64
	Base    int64 // in minor units of the portal's currency
	AgeMS   int64 // how long they have lain there on average
}

// Cohort is what became of the records created in a time.
type Cohort struct {
	Rows  []CohortRow
	Exact bool
}

// Part is a part of a cohort.
type Part struct {
	Source   *int64 // value of the list of sources, 0 for none; nil: any
	Furthest *int64 // those that came to a stage with this sort or beyond, or were won; nil: any
	Outcome  *int   // 1 won, -1 lost, 0 open; nil: any
}

// CohortRow are those of one source that came equally far.
type CohortRow struct {
	SourceID int64 // of the list of sources, 0 for none
	Furthest int   // sort of the last open stage they have been on, -1 for none
	Outcome  int   // 1 won, -1 lost, 0 open
	Count    int64
	Base     int64 // in minor units of the portal's currency
}
