package idempotency

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"voronka/internal/kernel/tx"
)

const (
	soonAfter = 250 * time.Millisecond // how long an answer waits for others
	soonBytes = 1 << 20                // of answers that wait; beyond, they are written at once
)

type rowKey struct {
	key    string
	userID int64
}

// soon holds answers that are about to be written together: a commit of its own for each would cost as much as what it
// answers. They are found meanwhile; should the program die, the row of each still says where stands what was made.
type soon struct {
	mu    sync.Mutex
	kept  map[rowKey]Kept
	bytes int
}

func (s *soon) find(row rowKey) (Kept, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.kept[row]
	return k, ok
}

// add takes an answer and has write called a moment after the first of those that wait; false when there is no room.
func (s *soon) add(row rowKey, k Kept, write func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bytes+len(k.Answer) > soonBytes {
		return false
	}
	if s.kept == nil {
		s.kept = map[rowKey]Kept{}
		time.AfterFunc(soonAfter, write)
	}
	s.kept[row] = k
	s.bytes += len(k.Answer)
	return true
}

// all is what waits, in the order of keys, so that two nodes never wait for each other's rows.
func (s *soon) all() ([]rowKey, map[rowKey]Kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := maps.Clone(s.kept)
	return slices.SortedFunc(maps.Keys(kept), func(a, b rowKey) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.userID, b.userID))
	}), kept
}

// written forgets those that are in the table and has write called again when others have come since.
func (s *soon) written(rows []rowKey, write func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, row := range rows {
		s.bytes -= len(s.kept[row].Answer)
		delete(s.kept, row)
	}
	if len(s.kept) == 0 {
		s.kept = nil
		return
	}
	time.AfterFunc(soonAfter, write)
}

// write brings what waits into the table. What can't be written is dropped: a repeat is answered by its place.
func (s *Store) write() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	rows, kept := s.soon.all()
	err := s.d.Do(ctx, func(t tx.Tx) error {
		for _, row := range rows {
			if err := keep(t, row, kept[row]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.d.Log().Warn("answers were not kept", "n", len(rows), "err", err)
	}
	s.soon.written(rows, s.write)
}
