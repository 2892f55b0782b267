// Package demo plays companies through the program's own use cases, with the clock in its hand. Seed makes a dealer of fire
// protection with fourteen months behind it, SeedCRMSales a portal of a sales team's data, Replay runs a stream of real or
// generated leads against a team of more or less diligent managers and counts what became of them; all are the same every
// time for one seed. Stage is such a portal while somebody looks at it: the login link, the eyes of its people, the game of
// being Anna, and colleagues who go on working. Nothing here is part of a company's own portal.
package demo
