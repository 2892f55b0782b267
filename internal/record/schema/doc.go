// Package schema says what records are made of: record types, their fields, the values of lists, pipelines with their
// stages. It holds the immutable snapshot of all that (Catalog), the built-in types, the rules of codes, and how a
// value of each kind is read from outside, normalised and written. Rows and rights don't belong here.
package schema
