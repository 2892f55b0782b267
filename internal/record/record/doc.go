// Package record is writing records of every type: creating, changing, moving, deleting and restoring, one at a time or in
// bulk, with everything that belongs to a change in the same transaction: rights, codes and values, the department that
// follows the responsible, totals, the journal, stage visits and the event. Nothing here knows what a deal is; behaviour
// of one type comes as a Hook from a higher room. How rows look is the Store's business.
package record
