// Package drum offers records to people in turn. A drum is named people, a time to take and a head. An offer makes the
// offered person responsible and sets a deadline; he takes the record, or misses it and the next one is offered it, and
// after so many misses the head answers for it.
//
//	                  ┌────────── next person ──────────┐
//	Offer ──► offered ┼─► missed (incident) ────────────┘──► escalated (to the head, without a deadline)
//	   │              ├─► withdrawn: closed, deleted, reassigned by hand (no next), person left (next at once)
//	   │              └─► taken: by Take, or by moving the record to another stage
//	   └─► waiting (nobody can take it: offered oldest first as soon as somebody can)
//
// Who is next is decided by Route, which is pure. An open offer has no time of decision; the database allows one per
// record. Rows are locked in the order record, drum, offer, so that takers, misses and editors don't block each other
// for good. From where records come and what they are about is intake's.
package drum
