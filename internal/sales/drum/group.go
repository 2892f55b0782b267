package drum

import (
	"maps"
	"slices"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/directory"
)

// group is a locked drum with what its turns are decided by, asked once however many records are dealt in a transaction.
type group struct {
	*Service
	t      tx.Tx
	d      *Drum
	org    *directory.Directory
	day    string // today where the portal is
	people map[int64][]Member
	facts  map[int64]fact
	dealt  map[string]Dealt
	gone   bool // the drum was removed
	dirty  bool
}

// fact is how a person stands.
type fact struct {
	barred Code
	until  clock.Instant // until when, as far as known
	next   clock.Instant // when he works next; 0 never
	open   int
	load   int
}

// lock makes others wait who want a turn of a drum.
func (s *Service) lock(t tx.Tx, drumID int64) (*group, error) {
	d, err := s.Store.LockDrum(t, drumID)
	if err != nil {
		return nil, err
	}
	return s.groupOf(t, d)
}

func (s *Service) groupOf(t tx.Tx, d *Drum) (*group, error) {
	org, err := s.Org.In(t)
	if err != nil {
		return nil, err
	}
	g := &group{
		Service: s, t: t, d: d, org: org, people: map[int64][]Member{}, facts: map[int64]fact{}, dealt: maps.Clone(d.State.Dealt),
	}
	g.day = t.Now().Date(g.zone())
	return g, nil
}

// members are the people a record may be dealt to.
func (g *group) members(about About) ([]Member, error) {
	dep := g.d.department(g.org, about)
	list, known := g.people[dep]
	if known {
		return list, nil
	}
	list = g.d.people(g.org, dep)
	g.people[dep] = list
	return list, g.ask(list)
}

// ask finds out how people stand who weren't asked for yet.
func (g *group) ask(list []Member) error {
	var fresh []int64
	capped := g.d.Policy.Cap > 0
	for _, m := range list {
		if _, known := g.facts[m.UserID]; !known {
			fresh = append(fresh, m.UserID)
		}
		capped = capped || m.Cap > 0
	}
	present, err := g.stands(g.t, g.org, fresh, g.d.Policy)
	if err != nil {
		return err
	}
	open, load := map[int64]int{}, map[int64]int{}
	if capped {
		if open, err = g.Store.Running(g.t, g.d.ID); err != nil {
			return err
		}
	}
	if g.d.Policy.Order == Least {
		if load, err = g.Store.Loads(g.t, fresh); err != nil {
			return err
		}
	}
	for _, id := range fresh {
		f := present[id]
		f.open, f.load = open[id], load[id]
		g.facts[id] = f
	}
	return nil
}

// candidates are the people as Route wants them. per is the daily portion of the record's source, 0 for none.
func (g *group) candidates(list []Member, about About, per int) []Candidate {
	out := make([]Candidate, len(list))
	for i, m := range list {
		f := g.facts[m.UserID]
		c := Candidate{
			UserID: m.UserID, Weight: m.Weight, Cap: m.Cap, Open: f.open, Load: f.load, Misses: about.misses[m.UserID],
			Former: g.d.Policy.Former && m.UserID == about.FormerResponsible, Barred: f.barred, Until: f.until,
		}
		if c.Cap == 0 {
			c.Cap = g.d.Policy.Cap
		}
		if per > 0 {
			c.Cap = 0
		}
		switch {
		case !m.Active:
			c.Barred, c.Until = Paused, 0
		case c.Barred == Left:
		case !g.d.open(g.t.Now()):
			c.Barred, c.Until = Closed, 0
		case c.Barred == "" && per > 0 && g.portion(about.Source, m.UserID) >= per:
			c.Barred = Portioned
		}
		out[i] = c
	}
	return out
}

// portion is how many records of a source a person got today.
func (g *group) portion(source string, userID int64) int {
	if d := g.dealt[source]; d.Day == g.day {
		return d.N[userID]
	}
	return 0
}

func (g *group) count(source string, userID int64) {
	d := Dealt{Day: g.day, N: map[int64]int{}}
	if before := g.dealt[source]; before.Day == g.day {
		maps.Copy(d.N, before.N)
	}
	d.N[userID]++
	if g.dealt == nil {
		g.dealt = map[string]Dealt{}
	}
	g.dealt[source] = d
}

// choose takes the drum's turn for a record.
func (g *group) choose(about About) (Chosen, error) {
	d := g.d
	c := Chosen{Drum: d, Round: about.round(), first: about.first, group: g}
	misses := c.Round - 1
	if d.MissesToHead > 0 && misses >= d.MissesToHead {
		over := head(g.org, d, about.last)
		switch {
		case over == 0:
		case d.Policy.Head == HeadResponsible:
			c.UserID, c.State = over, Escalated
			return c, nil
		case misses%d.MissesToHead == 0:
			c.tell = over
		}
	}
	list, err := g.members(about)
	if err != nil {
		return Chosen{}, err
	}
	per := d.Policy.PerDay(about.Source)
	behind, err := g.behind(about, per > 0)
	if err != nil {
		return Chosen{}, err
	}
	if per > 0 {
		c.portion = about.Source
	}
	if !behind {
		var next State
		c.UserID, c.Reasons, next = Route(g.candidates(list, about, per), d.Policy, d.State, g.t.Now())
		next.Dealt = g.dealt
		d.State, g.dirty = next, true
	}
	if c.UserID == 0 {
		c.State, c.UserID, c.wake = Waiting, head(g.org, d, about.last), g.wakeAt(list)
		if c.UserID == 0 && about.last == 0 && len(list) > 0 {
			c.UserID = g.org.HeadAbove(list[0].UserID)
		}
		if c.first == 0 { // it is dealt to the same department when the time has come
			c.first = about.FormerResponsible
		}
		return c, nil
	}
	c.State = Offered
	f := g.facts[c.UserID]
	f.load++
	if per > 0 {
		g.count(about.Source, c.UserID)
		d.State.Dealt = g.dealt
	} else {
		f.open++
	}
	g.facts[c.UserID] = f
	return c, nil
}

// behind tells whether a record must stand behind those that wait already for the same people: where places are few, who
// came first is dealt first.
func (g *group) behind(about About, portion bool) (bool, error) {
	if about.queued || about.last != 0 || !portion && g.d.Policy.Cap == 0 {
		return false, nil
	}
	source := ""
	if portion {
		source = about.Source
	}
	n := 1
	if g.d.Policy.byRecord() {
		n = lookBehind
	}
	some, err := g.Store.WaitingIn(g.t, g.d.ID, source, n)
	place := g.d.department(g.org, about)
	return slices.ContainsFunc(some, func(o Offer) bool { return g.d.department(g.org, About{first: o.FirstID}) == place }), err
}

// wakeAt is when the drum should look after waiting records again by itself: the earliest moment somebody works next; 0
// when that isn't known.
func (g *group) wakeAt(list []Member) clock.Instant {
	now := g.t.Now()
	var at clock.Instant
	for _, m := range list {
		f := g.facts[m.UserID]
		next := f.next
		switch f.barred {
		case "": // he works: he may have had his portion of today
			next = g.tomorrow(m.UserID, g.zone())
		case DayOver: // by his schedule he would work still
			next = g.tomorrow(m.UserID, g.org.ScheduleOf(m.UserID).Zone)
		}
		if own := g.d.Policy.Schedule; own != nil && next != 0 {
			next, _ = own.Next(next)
		}
		if own := g.d.Policy.Schedule; own != nil && f.barred == "" && !own.Works(now) {
			next, _ = own.Next(now)
		}
		if m.Active && next > now && (at == 0 || next < at) {
			at = next
		}
	}
	return at
}

// tomorrow is when somebody who works now begins to work on another day of a zone.
func (g *group) tomorrow(userID int64, zone *time.Location) clock.Instant {
	y, m, day := g.t.Now().In(zone).Date()
	morning := clock.Of(time.Date(y, m, day+1, 0, 0, 0, 0, zone))
	if s := g.d.schedule(g.org, userID); s != nil {
		morning, _ = s.Next(morning)
	}
	return morning
}

// zone is where the portal is.
func (g *group) zone() *time.Location {
	zone, err := time.LoadLocation(g.org.Portal.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// save writes down what the drum remembers.
func (g *group) save() error {
	if !g.dirty {
		return nil
	}
	g.dirty = false
	return g.Store.SaveState(g.t, g.d.ID, g.d.State)
}

// head is who answers when the people of the drum don't: its head, or the one over who missed last. 0: nobody.
func head(org *directory.Directory, d *Drum, last int64) int64 {
	if _, works := org.Who(d.HeadID); works {
		return d.HeadID
	}
	if last == 0 && len(d.Members) > 0 {
		last = d.Members[0].UserID
	}
	return org.HeadAbove(last)
}

// sure is a group of a drum that may have been removed: nothing is dealt by it any more.
func (s *Service) sure(t tx.Tx, drumID int64) (*group, error) {
	g, err := s.lock(t, drumID)
	if fault.Is(err, fault.NotFound) {
		if g, err = s.groupOf(t, &Drum{ID: drumID}); err == nil {
			g.gone = true
		}
	}
	return g, err
}
