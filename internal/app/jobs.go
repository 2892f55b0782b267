package app

import (
	"voronka/internal/kernel/job"
)

// handlers are all kinds of jobs there are.
func (a *App) handlers() map[string]job.Handler {
	all := []job.Handler{
		a.Org.Handler(), a.Roles.Job(), a.Answers.Handler(), a.sweepFiles(),
		a.Deadline.Job(), a.Deadline.RecountJob(), a.Limits.Job(), a.Stages.Job(), a.Routing.Job(), a.Imports.Job(),
	}
	all = append(all, a.Attendance.Jobs()...)
	all = append(all, a.Accounts.Jobs()...)
	all = append(all, a.Keeping.Jobs()...)
	all = append(all, a.Drums.Jobs()...)
	all = append(all, a.SalesDB.SignJobHandler(a.Records))
	all = append(all, a.Schema.Jobs()...)
	all = append(all, a.Records.Jobs(a.DB)...)
	all = append(all, a.workJobs()...)
	all = append(all, a.extra...)
	kinds := make(map[string]job.Handler, len(all))
	for _, h := range all {
		if _, twice := kinds[h.Kind]; twice || h.Kind == "" {
			panic("app: two handlers for jobs of kind " + h.Kind)
		}
		kinds[h.Kind] = h
	}
	return kinds
}
