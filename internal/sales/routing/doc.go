// Package routing says who a record goes to: ordered rules in the language of conditions over the request, the lead or deal
// and the client; the first one that holds gives the record to a person, a department or a drum, and the last one catches
// whatever is left. When a record changes the rules are asked again, unless a person has fixed who answers for it:
//
//	          ┌── a field the rules look at changes: asked again ──┐
//	rule ─────┴────────────────────────────────────────────────────┘
//	  │  a person changes the responsible, or fixes him
//	  ▼
//	person ── "let the rules decide again" ──► rule
//
// A rule whose person has left or whose drum was removed is passed over, with the reason. What happens to a record in a
// drum is the drum's business, how a request becomes a record intake's.
package routing
