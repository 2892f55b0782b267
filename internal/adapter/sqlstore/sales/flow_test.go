package salesstore_test

import (
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/flow/incident"
	"voronka/internal/flow/pipeline"
	"voronka/internal/flow/stage"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// deals makes n deals of Anna's on a stage of the first pipeline.
func (h *house) deals(n int, stage string) (list []ref.Ref) {
	h.Helper()
	for range n {
		h.do(anna, func(t tx.Tx) error {
			id, err := h.records.Create(t, h.who(anna), "deal", record.Values{"title": "Сделка", "stage": stage, "amount": 100})
			list = append(list, ref.Ref{Type: "deal", ID: id})
			return err
		})
	}
	return list
}

func (h *house) stage(pipe, code string) *schema.Stage {
	h.Helper()
	s := h.catalog().Pipeline("deal", pipe).Stage(code)
	if s == nil {
		h.Fatalf("no stage %s", code)
	}
	return s
}

func TestPipelinesAreSetUp(t *testing.T) {
	each(t, func(h *house) {
		ctx, who := h.as(admin), h.who(admin)
		if _, err := h.pipelines.Create(ctx, h.who(head), pipeline.Draft{Type: "deal", Titles: pipeline.Titles{RU: "Х"}}); !fault.Is(err, fault.Forbidden) {
			h.Errorf("a head sets up: %v", err)
		}
		first, err := h.pipelines.Create(ctx, who, pipeline.Draft{Type: "deal", Titles: pipeline.Titles{RU: "Оптовые продажи"}})
		if err != nil {
			h.Fatal(err)
		}
		second, err := h.pipelines.Create(ctx, who, pipeline.Draft{Type: "deal", Titles: pipeline.Titles{RU: "Оптовые продажи"}})
		if err != nil {
			h.Fatal(err)
		}
		c := h.catalog()
		if a, b := c.PipelineByID(first), c.PipelineByID(second); a.Code != "optovye_prodazhi" || b.Code != "optovye_prodazhi_2" || a.TitleEN != "Оптовые продажи" || len(a.Stages) != 4 {
			h.Errorf("%+v %+v", a, b)
		}
		for name, d := range map[string]pipeline.Draft{
			"stage.last_won":          {Type: "deal", Titles: pipeline.Titles{EN: "X"}, Stages: []pipeline.StageDraft{{Titles: pipeline.Titles{EN: "A"}}, {Titles: pipeline.Titles{EN: "L"}, Kind: schema.Lost}}},
			"pipeline.type_has_none":  {Type: "contact", Titles: pipeline.Titles{EN: "X"}},
			"a stage without a title": {Type: "deal", Titles: pipeline.Titles{EN: "X"}, Stages: []pipeline.StageDraft{{}}},
		} {
			if _, err := h.pipelines.Create(ctx, who, d); !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
				h.Errorf("%s: %v", name, err)
			}
		}
		title, zero := "Опт", int64(0)
		if err := h.pipelines.Change(ctx, who, first, pipeline.Patch{TitleRU: &title, Before: &zero}); err != nil {
			h.Fatal(err)
		}
		all := h.catalog().Pipelines("deal")
		if last := all[len(all)-1]; last.ID != first || last.TitleRU != "Опт" || last.Code != "optovye_prodazhi" {
			h.Errorf("%+v", last)
		}
	})
}

func TestStagesAreSetUp(t *testing.T) {
	each(t, func(h *house) {
		ctx, who := h.as(admin), h.who(admin)
		main := h.catalog().Pipeline("deal", "main")
		id, err := h.stages.Create(ctx, who, main.ID, pipeline.StageDraft{Titles: pipeline.Titles{RU: "Смета"}, LimitSeconds: 3600}, h.stage("main", "proposal").ID)
		if err != nil {
			h.Fatal(err)
		}
		var order []int64
		for _, s := range h.catalog().Stages(main.ID) {
			order = append(order, s.ID)
		}
		if order[2] != id || h.catalog().StageByID(id).Code != "smeta" {
			h.Errorf("%v, the new one is %d", order, id)
		}
		order[0], order[1] = order[1], order[0]
		if err := h.stages.Reorder(ctx, who, main.ID, order); err != nil || h.catalog().Stages(main.ID)[0].ID != order[0] {
			h.Error(err)
		}
		for _, bad := range [][]int64{order[1:], append([]int64{order[1]}, order[1:]...), nil} {
			if err := h.stages.Reorder(ctx, who, main.ID, bad); !fault.Is(err, fault.Invalid) {
				h.Errorf("%v: %v", bad, err)
			}
		}
		won, color, open := schema.Won, int64(11), schema.Open
		h.deals(1, "smeta")
		for name, c := range map[string]struct {
			id   int64
			p    stage.Patch
			code fault.Code
		}{
			"won by a setting": {id, stage.Patch{Kind: &won}, fault.Invalid}, // it has a limit, too
			"a bad colour":     {id, stage.Patch{Color: &color}, fault.Invalid},
			"the only won one": {h.stage("main", "won").ID, stage.Patch{Kind: &open}, fault.Conflict},
			"one that is gone": {9999, stage.Patch{Kind: &open}, fault.NotFound},
			"records on it":    {h.deals1Stage("contract"), stage.Patch{Kind: &won}, fault.Conflict},
		} {
			if err := h.stages.Change(ctx, who, c.id, c.p); !fault.Is(err, c.code) {
				h.Errorf("%s: %v", name, err)
			}
		}
	})
}

// deals1Stage puts a deal on a stage and tells the stage's number.
func (h *house) deals1Stage(code string) int64 {
	h.deals(1, code)
	return h.stage("main", code).ID
}

func TestStageWithRecordsDoesNotVanish(t *testing.T) {
	each(t, func(h *house) {
		ctx, who := h.as(admin), h.who(admin)
		deals := h.deals(60, "need")
		h.do(admin, func(t tx.Tx) error { return h.records.Delete(t, who, deals[0]) })
		from, to := h.stage("main", "need"), h.stage("main", "proposal")
		if _, err := h.stages.Remove(ctx, who, from.ID, 0); !fault.Is(err, fault.Conflict) {
			h.Fatalf("with records on it: %v", err)
		}
		for _, bad := range []int64{from.ID, h.stage("main", "lost").ID, 9999, h.catalog().Pipelines("lead")[0].Stages[0].ID} {
			if _, err := h.stages.Remove(ctx, who, from.ID, bad); !fault.Is(err, fault.Invalid) {
				h.Errorf("to %d: %v", bad, err)
			}
		}
		a, err := h.stages.Remove(ctx, who, from.ID, to.ID)
		if err != nil || !a.Pending || a.Held.Records != 59 || a.Held.Bin != 1 {
			h.Fatalf("%+v %v", a, err)
		}
		h.deals(1, "need") // somebody works on meanwhile
		h.run(time.Second)
		if s := h.catalog().StageByID(from.ID); !s.Removed {
			h.Error("it is still there")
		}
		if n := h.int("SELECT count(*) FROM r_deal WHERE stage_id = ?", to.ID); n != 60 {
			h.Errorf("%d deals have moved", n)
		}
		if n := h.int("SELECT n FROM total_dept WHERE stage_id = ?", to.ID); n != 60 {
			h.Errorf("the total says %d", n)
		}
		if n := h.int(`SELECT count(*) FROM journal WHERE kind = 'moved' AND cause LIKE '%stage_removal%'`); n != 60 {
			h.Errorf("%d moves with their cause", n)
		}
		h.do(admin, func(t tx.Tx) error { return h.records.Restore(t, who, "deal", deals[0].ID) })
		if got := h.load(deals[0]).StageID; got != to.ID {
			h.Errorf("from the bin it comes to %d", got)
		}
		if _, err := h.stages.Remove(ctx, who, h.stage("main", "won").ID, to.ID); !fault.Is(err, fault.Conflict) {
			h.Errorf("the last won stage: %v", err)
		}
		if _, err := h.stages.Remove(ctx, who, h.stage("main", "postponed").ID, 0); err != nil {
			h.Errorf("an empty one: %v", err)
		}
	})
}

func TestPipelineWithRecordsDoesNotVanish(t *testing.T) {
	each(t, func(h *house) {
		ctx, who := h.as(admin), h.who(admin)
		id, err := h.pipelines.Create(ctx, who, pipeline.Draft{Type: "deal", Code: "other", Titles: pipeline.Titles{EN: "Other"}})
		if err != nil {
			h.Fatal(err)
		}
		deals := h.deals(3, "new")
		first := h.catalog().Pipeline("deal", "main")
		if _, err := h.stages.RemovePipeline(ctx, who, first.ID, h.stage("other", "in_work").ID); err != nil {
			h.Fatal(err)
		}
		h.run(0)
		for _, d := range deals {
			if s := h.load(d); s.PipelineID != id || s.StageID != h.stage("other", "in_work").ID {
				h.Errorf("%+v", s.Access)
			}
		}
		if h.catalog().Pipeline("deal", "main") != nil {
			h.Error("it is still there")
		}
		if _, err := h.stages.RemovePipeline(ctx, who, id, 0); !fault.Is(err, fault.Conflict) {
			h.Errorf("the last one: %v", err)
		}
	})
}

func TestTimeOnStageIsLimited(t *testing.T) {
	each(t, func(h *house) {
		limit := int64(3600)
		if err := h.stages.Change(h.as(admin), h.who(admin), h.stage("main", "need").ID, stage.Patch{LimitSeconds: &limit}); err != nil {
			h.Fatal(err)
		}
		h.run(0)
		deals := h.deals(3, "need")
		h.run(50 * time.Minute)
		h.update(anna, deals[0], record.Values{"stage": "proposal"})
		h.update(anna, deals[1], record.Values{"responsible": boris})
		h.run(9 * time.Minute)
		if n := h.int("SELECT count(*) FROM incident"); n != 0 {
			h.Fatalf("%d incidents before the time", n)
		}
		h.run(time.Minute)
		for person, want := range map[int64]int{anna: 1, boris: 1, head: 2, admin: 2, vera: 0} {
			list, err := h.flow.Incidents(h.Context(), h.who(person), incident.Filter{Limit: 10})
			if err != nil || len(list) != want || want > 0 && (list[0].Kind != incident.StageOverdue || list[0].Title != "Сделка") {
				h.Errorf("%d: %+v %v", person, list, err)
			}
		}
		h.run(100 * time.Hour)
		if n := h.int("SELECT count(*) FROM incident"); n != 2 {
			h.Errorf("%d incidents: a limit is missed once", n)
		}
		if n := h.int(`SELECT count(*) FROM outbox WHERE type = 'incident.registered' AND body LIKE '%"users":[4,2]%'`); n != 1 {
			h.Errorf("Boris and his head hear of his %d times", n)
		}
		limit = 7200
		if err := h.stages.Change(h.as(admin), h.who(admin), h.stage("main", "proposal").ID, stage.Patch{LimitSeconds: &limit}); err != nil {
			h.Fatal(err)
		}
		h.run(0)
		if n := h.int("SELECT count(*) FROM deadline WHERE state = 'open' AND record_id = ? AND due_at = ?", deals[0].ID, int64(h.clock.Now())+7_200_000); n != 1 {
			h.Error("a limit younger than the visit doesn't count from now on")
		}
		h.do(admin, func(t tx.Tx) error { return h.records.Delete(t, h.who(admin), deals[0]) })
		if n := h.int("SELECT count(*) FROM deadline WHERE state = 'open'") + h.int("SELECT count(*) FROM job WHERE kind = 'deadline'"); n != 0 {
			h.Errorf("%d deadlines of deleted records", n)
		}
	})
}

func TestIncidentsPageByPage(t *testing.T) {
	each(t, func(h *house) {
		h.do(0, func(t tx.Tx) error {
			for i := range 25 {
				_, err := db.Of(t).Exec(`INSERT INTO incident (at, kind, user_id, department_id, dept_pos, type_id, record_id, due_at) VALUES (?, 'x', ?, 1, 1000, 1, 1, 0)`, 1000+i/3, anna+i%2)
				if err != nil {
					return err
				}
			}
			return nil
		})
		seen := map[int64]bool{}
		f := incident.Filter{Limit: 7}
		for {
			list, err := h.flow.Incidents(h.Context(), h.who(head), f)
			if err != nil {
				h.Fatal(err)
			}
			for _, i := range list {
				if seen[i.ID] {
					h.Fatalf("%d twice", i.ID)
				}
				seen[i.ID] = true
				f.Before = incident.Mark{At: i.At, ID: i.ID}
			}
			if len(list) < f.Limit {
				break
			}
		}
		if len(seen) != 25 {
			h.Errorf("%d of 25", len(seen))
		}
		if list, err := h.flow.Incidents(h.Context(), h.who(head), incident.Filter{UserID: anna, From: 1002, To: 1004, Limit: 100}); err != nil || len(list) != 3 {
			h.Errorf("%d %v", len(list), err)
		}
	})
}

func TestReasonsAreSetUp(t *testing.T) {
	each(t, func(h *house) {
		ctx, who := h.as(admin), h.who(admin)
		id, err := h.pipelines.CreateReason(ctx, who, "deal", "", pipeline.Titles{RU: "Далеко"})
		if err != nil {
			h.Fatal(err)
		}
		title := "Too far"
		if err := h.pipelines.ChangeReason(ctx, who, id, pipeline.ReasonPatch{TitleEN: &title}); err != nil {
			h.Fatal(err)
		}
		if r := h.catalog().LostReason("deal", "daleko"); r == nil || r.TitleRU != "Далеко" || r.TitleEN != "Too far" {
			h.Errorf("%+v", r)
		}
		if err := h.pipelines.RemoveReason(ctx, who, id); err != nil || h.catalog().LostReason("deal", "daleko") != nil {
			h.Error(err)
		}
		again, err := h.pipelines.CreateReason(ctx, who, "deal", "daleko", pipeline.Titles{RU: "Далеко"})
		if err != nil || h.catalog().LostReasonByID(again).Code != "daleko_2" {
			h.Error(err)
		}
	})
}
