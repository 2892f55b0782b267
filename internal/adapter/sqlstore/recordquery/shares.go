package recordquery

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// shares is how a type's records are spread over stages and departments: what the choice of a path is made by. It is a
// little old; a stale share costs time, never a wrong answer.
type shares struct {
	total  int64
	stages map[int64]*stageShare
	all    stageShare
	// promises are the orders that have indexes of their own, by column.
	promises map[string]promise
	numbers  promise // the indexes of persons and departments in the order of numbers
	madeAt   time.Time
	loading  atomic.Bool
}

// stageShare is one stage's records by department.
type stageShare struct {
	n     int64
	depts []deptShare
}

type deptShare struct{ id, pos, n int64 }

// within counts the records in an arm's departments.
func (s *stageShare) within(arm access.Arm) int64 {
	if s == nil || arm.Kind != access.Departments {
		return 0
	}
	n := int64(0)
	for _, d := range s.depts {
		if inArm(arm, d) {
			n += d.n
		}
	}
	return n
}

func inArm(arm access.Arm, d deptShare) bool {
	if len(arm.Ranges) == 0 {
		for _, id := range arm.DepartmentIDs {
			if id == d.id {
				return true
			}
		}
		return false
	}
	for _, r := range arm.Ranges {
		if r.Has(d.pos) {
			return true
		}
	}
	return false
}

// stage is the share of a stage, of all stages with 0.
func (s *shares) stage(id int64) *stageShare {
	if id == 0 {
		return &s.all
	}
	return s.stages[id]
}

// anyWalk is an index that begins with the stage, "" where the planner finds it itself.
func (s *shares) anyWalk() string { return s.promises[promised[0]].walk }

// How long shares are good for. Types without totals are counted themselves, which costs more.
const (
	sharesAge  = 15 * time.Second
	countedAge = 10 * time.Minute
)

// shareBook keeps the shares of all types.
type shareBook struct {
	db    *db.DB
	now   func() time.Time
	mu    sync.Mutex
	types map[int64]*shares
}

// of gives a type's shares as they are known. Old ones are renewed in the background; only the very first question
// of a staged type waits.
func (b *shareBook) of(q db.Q, t *schema.Type) *shares {
	b.mu.Lock()
	s := b.types[t.ID]
	b.mu.Unlock()
	if s == nil {
		s = b.first(q, t)
	}
	age := sharesAge
	if !t.Staged {
		age = countedAge
	}
	if b.now().Sub(s.madeAt) > age && s.loading.CompareAndSwap(false, true) {
		go b.renew(t, s)
	}
	return s
}

func (b *shareBook) first(q db.Q, t *schema.Type) *shares {
	s := &shares{}
	if t.Staged {
		if fresh, err := loadShares(q, t); err == nil {
			fresh.madeAt = b.now()
			s = fresh
		}
	}
	b.put(t, s)
	return s
}

func (b *shareBook) put(t *schema.Type, s *shares) {
	b.mu.Lock()
	b.types[t.ID] = s
	b.mu.Unlock()
}

func (b *shareBook) renew(t *schema.Type, old *shares) {
	defer old.loading.Store(false)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	_ = b.db.Read(ctx, func(q db.Q) error { // without it the old shares serve on
		s, err := loadShares(q, t)
		if err == nil {
			s.madeAt = b.now()
			b.put(t, s)
		}
		return err
	})
}

func loadShares(q db.Q, t *schema.Type) (*shares, error) {
	pos := map[int64]int64{}
	err := q.Query("SELECT id, pos FROM department", nil, func(r db.Row) error { pos[r.Int64(0)] = r.Int64(1); return nil })
	if err != nil {
		return nil, err
	}
	text, args := "SELECT stage_id, department_id, sum(n) FROM total_dept WHERE type_id = ? GROUP BY stage_id, department_id", []any{t.ID}
	if !t.Staged {
		text, args = "SELECT 0, department_id, count(*) FROM "+t.Table()+" GROUP BY department_id", nil
	}
	s := &shares{stages: map[int64]*stageShare{}}
	all := map[int64]int64{}
	err = q.Query(text, args, func(r db.Row) error {
		d := deptShare{id: r.Int64(1), pos: pos[r.Int64(1)], n: r.Int64(2)}
		if d.n <= 0 {
			return nil
		}
		if t.Staged {
			stage := s.stages[r.Int64(0)]
			if stage == nil {
				stage = &stageShare{}
				s.stages[r.Int64(0)] = stage
			}
			stage.n += d.n
			stage.depts = append(stage.depts, d)
		}
		s.total += d.n
		all[d.id] += d.n
		return nil
	})
	for id, n := range all {
		s.all.depts = append(s.all.depts, deptShare{id: id, pos: pos[id], n: n})
	}
	s.all.n = s.total
	if err != nil {
		return nil, err
	}
	if s.promises, err = promises(q, t); err != nil {
		return nil, err
	}
	s.numbers, err = numbers(q, t)
	return s, err
}
