// Package form is the rules of hosted forms: which fields are shown, which are wanted, and the token that tells a person
// from a program. How a form looks is the adapter's business, what becomes of what was filled in intake's.
package form
