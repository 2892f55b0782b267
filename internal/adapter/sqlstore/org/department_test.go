package orgstore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/jobs"
	recordstore "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/department"
	"voronka/internal/org/user"
	"voronka/internal/record/bin"
	"voronka/internal/record/record"
)

func (h *house) dep(admin access.Who, title string, parent int64) *department.Department {
	h.t.Helper()
	d, err := h.departments.Add(h.t.Context(), admin, department.Draft{Title: title, ParentID: parent})
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

// settle runs the jobs until all records are where they belong.
func (h *house) settle() {
	h.t.Helper()
	runner := jobs.NewRunner(h.d, map[string]job.Handler{RestampKind: h.Handler()})
	for range 100 {
		if _, err := runner.RunDue(h.t.Context()); err != nil {
			h.t.Fatal(err)
		}
		if h.int("SELECT COUNT(*) FROM job WHERE kind = ?", RestampKind) == 0 {
			return
		}
		h.clock.Advance(again)
	}
	h.t.Fatal("re-stamping never ends")
}

func TestDepartments(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin := h.t.Context(), h.begun()
		sales := h.dep(admin, " Отдел  продаж ", 0)
		retail := h.dep(admin, "Розница", sales.ID)
		boris := h.add(admin, "boris@example.com", access.Head, sales.ID)
		head, deputies := boris.ID, []int64{admin.UserID, boris.ID, admin.UserID}
		changed, err := h.departments.Change(ctx, admin, sales.ID, department.Patch{HeadID: &head, Deputies: &deputies})
		if err != nil || changed.Title != "Отдел продаж" || len(changed.Deputies) != 2 {
			h.t.Fatalf("%+v %v", changed, err)
		}
		if ids := h.who(boris.ID).HeadOfIDs; len(ids) != 2 {
			h.t.Errorf("Boris heads %v", ids)
		}
		nobody, self, below, none := int64(999), sales.ID, retail.ID, int64(0)
		_, err = h.departments.Change(ctx, admin, sales.ID, department.Patch{HeadID: &nobody})
		want(h.t, err, "head user.unknown")
		_, err = h.departments.Change(ctx, admin, sales.ID, department.Patch{ParentID: &self})
		want(h.t, err, "parent department.loop")
		_, err = h.departments.Change(ctx, admin, sales.ID, department.Patch{ParentID: &below})
		want(h.t, err, "parent department.loop")
		_, err = h.departments.Change(ctx, admin, sales.ID, department.Patch{ParentID: &nobody})
		want(h.t, err, "parent department.unknown")
		_, err = h.departments.Add(ctx, admin, department.Draft{Title: "x", ParentID: nobody})
		want(h.t, err, "parent department.unknown")
		_, err = h.departments.Add(ctx, admin, department.Draft{Title: " "})
		want(h.t, err, "title department.title_missing")
		want(h.t, h.departments.Remove(ctx, admin, sales.ID, nil), "department.has_people")
		want(h.t, h.departments.Remove(ctx, admin, sales.ID, &self), "move_to department.unknown")
		want(h.t, h.departments.Remove(ctx, admin, nobody, nil), "department.unknown")
		want(h.t, h.departments.Remove(ctx, admin, sales.ID, &below), "")
		dir, _ := h.Last(ctx)
		if dir.Department(sales.ID) != nil || dir.Department(retail.ID).ParentID != 0 || dir.User(boris.ID).DepartmentID != retail.ID {
			h.t.Error("removed, but not well")
		}
		want(h.t, h.departments.Remove(ctx, admin, retail.ID, &none), "")
		want(h.t, h.departments.Remove(ctx, admin, retail.ID, nil), "department.unknown")
	})
}

func TestTwoMovesAtOnceMakeNoLoop(t *testing.T) {
	each(t, func(h *house) {
		admin := h.begun()
		for range 5 {
			a, b := h.dep(admin, "А", 0), h.dep(admin, "Б", 0)
			errs := together(func() error {
				_, err := h.departments.Change(context.Background(), admin, a.ID, department.Patch{ParentID: &b.ID})
				return err
			}, func() error {
				_, err := h.departments.Change(context.Background(), admin, b.ID, department.Patch{ParentID: &a.ID})
				return err
			})
			if (errs[0] == nil) == (errs[1] == nil) {
				h.t.Fatalf("exactly one must win: %v, %v", errs[0], errs[1])
			}
		}
	})
}

// fill makes records of many people, stages and currencies through the machinery of records, some in the bin.
func (h *house) fill(people []*user.User, n int) {
	h.t.Helper()
	h.exec("INSERT INTO currency_rate (currency, day, rate) VALUES ('USD', '2026-01-01', 90000000000)")
	random := rand.New(rand.NewPCG(1, 2))
	var deals, contacts []record.Values
	for i := range n {
		responsible := int64(0)
		if i%10 > 0 {
			responsible = people[random.IntN(len(people))].ID
		}
		v := record.Values{"title": fmt.Sprint("Сделка ", i), "responsible": responsible, "stage": []string{"new", "proposal"}[i%2]}
		if responsible == 0 {
			v["responsible"] = nil
		}
		if i%5 > 0 {
			v["amount"] = map[string]any{"amount": fmt.Sprint(random.IntN(1000)), "currency": []string{"RUB", "USD"}[i%3%2]}
		}
		deals = append(deals, v)
		if i%4 == 0 {
			contacts = append(contacts, record.Values{"title": fmt.Sprint("Контакт ", i), "responsible": v["responsible"]})
		}
	}
	for part := range slices.Chunk(deals, 50) {
		h.create(access.System(), "deal", part...)
	}
	h.create(access.System(), "contact", contacts...)
	err := h.d.Do(context.Background(), func(t tx.Tx) error {
		for id := int64(1); id < int64(n); id += 20 {
			if err := h.records.Delete(t, access.System(), ref.Ref{Type: "deal", ID: id}); err != nil {
				return err
			}
		}
		return exec(t, `INSERT INTO incident (at, kind, user_id, department_id, dept_pos, type_id, record_id, due_at)
			SELECT 0, 'missed', responsible_id, department_id, dept_pos, 1, id, 0 FROM r_deal WHERE id % 3 = 0`)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

const (
	cur       = "CASE WHEN amount IS NULL THEN '' ELSE amount_cur END"
	figures   = "COUNT(*), COALESCE(SUM(amount), 0), SUM(CASE WHEN amount IS NULL THEN 0 ELSE amount_base END) FROM r_deal GROUP BY "
	naiveDept = "SELECT (SELECT id FROM record_type WHERE code = 'deal'), pipeline_id, stage_id, department_id, " + cur + ", " + figures + "pipeline_id, stage_id, department_id, " + cur
	naiveUser = "SELECT (SELECT id FROM record_type WHERE code = 'deal'), pipeline_id, responsible_id, stage_id, department_id, " + cur + ", " + figures + "pipeline_id, responsible_id, stage_id, department_id, " + cur
)

// sound checks that every record is where its responsible is and that totals equal a recount.
func (h *house) sound(after string) {
	h.t.Helper()
	for _, table := range []string{"r_deal", "r_contact", "bin"} {
		if n := h.int(`SELECT COUNT(*) FROM ` + table + ` x LEFT JOIN users u ON u.id = x.responsible_id LEFT JOIN department d ON d.id = u.department_id
			WHERE x.responsible_id <> 0 AND (x.department_id <> u.department_id OR x.dept_pos <> COALESCE(d.pos, 0))`); n != 0 {
			h.t.Errorf("%s: %d rows of %s are not where their people are", after, n, table)
		}
	}
	for _, table := range []string{"r_deal", "r_contact", "bin", "incident"} {
		if n := h.int(`SELECT COUNT(*) FROM ` + table + ` x LEFT JOIN department d ON d.id = x.department_id WHERE x.dept_pos <> COALESCE(d.pos, 0)
			OR x.department_id <> 0 AND d.id IS NULL`); n != 0 {
			h.t.Errorf("%s: %d rows of %s have a wrong place", after, n, table)
		}
	}
	for _, c := range []struct{ table, naive string }{{"total_dept", naiveDept}, {"total_user", naiveUser}} {
		stored := "SELECT * FROM " + c.table + " WHERE n <> 0 OR amount <> 0 OR base <> 0"
		for _, diff := range []string{stored + " EXCEPT " + c.naive, c.naive + " EXCEPT " + stored} {
			if n := h.int("SELECT COUNT(*) FROM (" + diff + ") x"); n != 0 {
				h.t.Errorf("%s: %d cells of %s differ from a recount", after, n, c.table)
			}
		}
	}
	if n := h.int("SELECT COUNT(*) FROM setting WHERE key = 'org.restamping' AND value <> '{}'"); n != 0 {
		h.t.Errorf("%s: still marked as under way", after)
	}
	if dir, _ := h.Last(h.t.Context()); dir.Restamping {
		time.Sleep(2 * time.Second) // the watcher of versions
		if dir, _ := h.Last(h.t.Context()); dir.Restamping {
			h.t.Errorf("%s: rights still go by lists", after)
		}
	}
}

func TestRecordsFollowTheirPeople(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin := h.t.Context(), h.begun()
		sales, service := h.dep(admin, "Продажи", 0), h.dep(admin, "Сервис", 0)
		retail, export := h.dep(admin, "Розница", sales.ID), h.dep(admin, "Экспорт", sales.ID)
		var people []*user.User
		for i, d := range []int64{sales.ID, retail.ID, retail.ID, export.ID, service.ID, 0} {
			people = append(people, h.add(admin, fmt.Sprintf("p%d@example.com", i), access.Manager, d))
		}
		h.settle()
		h.fill(people, 1200)
		h.sound("before")
		for _, table := range []string{"r_deal", "r_contact", "bin", "incident", "total_dept", "total_user"} {
			if h.int("SELECT COUNT(*) FROM "+table) < 20 {
				h.t.Fatalf("too little in %s to prove anything", table)
			}
		}

		_, err := h.users.Change(ctx, admin, people[1].ID, user.Patch{DepartmentID: &service.ID})
		want(h.t, err, "")
		h.settle()
		h.sound("a person moved")

		if _, err = h.departments.Change(ctx, admin, retail.ID, department.Patch{ParentID: &service.ID}); err != nil {
			h.t.Fatal(err)
		}
		if dir, _ := h.Last(ctx); !dir.Restamping {
			h.t.Error("ranges are trusted while records carry old places")
		}
		h.settle()
		h.sound("a department moved")

		for i := range 40 { // until there is no room below and all are numbered anew
			h.dep(admin, fmt.Sprint("Новый ", i), export.ID)
		}
		h.settle()
		h.sound("numbered anew")

		want(h.t, h.departments.Remove(ctx, admin, retail.ID, &export.ID), "")
		h.settle()
		h.sound("a department removed")
		none := int64(0)
		want(h.t, h.departments.Remove(ctx, admin, service.ID, &none), "")
		h.settle()
		h.sound("a department removed, its people in none")

		held, err := h.users.Change(ctx, admin, people[3].ID, user.Deactivate())
		want(h.t, err, "")
		if n := h.int("SELECT COUNT(*) FROM r_deal WHERE responsible_id = ?", people[3].ID) + h.int("SELECT COUNT(*) FROM r_contact WHERE responsible_id = ?", people[3].ID); held.Held != n || n == 0 {
			h.t.Errorf("holds %d, told %d", n, held.Held)
		}
	})
}

func TestTheHeadKeepsSeeingARemovedDepartment(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin := h.t.Context(), h.begun()
		sales := h.dep(admin, "Продажи", 0)
		retail := h.dep(admin, "Розница", sales.ID)
		boris := h.add(admin, "boris@example.com", access.Head, 0)
		_, err := h.departments.Change(ctx, admin, sales.ID, department.Patch{HeadID: &boris.ID})
		want(h.t, err, "")
		h.settle()
		want(h.t, h.departments.Remove(ctx, admin, retail.ID, &sales.ID), "")
		if w := h.who(boris.ID); !w.Restamping || len(w.HeadOfIDs) != 2 {
			h.t.Errorf("meanwhile he heads %v", w.HeadOfIDs)
		}
		h.settle()
		_ = h.d.Read(ctx, func(q db.Q) error { _, err := h.dirs.In(q); return err })
		if w := h.who(boris.ID); w.Restamping || len(w.HeadOfIDs) != 1 {
			h.t.Errorf("afterwards he heads %v", w.HeadOfIDs)
		}
	})
}

// What lies in the bin belongs to the departments as they are now: after one has moved its new head sees what its people
// deleted, and the former one doesn't.
func TestBinFollowsDepartments(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin := h.t.Context(), h.begun()
		north, south := h.dep(admin, "Север", 0), h.dep(admin, "Юг", 0)
		team := h.dep(admin, "Группа", north.ID)
		anna, boris, vera := h.add(admin, "anna@example.com", access.Head, north.ID), h.add(admin, "boris@example.com", access.Head, south.ID), h.add(admin, "vera@example.com", access.Manager, team.ID)
		observer := h.add(admin, "gleb@example.com", access.Manager, north.ID)
		for id, head := range map[int64]int64{north.ID: anna.ID, south.ID: boris.ID} {
			if _, err := h.departments.Change(ctx, admin, id, department.Patch{HeadID: &head}); err != nil {
				h.t.Fatal(err)
			}
		}
		var deal int64
		err := h.d.Do(ctx, func(t tx.Tx) (err error) {
			if deal, err = h.records.Create(t, h.who(vera.ID), "deal", record.Values{"title": "Сделка", "observers": []int64{observer.ID}}); err != nil {
				return err
			}
			return h.records.Delete(t, h.who(vera.ID), ref.Ref{Type: "deal", ID: deal})
		})
		if err != nil {
			h.t.Fatal(err)
		}
		list := &bin.List{Store: recordstore.New(h.d)}
		sees := func(id int64) bool {
			items, _, err := list.Page(ctx, h.who(id), "deal", "", 10)
			if err != nil {
				h.t.Fatal(err)
			}
			return len(items) == 1
		}
		restore := func(id int64) error {
			return h.d.Do(ctx, func(t tx.Tx) error { return h.records.Restore(t, h.who(id), "deal", deal) })
		}
		if !sees(anna.ID) || sees(boris.ID) || !sees(vera.ID) || !sees(observer.ID) || !fault.Is(restore(boris.ID), fault.NotFound) {
			h.t.Error("before the move it is the north's")
		}
		if _, err := h.departments.Change(ctx, admin, team.ID, department.Patch{ParentID: &south.ID}); err != nil {
			h.t.Fatal(err)
		}
		h.settle()
		if sees(anna.ID) || !sees(boris.ID) || !sees(vera.ID) || !sees(observer.ID) || !fault.Is(restore(anna.ID), fault.NotFound) {
			h.t.Error("after the move it is the south's")
		}
		if err := restore(boris.ID); err != nil {
			h.t.Error(err)
		}
		if pos := h.int("SELECT dept_pos FROM r_deal"); pos != h.int("SELECT pos FROM department WHERE id = ?", team.ID) {
			h.t.Error("restored to where the department was:", pos)
		}
	})
}
