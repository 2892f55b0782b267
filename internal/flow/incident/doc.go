// Package incident keeps what went against a rule: an offer nobody took in time, a record that lay on a stage longer than
// its limit. An incident names a person, a record, what was due when; it is told to the person and his head and stays in
// the list. Higher rooms register incidents of kinds of their own. What a person gets for one is not known here.
package incident
