// Package record keeps records of every type in the database: the tables of types, which are made and widened at run time,
// the rows with their side tables, totals, visits, the journal and the bin. It implements the stores the rooms of the
// record house want. Lists and boards are read elsewhere (recordquery).
package record
