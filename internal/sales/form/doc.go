// Package form is the rules of hosted forms: which fields are shown and when, which are wanted, what a visitor agrees to,
// and what tells a person from a program: a signed token, the time needed to fill a form in and a small puzzle. How a form
// looks is the adapter's business, what becomes of what was filled in intake's.
package form
