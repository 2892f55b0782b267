// Package clock gives the time. Nothing in the program asks the operating system for the time elsewhere, so tests,
// replay and simulation can put their own clock in.
package clock

import (
	"sync/atomic"
	"time"
)

// Instant is a moment as milliseconds since the Unix epoch, UTC. It is how moments are stored.
type Instant int64

// Of converts a time to an Instant, dropping what is finer than a millisecond.
func Of(t time.Time) Instant { return Instant(t.UnixMilli()) }

// Time converts the instant to a time in UTC.
func (i Instant) Time() time.Time { return time.UnixMilli(int64(i)).UTC() }

// In converts the instant to a time in zone.
func (i Instant) In(zone *time.Location) time.Time { return time.UnixMilli(int64(i)).In(zone) }

// Add moves the instant by d.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Milliseconds()) }

// Sub is the time from o to i.
func (i Instant) Sub(o Instant) time.Duration { return time.Duration(i-o) * time.Millisecond }

// Date is the calendar day of the instant in zone, as YYYY-MM-DD.
func (i Instant) Date(zone *time.Location) string { return i.In(zone).Format(time.DateOnly) }

// Clock tells the present moment.
type Clock interface{ Now() Instant }

// System is the clock of the operating system.
type System struct{}

// Now implements Clock.
func (System) Now() Instant { return Of(time.Now()) }

// Manual is a clock that moves only when told. It is safe for concurrent use.
type Manual struct{ now atomic.Int64 }

// NewManual makes a Manual that stands at t.
func NewManual(t time.Time) *Manual {
	m := &Manual{}
	m.Set(Of(t))
	return m
}

// Now implements Clock.
func (m *Manual) Now() Instant { return Instant(m.now.Load()) }

// Set puts the clock to i.
func (m *Manual) Set(i Instant) { m.now.Store(int64(i)) }

// Advance moves the clock forward by d.
func (m *Manual) Advance(d time.Duration) { m.now.Add(d.Milliseconds()) }
