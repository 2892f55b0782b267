package salesstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/adapter/sqlstore/jobs"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/file"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/imports"
	"voronka/internal/sales/intake"
)

// shelf keeps one file in memory.
type shelf struct{ content []byte }

func (s *shelf) Upload(_ context.Context, _ access.Who, name, _ string, r io.Reader) (f file.File, err error) {
	s.content, err = io.ReadAll(r)
	return file.File{ID: 1, Hash: "h", Name: name, Size: int64(len(s.content))}, err
}

func (s *shelf) Open(context.Context, string) (io.ReadSeekCloser, error) {
	return struct {
		io.ReadSeeker
		io.Closer
	}{bytes.NewReader(s.content), io.NopCloser(nil)}, nil
}

// stumbling fails at some rows as a program that is killed there does: the transaction is lost.
type stumbling struct {
	*intake.Service
	at map[string]bool
}

var errKilled = fault.Wrap(fault.Unavailable, "db.busy", errors.New("killed"))

func (s stumbling) AcceptRow(t tx.Tx, k *intake.Key, row intake.Row) (intake.Answer, error) {
	a, err := s.Service.AcceptRow(t, k, row)
	if err == nil && s.at[row.Name] {
		delete(s.at, row.Name)
		return a, errKilled
	}
	return a, err
}

func (h *house) imports(s *shelf, in imports.Intake) *imports.Service {
	i := &imports.Service{Tx: h.d, Store: h.sales, Reader: h.sales, Files: s, Contents: s, Intake: in, Org: h.org, Catalogs: h.records}
	handlers := map[string]job.Handler{"import": i.Job()}
	for _, handler := range append(slices.Concat(h.drums.Jobs(), h.attendance.Jobs()), h.deadlines.Job(), h.deadlines.RecountJob(), h.limits.Job(), h.stages.Job()) {
		handlers[handler.Kind] = handler
	}
	h.jobs = jobs.NewRunner(h.d, handlers)
	return i
}

// base is a file of n rows: every tenth is broken, every seventh of the others asks again for the client before it.
func base(n int) (csv string, added, repeated, broken int) {
	var b strings.Builder
	b.WriteString("\uFEFFФИО;Телефон;Почта;Сумма;Примечание\r\n")
	phone := 0
	for i := range n {
		switch {
		case i%10 == 9:
			broken++
			fmt.Fprintf(&b, "Клиент %d;%s;;%s;\r\n", i, []string{"12", ""}[i/10%2], []string{"", "много"}[i/10%2])
		case i%7 == 6 && (i-1)%10 != 9:
			repeated++
			fmt.Fprintf(&b, "Клиент %d;8 (912) %03d-%02d-%02d доб. 5;;;Ещё раз\r\n", i, phone/10000, phone/100%100, phone%100)
		default:
			added++
			phone++
			fmt.Fprintf(&b, "Клиент %d;+7912%07d;k%d@mail.ru;%d;\"Комната «%d»;\nэтаж 2\"\r\n", i, phone, i, i, i)
		}
	}
	return b.String(), added, repeated, broken
}

func (h *house) begin(s *imports.Service, csv string, keyID int64) *imports.Import {
	h.Helper()
	i, _, err := s.Upload(h.as(admin), h.who(admin), "base.csv", "text/csv", strings.NewReader(csv))
	if err != nil {
		h.Fatal(err)
	}
	i, err = s.Start(h.as(admin), h.who(admin), i.ID, &imports.Start{KeyID: keyID, Encoding: i.Encoding, Separator: i.Separator, Header: i.Header, Columns: i.Columns})
	if err != nil {
		h.Fatal(err)
	}
	return i
}

// TestAFileIsLetIn: good rows in, broken ones told, known clients recognised; killed in the middle nothing is lost or twice.
func TestAFileIsLetIn(t *testing.T) {
	each(t, func(h *house) {
		in := stumbling{h.intake, map[string]bool{"import/1/15": true, "import/1/62": true, "import/1/90": true}}
		s := h.imports(&shelf{}, in)
		csv, added, repeated, broken := base(150)
		i := h.begin(s, csv, h.door(0).ID)
		if i.Total != 150 || i.State != imports.Running {
			h.Fatalf("%+v", i)
		}
		for range 60 {
			h.run(time.Minute)
		}
		i, err := h.sales.ImportOf(h.Context(), i.ID)
		if err != nil || i.State != imports.Done || int(i.Added) != added || int(i.Repeated) != repeated || int(i.Broken) != broken {
			h.Fatalf("%+v %v instead of %d, %d, %d", i, err, added, repeated, broken)
		}
		if len(in.at) != 0 {
			h.Errorf("never killed at %v", in.at)
		}
		if leads, requests := h.int("SELECT count(*) FROM r_lead"), h.int("SELECT count(*) FROM request WHERE channel = 'import'"); leads != int64(added) || requests != int64(added+repeated) {
			h.Errorf("%d leads and %d requests", leads, requests)
		}
		rows, err := h.sales.BrokenRows(h.Context(), i.ID, 0, 1000)
		if err != nil || len(rows) != broken || rows[0].Row != 11 || rows[0].Key != "import.bad_phone" || rows[1].Row != 21 || rows[1].Key != "import.bad_amount" || rows[1].Cells[0] != "Клиент 19" || rows[1].Args["value"] != "много" {
			h.Errorf("%+v %v", rows, err)
		}
		if n := h.int("SELECT count(*) FROM journal WHERE cause NOT LIKE ?", `%"import"%`); n != 0 {
			h.Errorf("%d changes name another cause", n)
		}
	})
}

// TestAnImportStopsAndGoesOn: a stopped one stays where it is and goes on from there.
func TestAnImportStopsAndGoesOn(t *testing.T) {
	each(t, func(h *house) {
		s := h.imports(&shelf{}, h.intake)
		csv, added, _, broken := base(60)
		i := h.begin(s, csv, h.door(0).ID)
		id := i.ID
		if _, err := s.Stop(h.as(admin), h.who(admin), id); err != nil {
			h.Fatal(err)
		}
		h.run(time.Minute)
		if n := h.int("SELECT count(*) FROM r_lead"); n != 0 {
			h.Fatalf("%d came in", n)
		}
		if _, err := s.Start(h.as(admin), h.who(admin), id, nil); err != nil {
			h.Fatal(err)
		}
		h.run(time.Minute)
		if i, err := h.sales.ImportOf(h.Context(), id); err != nil || i.State != imports.Done || int(i.Added) != added || int(i.Broken) != broken {
			h.Errorf("%+v %v", i, err)
		}
		if _, err := s.Start(h.as(admin), h.who(admin), id, nil); !fault.Is(err, fault.Conflict) {
			h.Errorf("a finished one: %v", err)
		}
		if _, err := s.Stop(h.as(anna), h.who(anna), id); !fault.Is(err, fault.Forbidden) {
			h.Errorf("a manager: %v", err)
		}
	})
}

// TestAWrongStartIsRefused: an import that can't work doesn't begin.
func TestAWrongStartIsRefused(t *testing.T) {
	each(t, func(h *house) {
		s := h.imports(&shelf{}, h.intake)
		i, _, err := s.Upload(h.as(admin), h.who(admin), "a.csv", "", strings.NewReader("ФИО;Телефон\nИван;89123456789\n"))
		if err != nil {
			h.Fatal(err)
		}
		good := imports.Start{KeyID: h.door(0).ID, Encoding: imports.UTF8, Separator: ";", Header: true, Columns: []string{"name", "phone"}}
		for field, change := range map[string]func(*imports.Start){
			"key":       func(s *imports.Start) { s.KeyID = 77 },
			"separator": func(s *imports.Start) { s.Separator = "|" },
			"encoding":  func(s *imports.Start) { s.Encoding = "koi8-r" },
			"source":    func(s *imports.Start) { s.Source = "mars" },
			"columns/1": func(s *imports.Start) { s.Columns = []string{"name", "cat"} },
			"columns":   func(s *imports.Start) { s.Columns = []string{"", "keep"} },
		} {
			how := good
			change(&how)
			var f *fault.Error
			if _, err := s.Start(h.as(admin), h.who(admin), i.ID, &how); !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Path != field {
				h.Errorf("%s: %v", field, err)
			}
		}
	})
}

// TestAnImportedBaseIsDealtInPortions: the drum of the door deals the source of the file slowly.
func TestAnImportedBaseIsDealtInPortions(t *testing.T) {
	each(t, func(h *house) {
		s := h.imports(&shelf{}, h.intake)
		d := h.drum(anna, boris)
		portions := []drum.Portion{{Source: "site", PerDay: 3}}
		if err := h.drums.Change(h.as(admin), h.who(admin), d, drum.Patch{Sources: &portions}); err != nil {
			h.Fatal(err)
		}
		csv, added, _, _ := base(30)
		h.begin(s, csv, h.door(d).ID)
		h.run(time.Minute)
		if leads, offered := h.int("SELECT count(*) FROM r_lead"), h.int("SELECT count(*) FROM offer WHERE user_id <> 0"); leads != int64(added) || offered != 6 {
			h.Errorf("%d leads, %d offers", leads, offered)
		}
	})
}

// TestTwentyThousandRows: a big base comes in whole, its broken rows are told; a third of a minute of processor time.
func TestTwentyThousandRows(t *testing.T) {
	if testing.Short() {
		t.Skip("20,000 rows take half a minute")
	}
	manual := clock.NewManual(time.Date(2026, 11, 19, 9, 0, 0, 0, time.UTC))
	h := newHouse(t, dbtest.SQLite(t, func(o *db.Options) { o.Clock = manual }), manual)
	s := h.imports(&shelf{}, h.intake)
	csv, added, repeated, broken := base(20_000)
	i := h.begin(s, csv, h.door(h.drum(anna, boris, vera)).ID)
	started := time.Now()
	h.run(time.Second)
	took := time.Since(started)
	i, err := h.sales.ImportOf(h.Context(), i.ID)
	if err != nil || i.State != imports.Done || int(i.Added) != added || int(i.Repeated) != repeated || int(i.Broken) != broken {
		t.Errorf("%+v %v instead of %d, %d, %d", i, err, added, repeated, broken)
	}
	t.Logf("20,000 rows in %s", took)
}
