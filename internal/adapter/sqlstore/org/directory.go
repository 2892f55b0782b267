package orgstore

import (
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/directory"
)

// load reads the whole organisation as it is at a moment.
func load(q db.Q, now clock.Instant) (*directory.Directory, error) {
	p, err := portalIn(q)
	if err != nil {
		return nil, err
	}
	schedule, err := workTimeIn(q, p)
	if err != nil {
		return nil, err
	}
	users, err := usersIn(q)
	if err != nil {
		return nil, err
	}
	departments, err := departmentsIn(q)
	if err != nil {
		return nil, err
	}
	restamping, err := restampingIn(q)
	if err != nil {
		return nil, err
	}
	times, err := timesIn(q)
	if err != nil {
		return nil, err
	}
	book, err := bookIn(q)
	if err != nil {
		return nil, err
	}
	return directory.New(p, schedule, users, departments, restamping).WithTimes(times).WithRoles(book, now), nil
}
