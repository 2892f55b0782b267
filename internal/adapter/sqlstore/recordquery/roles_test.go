package recordquery

import "voronka/internal/org/access"

// roles are plans of roles a customer makes: bound to stages, with an explicit no, of people who stand in for others.
func (h *house) roles() map[string]access.Plan {
	stages := h.c.Pipelines("deal")[0].Stages
	stage := func(i int) []int64 { return []int64{stages[i].ID} }
	places := func(ids ...int64) access.Arm {
		w := h.head(1, ids...)
		return access.Arm{Kind: access.Departments, Ranges: access.Merge(w.HeadOf), DepartmentIDs: w.HeadOfIDs}
	}
	all, own := access.Arm{Kind: access.All}, func(user int64) access.Arm { return access.Arm{Kind: access.Own, UserID: user} }
	observed := func(user int64) access.Arm { return access.Arm{Kind: access.Observed, UserID: user} }
	on := func(arm access.Arm, stages ...int64) access.Arm { arm.Stages = stages; return arm }
	contract := h.c.Pipeline("deal", "main").Stage("contract").ID
	restamping, department := places(2, 5), h.depts[2]
	restamping.Ranges = nil
	place := access.Arm{Kind: access.Departments, Ranges: []access.Range{{Lo: department.pos, Hi: department.pos}}, DepartmentIDs: []int64{department.id}}
	return map[string]access.Plan{
		"own role": {Arms: []access.Arm{
			on(all, stages[0].ID), on(own(2), stages[1].ID, stages[2].ID),
			{Kind: access.Observed, UserID: 3, Pipelines: []int64{stages[0].PipelineID}},
		}},
		"estimator":                       {Arms: []access.Arm{on(all, contract)}},
		"estimator with own":              {Arms: []access.Arm{on(all, contract), own(2)}},
		"all but a stage":                 {Arms: []access.Arm{all}, Not: []access.Arm{on(all, stage(1)...)}},
		"all but departments":             {Arms: []access.Arm{all}, Not: []access.Arm{places(3)}},
		"all but own":                     {Arms: []access.Arm{all}, Not: []access.Arm{own(2)}},
		"all but observed":                {Arms: []access.Arm{all}, Not: []access.Arm{observed(3)}},
		"all but departments and one own": {Arms: []access.Arm{all}, Not: []access.Arm{places(3), own(2), on(places(8), contract)}},
		"departments but own and part":    {Arms: []access.Arm{places(2), own(4)}, Not: []access.Arm{own(1), places(5)}},
		"departments while moved":         {Arms: []access.Arm{restamping, own(4)}, Not: []access.Arm{own(1)}},
		"all but departments while moved": {Arms: []access.Arm{all}, Not: []access.Arm{restamping}},
		"own department":                  {Arms: []access.Arm{place}},
		"all but own department":          {Arms: []access.Arm{all}, Not: []access.Arm{place}},
		"newcomer":                        {Arms: []access.Arm{own(9999), observed(9999)}},
		"deputy":                          {Arms: []access.Arm{places(3), own(2), own(5), observed(2), observed(5)}},
		"own and observed but a stage":    {Arms: []access.Arm{own(2), observed(2), observed(3)}, Not: []access.Arm{on(observed(2), contract), on(own(2), stage(1)...)}},
	}
}
