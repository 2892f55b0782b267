// Package expr is the language of conditions: a typed subset of FEEL (DMN 1.3) in which filters, routing and demands are
// written. One tree runs in memory and compiles to SQL with the same answer (decision 10). What the fields are comes in
// through Schema, where they lie in a database through Target, their values through Record; nothing here knows records,
// rights or databases. Formulas, which only run in memory, are not part of it.
//
// # In short
//
//	tree, err := expr.Parse(`stage = "new" and company.title = "ромашка"`, schema) // err is *expr.Error
//	tree, err := expr.ParseJSON(data, schema)                                      // what the builder in the UI sends
//	text := tree.String()                                                          // with codes; Titled for readers
//	holds := expr.Compile(tree)                                                    // once
//	yes := holds.Holds(&expr.Env{Moment: m, Record: r})                            // often
//	where, err := expr.SQL(tree, target, expr.Query{Dialect: expr.SQLite, Alias: "d", Moment: m})
//	terms := expr.Terms(tree, m)                                                   // what an index can start from
//	paths := tree.Paths()                                                          // the fields it looks at
//	all := expr.And("deal", tree, other)                                           // nil trees are left out
//
// Store tree.String() or its JSON and parse it again when the schema has changed: a Tree holds the ids behind codes.
//
// # Grammar
//
//	condition  = and { "or" and }
//	and        = not { "and" not }
//	not        = "not" not | "(" condition ")" | comparison
//	comparison = path ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value | value operator path
//	           | path ["not"] "in" "(" [ value { "," value } ] ")"
//	           | path ["not"] "in" ( "[" | "(" ) value ".." value ( "]" | ")" )
//	           | path ["not"] "between" value "and" value
//	           | "contains" "(" path "," value ")"      | "starts with" "(" path "," value ")"
//	           | "has all" "(" path { "," value } ")"   | "is empty" "(" path ")"
//	           | path (of a yes/no field, = true)       | "true" | "false"
//	path       = name [ "." name [ "." name ] ]
//	value      = "null" | "true" | "false" | "me" | number | string
//	           | "date" "(" string ")" | "date and time" "(" string ")"
//	           | ( "today" | "now" ) "(" ")" { ( "+" | "-" ) duration }
//	duration   = number ( "minutes" | "hours" | "days" | "weeks" | "months" | "years" ) | "duration" "(" string ")"
//
// Names are letters of any alphabet, digits and _; others stand in `backticks`. Functions may be written with _ instead of
// the space.
//
// # Meaning
//
//   - = and in are two-valued: null = null is true, x = null false if x is set, != the opposite. Order, ranges, contains
//     and starts with answer null to null. and, or, not are Kleene's. A condition holds only if it is true.
//   - A path over a link that isn't set or leads nowhere is null.
//   - Texts are compared by their keys (package textkey): Ёлка = елка. Order is that of the keys' bytes.
//   - A many-valued field is a set: = x and in (a, b) ask whether one of its values is (one of) these, != x whether none is,
//     contains and starts with whether one does, = null and is empty whether there is none. These never answer null.
//   - Numbers are exact at any number of digits: amount < 1.2345 is right for hundredths too.
//   - A date beside a date-time is the reader's whole day: = inside it, < before its start, <= before the next one's.
//   - is empty is = null, and true for "".
//
// # JSON
//
// Every node has "op"; the other members by op:
//
//	{"op": "true"} {"op": "false"}
//	{"op": "and", "args": […]}  {"op": "or", "args": […]}  {"op": "not", "args": [one]}
//	{"op": "=", "path": ["company", "title"], "value": V}        also != < <= > >= contains starts_with
//	{"op": "in", "path": […], "values": [V, …]}                  also has_all
//	{"op": "range", "path": […], "from": V, "to": V, "open": "from" | "to" | "both"}    open is left out if both ends belong
//	{"op": "is_empty", "path": […]}
//
// A value V is null, true, false, a number, a string, or one of
//
//	{"date": "2026-11-19"}  {"datetime": "2026-11-19T10:00:00+03:00"}  {"me": true}  {"number": "0.1"}
//	{"today": {"months": -1, "days": 3}}  {"now": {"minutes": -90}}
package expr
