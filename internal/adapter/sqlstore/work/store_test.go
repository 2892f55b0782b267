package workstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	recordstore "voronka/internal/adapter/sqlstore/record"
	workstore "voronka/internal/adapter/sqlstore/work"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/work/mail"
	"voronka/internal/work/notify"
)

func store(t *testing.T, d *db.DB) *workstore.Store {
	t.Helper()
	if err := recordstore.EnsureBuiltins(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return workstore.New(d, recordstore.New(d))
}

func do(t *testing.T, d *db.DB, f func(tx.Tx) error) {
	t.Helper()
	if err := d.Do(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func TestNotices(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := store(t, d)
		do(t, d, func(x tx.Tx) error {
			var told []*notify.Item
			for i, source := range []string{"a", "b", "a", "c"} {
				told = append(told, &notify.Item{UserID: 1, At: x.Now(), Kind: "k", Source: source, Subject: int64(i), Args: notify.Args{"n": 1.0}, Held: notify.Push})
			}
			told = append(told, &notify.Item{UserID: 2, At: x.Now(), Kind: "k", Source: "a"})
			if err := s.Insert(x, told); err != nil {
				return err
			}
			for i, n := range told {
				if (n.ID != 0) != (i != 2) {
					t.Errorf("%d %s: %d", i, n.Source, n.ID)
				}
			}
			return nil
		})
		list, unread, err := s.List(t.Context(), 1, 0, false, 10)
		if err != nil || len(list) != 3 || unread != 3 || list[0].Source != "c" || list[0].Args["n"] != 1.0 {
			t.Fatalf("%+v %d %v", list, unread, err)
		}
		do(t, d, func(x tx.Tx) error {
			if err := s.Read(x, 2, []int64{list[0].ID}); err != nil { // somebody else's stays unread
				return err
			}
			if n, err := s.Unread(x, []int64{1, 2, 1, 3}); n[1] != 3 || n[2] != 1 || n[3] != 0 || err != nil {
				t.Errorf("%v %v", n, err)
			}
			read, err := s.Settle(x, []notify.Over{{UserID: 1, OfferID: 3}, {UserID: 2, OfferID: 3}}, []string{"k", "other"})
			if err != nil || len(read) != 1 || !slices.Equal(read[1], []int64{list[0].ID}) {
				t.Errorf("%v %v", read, err)
			}
			held, err := s.Release(x, 1)
			if err != nil || len(held) != 3 || held[0].Held != notify.Push {
				t.Errorf("%+v %v", held, err)
			}
			held, err = s.Release(x, 1)
			if err != nil || len(held) != 0 {
				t.Errorf("twice: %+v %v", held, err)
			}
			return s.Read(x, 1, nil)
		})
		if _, unread, err := s.List(t.Context(), 1, 0, true, 10); unread != 0 || err != nil {
			t.Errorf("%d %v", unread, err)
		}
		for _, want := range []int64{2, 1, 0} {
			do(t, d, func(x tx.Tx) error {
				n, err := s.Sweep(x, x.Now()+1, 0, 2)
				if err == nil && n != want {
					t.Errorf("%d notices are removed, want %d", n, want)
				}
				return err
			})
		}
		if list, _, err := s.List(t.Context(), 1, 0, false, 10); len(list) != 0 || err != nil {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func TestTitlesAndChoicesOfManyAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := store(t, d)
		do(t, d, func(x tx.Tx) error {
			q := db.Of(x)
			for _, text := range []string{
				"INSERT INTO r_lead (id, version, title, title_key, created_at, updated_at) VALUES (7, 1, 'Hall', 'hall', 1, 1)",
				"INSERT INTO r_deal (id, version, title, title_key, created_at, updated_at) VALUES (7, 1, 'Roof', 'roof', 1, 1)",
			} {
				if _, err := q.Exec(text); err != nil {
					return err
				}
			}
			for _, c := range []struct {
				user int64
				kind string
			}{{1, "a"}, {1, "b"}, {2, "a"}, {4, "a"}} {
				if err := s.Choose(x, c.user, c.kind, notify.Push); err != nil {
					return err
				}
			}
			return nil
		})
		do(t, d, func(x tx.Tx) error {
			lead, deal, gone := ref.Ref{Type: "lead", ID: 7}, ref.Ref{Type: "deal", ID: 7}, ref.Ref{Type: "deal", ID: 8}
			titles, err := s.Titles(x, []ref.Ref{lead, deal, gone, deal, {Type: "nothing", ID: 7}})
			if err != nil || len(titles) != 2 || titles[lead] != "Hall" || titles[deal] != "Roof" {
				t.Errorf("%v %v", titles, err)
			}
			chosen, err := s.Chosen(x, []int64{1, 2, 3, 1})
			if err != nil || len(chosen) != 2 || len(chosen[1]) != 2 || chosen[2]["a"] != notify.Push {
				t.Errorf("%v %v", chosen, err)
			}
			return nil
		})
	})
}

func TestWordsAndLettersOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := store(t, d)
		do(t, d, func(x tx.Tx) error {
			for i, want := range []bool{true, false} {
				if fresh, err := s.Spend(x, "1.2.3.x"); err != nil || fresh != want {
					t.Errorf("%d: %v %v", i, fresh, err)
				}
			}
			l := &mail.Letter{Source: "thanks/1", To: "a@b.ru", State: mail.Waiting, CreatedAt: x.Now()}
			if fresh, err := s.InsertLetter(x, l); !fresh || err != nil {
				t.Errorf("%v %v", fresh, err)
			}
			if fresh, err := s.InsertLetter(x, &mail.Letter{Source: "thanks/1"}); fresh || err != nil {
				t.Errorf("twice: %v %v", fresh, err)
			}
			if err := s.Mark(x, l.ID, mail.Sent, ""); err != nil {
				return err
			}
			return s.Mark(x, l.ID, mail.Failed, "late") // what is sent stays sent
		})
		if l, err := s.Letter(t.Context(), 1); err != nil || l.State != mail.Sent || l.Attempts != 1 || l.SentAt == 0 {
			t.Errorf("%+v %v", l, err)
		}
		first := notify.Keys{Public: "p", Private: "q", Sign: "s"}
		do(t, d, func(x tx.Tx) error { return s.SaveKeys(x, first) })
		do(t, d, func(x tx.Tx) error { return s.SaveKeys(x, notify.Keys{Public: "other"}) })
		if k, err := s.Keys(t.Context()); err != nil || *k != first {
			t.Errorf("%+v %v", k, err)
		}
	})
}

// Letters are counted by mailbox: an address written in another way is the same one.
func TestLettersAreCountedByMailbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := store(t, d)
		do(t, d, func(x tx.Tx) error {
			for i, to := range []string{"ivan@mail.ru", "Ivan+1@mail.ru", "IVAN+crm@Mail.Ru", "ivan@почта.рф", "petr@mail.ru"} {
				l := &mail.Letter{Source: fmt.Sprintf("thanks/%d", i), To: to, State: mail.Waiting, CreatedAt: x.Now()}
				if _, err := s.InsertLetter(x, l); err != nil {
					return err
				}
			}
			if _, err := s.InsertLetter(x, &mail.Letter{Source: "notice/1", To: "ivan@mail.ru", State: mail.Waiting, CreatedAt: x.Now()}); err != nil {
				return err
			}
			for to, want := range map[string]int64{"ivan@mail.ru": 3, "iVan+x@MAIL.RU": 3, "ivan@xn--80a1acny.xn--p1ai": 1, "petr@mail.ru": 1, "nobody@mail.ru": 0} {
				if n, err := s.LettersTo(x, to, "thanks/", x.Now()); err != nil || n != want {
					t.Errorf("%s: %d, want %d (%v)", to, n, want, err)
				}
			}
			if n, err := s.LettersTo(x, "ivan@mail.ru", "thanks/", x.Now()+1); err != nil || n != 0 {
				t.Errorf("later: %d %v", n, err)
			}
			return nil
		})
		if l, err := s.Letter(t.Context(), 2); err != nil || l.To != "Ivan+1@mail.ru" {
			t.Errorf("it is written to as it was given: %+v %v", l, err)
		}
	})
}

// Old letters go slice by slice; those that wait stay.
func TestOldLettersGoInSlices(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := store(t, d)
		do(t, d, func(x tx.Tx) error {
			for i := range 6 {
				l := &mail.Letter{Source: fmt.Sprintf("thanks/%d", i), To: "ivan@mail.ru", State: mail.Waiting, CreatedAt: x.Now()}
				if _, err := s.InsertLetter(x, l); err != nil {
					return err
				}
			}
			return nil
		})
		do(t, d, func(x tx.Tx) error { // six letters, of which one waits
			if _, err := db.Of(x).Exec("UPDATE mail SET state = 'sent' WHERE id <> 1"); err != nil {
				return err
			}
			for _, want := range []int64{3, 2, 0} {
				if n, err := s.SweepLetters(x, x.Now()+1, 3); err != nil || n != want {
					t.Errorf("%d letters are removed, want %d (%v)", n, want, err)
				}
			}
			return nil
		})
	})
}

// A base that is imported through a door is no crowd of people who wrote: nobody of it is thanked.
func TestAnImportedBaseIsNotThanked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := store(t, d)
		do(t, d, func(x tx.Tx) error {
			q := db.Of(x)
			key, err := db.InsertID(q, "INSERT INTO intake_key (code, key, title, channel, created_at) VALUES ('site', 'k', 'Site', 'site', 1) RETURNING id")
			if err != nil {
				return err
			}
			if err := s.SaveTemplate(x, mail.Template{KeyID: key, Active: true, SubjectRU: "Спасибо", BodyRU: "Спасибо"}); err != nil {
				return err
			}
			var ids []int64
			for _, channel := range []string{"site", "import", "form"} {
				id, err := db.InsertID(q, `INSERT INTO request (at, intake_key_id, channel, source, payload) VALUES (1, ?, ?, '', '{"name":"Ivan","email":"ivan@mail.ru"}') RETURNING id`, key, channel)
				if err != nil {
					return err
				}
				ids = append(ids, id)
			}
			came, err := s.Came(x, ids)
			if err != nil || len(came) != 2 || came[0].RequestID != ids[0] || came[1].RequestID != ids[2] || came[0].Email != "ivan@mail.ru" {
				t.Errorf("%v: %+v %v", ids, came, err)
			}
			return nil
		})
	})
}

// The bell is asked on every page: with many notices of many people it reads a few entries of an index.
func TestTheBellReadsAnIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		store(t, d)
		do(t, d, func(x tx.Tx) error {
			q := db.Of(x)
			if _, err := q.Exec(`INSERT INTO notice (user_id, at, kind, source, read_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
				SELECT i % 50, i, 'k', 's' || i, CASE WHEN i % 40 = 0 THEN 0 ELSE 1 END FROM n`); err != nil {
				return err
			}
			_, err := q.Exec("ANALYZE")
			return err
		})
		for sql, index := range map[string]string{
			"SELECT count(*) FROM (SELECT 1 FROM notice WHERE user_id = 7 AND read_at = 0 LIMIT 100) few":                          "notice_unread",
			"SELECT * FROM notice n WHERE n.user_id BETWEEN 7 AND 7 AND n.id < 15000 ORDER BY n.user_id DESC, n.id DESC LIMIT 21":  "notice_user",
			"SELECT * FROM notice n WHERE n.user_id BETWEEN 7 AND 7 ORDER BY n.user_id DESC, n.id DESC LIMIT 21":                   "notice_user",
			"SELECT * FROM notice n WHERE n.user_id BETWEEN 7 AND 7 AND n.read_at = 0 ORDER BY n.user_id DESC, n.id DESC LIMIT 21": "notice_unread",
			"SELECT * FROM notice n WHERE n.user_id = 7 AND n.held <> 0 ORDER BY n.id":                                             "notice_held",
			"SELECT source FROM mail WHERE to_key = 'a@b.ru' AND created_at >= 5":                                                  "mail_to",
			"SELECT id FROM notice WHERE at < 3 AND (read_at <> 0 OR at < 2) ORDER BY at LIMIT 5000":                               "notice_at",
		} {
			var plan strings.Builder
			if err := d.Read(t.Context(), func(q db.Q) error {
				plan.Reset()
				word := "EXPLAIN QUERY PLAN "
				if q.Dialect() == db.Postgres {
					word = "EXPLAIN "
				}
				return q.Query(word+sql, nil, func(r db.Row) error {
					fmt.Fprintln(&plan, r.Text(r.Len()-1))
					return nil
				})
			}); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(plan.String(), index) && !(index == "mail_to" && d.Dialect() == db.Postgres) { // an empty table is read as it is
				t.Errorf("%s\n%s", sql, plan.String())
			}
		}
	})
}
