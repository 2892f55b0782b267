// Package demo plays a sales company through the program's own use cases. Replay runs a stream of real or generated leads
// against a team of more or less diligent managers with the clock in its hand and counts what became of them; Seed makes
// a small lively portal to look at. Both are the same every time for one seed.
package demo
