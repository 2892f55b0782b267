// Package arch holds the tests that keep the rooms of the house apart. They parse the source files themselves: a test
// that asks `go list` would be answered from the test cache and pass when it should not.
package arch
