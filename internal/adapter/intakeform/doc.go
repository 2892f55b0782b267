// Package intakeform shows hosted forms: a page at /f/{key} that works without scripts, in Russian and English, light and
// dark, down to 360 px, and the snippet by which other sites show it in theirs. What is filled in becomes a request through
// room intake. Programs are kept out by a field people don't see, by the time a person needs to fill a form in and by a
// puzzle the page's script solves; whatever looks like one of them, and every browser without scripts, is held for a person
// to decide on instead of being dropped.
package intakeform
