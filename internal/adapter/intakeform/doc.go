// Package intakeform shows hosted forms: a page at /f/{key} that works without scripts, in Russian and English, light and
// dark, down to 360 px. What is filled in becomes a request through room intake. Programs are kept out by a field people
// don't see and by the time a person needs to fill a form in.
package intakeform
