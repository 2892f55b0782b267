package demo

import (
	"container/heap"

	"voronka/internal/kernel/clock"
)

// timeline is what shall happen when; what is put in later with an earlier moment comes first.
type timeline struct {
	acts actHeap
	n    int
}

type act struct {
	at clock.Instant
	n  int // the order of putting in decides between equals
	do func() error
}

func (t *timeline) put(at clock.Instant, do func() error) {
	t.n++
	heap.Push(&t.acts, act{at, t.n, do})
}

// play does everything up to a moment, with the clock set to the time of each act.
func (t *timeline) play(c *clock.Manual, until clock.Instant) error {
	for len(t.acts) > 0 && t.acts[0].at <= until {
		a := heap.Pop(&t.acts).(act)
		c.Set(max(a.at, c.Now()))
		if err := a.do(); err != nil {
			return err
		}
	}
	return nil
}

type actHeap []act

func (h actHeap) Len() int { return len(h) }
func (h actHeap) Less(i, j int) bool {
	return h[i].at < h[j].at || h[i].at == h[j].at && h[i].n < h[j].n
}
func (h actHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *actHeap) Push(x any)   { *h = append(*h, x.(act)) }
func (h *actHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
