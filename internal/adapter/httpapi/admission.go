package httpapi

import (
	"context"
	"sync/atomic"
	"time"

	"voronka/internal/kernel/fault"
)

// admission bounds how many requests are worked on at once. A few more wait a short while; beyond that the answer is "come
// again": memory stays bounded and those inside are served fast, instead of all slowly.
type admission struct {
	places   chan struct{}
	waiting  atomic.Int64
	most     int64
	patience time.Duration
	rejected atomic.Int64
}

func newAdmission(places, waiting int, patience time.Duration) *admission {
	return &admission{places: make(chan struct{}, places), most: int64(waiting), patience: patience}
}

// enter takes a place. leave gives it back; it may be called more than once.
func (a *admission) enter(ctx context.Context) (leave func(), err error) {
	select {
	case a.places <- struct{}{}:
		return a.leaver(), nil
	default:
	}
	if a.waiting.Add(1) > a.most {
		a.waiting.Add(-1)
		return nil, a.refuse()
	}
	defer a.waiting.Add(-1)
	timer := time.NewTimer(a.patience)
	defer timer.Stop()
	select {
	case a.places <- struct{}{}:
		return a.leaver(), nil
	case <-timer.C:
		return nil, a.refuse()
	case <-ctx.Done():
		return nil, gone(ctx.Err())
	}
}

func (a *admission) leaver() func() {
	var left atomic.Bool
	return func() {
		if left.CompareAndSwap(false, true) {
			<-a.places
		}
	}
}

func (a *admission) refuse() error {
	a.rejected.Add(1)
	return &fault.Error{Code: fault.Unavailable, Key: "http.overloaded", Args: fault.Args{"seconds": 1}, RetryAfter: 1}
}

// weight bounds the bytes of all bodies held in memory.
type weight struct {
	now atomic.Int64
	max int64
}

func (w *weight) add(n int64) bool {
	if w.now.Add(n) > w.max {
		w.now.Add(-n)
		return false
	}
	return true
}
