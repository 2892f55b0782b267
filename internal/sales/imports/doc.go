// Package imports lets a CSV file in as a stream of requests: each row goes the way of a request through a door, a few at a
// time, so that nobody waits for it and a restart neither loses nor repeats a row. Rows that can't be understood are kept
// with the reason.
package imports
