package plant

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/textkey"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
)

// weights is how the records of a pipeline lie on its stages, in percent; stages beyond get nothing.
var weights = []int{8, 12, 20, 8, 5, 7, 25, 15}

// batch is how many rows go into one statement, slice how many into one transaction.
const (
	batch = 50
	slice = 5000
)

var words = []string{"Поставка", "Монтаж", "Ремонт", "Обслуживание", "Ёлки новогодние", "Проект", "Лицензии", "Обучение"}

var clients = []string{"«Вектор»", "«Ромашка»", "«Стройсервис»", "«Ёлочка»", "«Северный путь»", "«Альфа»", "«Заря»"}

// Deals writes n deals with the company's people, what is observed, and the totals. The indexes of the table are made
// again afterwards, which is ten times faster than keeping them.
func (c *Company) Deals(ctx context.Context, d *db.DB, catalog *schema.Catalog, n int) error {
	deal := catalog.Type("deal")
	indexes, err := dropIndexes(ctx, d, deal.Table())
	if err != nil {
		return err
	}
	w := c.newWriter(catalog, n)
	for w.next <= n {
		if err := d.Do(ctx, func(t tx.Tx) error { return w.slice(db.Of(t)) }); err != nil {
			return err
		}
		w.next = w.upTo
	}
	for _, text := range indexes {
		if err := d.Do(ctx, func(t tx.Tx) error { _, err := db.Of(t).Exec(text); return err }); err != nil {
			return err
		}
	}
	if err := c.observe(ctx, d, deal, n); err != nil {
		return err
	}
	return Totals(ctx, d, deal)
}

// dropIndexes drops the indexes of a table and returns the texts that make them.
func dropIndexes(ctx context.Context, d *db.DB, table string) (texts []string, err error) {
	err = d.Do(ctx, func(t tx.Tx) error {
		q := db.Of(t)
		list := "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
		if q.Dialect() == db.Postgres {
			list = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ? AND indexname NOT LIKE '%_pkey'"
		}
		texts = nil
		var names []string
		if err := q.Query(list, []any{table}, func(r db.Row) error {
			names, texts = append(names, r.Text(0)), append(texts, r.Text(1))
			return nil
		}); err != nil {
			return err
		}
		for _, name := range names {
			if _, err := q.Exec("DROP INDEX " + name); err != nil {
				return err
			}
		}
		return nil
	})
	return texts, err
}

// dealWriter makes deals from their number alone, so that both databases and every run hold the same.
type dealWriter struct {
	c         *Company
	deal      *schema.Type
	pipeline  *schema.Pipeline
	stages    []int64 // a hundred of them, by weight
	custom    []*schema.Field
	columns   []string
	next, n   int
	upTo      int
	few, many int64
	watching  int64
	fewEvery  int
	manyEvery int
	ownEvery  int
}

func (c *Company) newWriter(catalog *schema.Catalog, n int) *dealWriter {
	w := &dealWriter{
		c: c, deal: catalog.Type("deal"), pipeline: catalog.Pipelines("deal")[0], next: 1, n: n,
		few: c.Cast["own16"].ID, many: c.Cast["own5000"].ID, fewEvery: max(n/FewOwn, 1), manyEvery: max(n/ManyOwn, 1),
		watching: c.Cast["observer"].ID, ownEvery: max(n/Watched, 1),
	}
	for i, stage := range w.pipeline.Stages {
		if i < len(weights) {
			for range weights[i] {
				w.stages = append(w.stages, stage.ID)
			}
		}
	}
	w.columns = []string{
		"id", "title", "title_key", "pipeline_id", "stage_id", "responsible_id", "department_id", "dept_pos", "stage_entered_at",
		"created_at", "created_by", "updated_at", "version", "amount", "amount_cur", "amount_base", "company", "contact", "source", "comment",
		"comment_key", "closes_on", "probability", "next_at",
	}
	for _, f := range w.deal.Fields {
		if !f.Builtin && (f.Kind == schema.Text || f.Kind == schema.Integer || f.Kind == schema.Date || f.Kind == schema.Bool || f.Kind == schema.Decimal) {
			w.custom = append(w.custom, f)
			w.columns = append(w.columns, f.Columns()...)
		}
	}
	return w
}

func (w *dealWriter) slice(q db.Q) error {
	w.upTo = w.next
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(w.columns)), ", ") + ")"
	head := "INSERT INTO " + w.deal.Table() + " (" + strings.Join(w.columns, ", ") + ") VALUES "
	full := head + strings.TrimSuffix(strings.Repeat(row+", ", batch), ", ")
	for end := min(w.next+slice, w.n+1); w.upTo < end; {
		rows := min(batch, end-w.upTo)
		args := make([]any, 0, rows*len(w.columns))
		for i := range rows {
			args = w.row(args, w.upTo+i)
		}
		text := full
		if rows < batch {
			text = head + strings.TrimSuffix(strings.Repeat(row+", ", rows), ", ")
		}
		if _, err := q.Exec(text, args...); err != nil {
			return err
		}
		w.upTo += rows
	}
	return nil
}

// row is deal number i.
func (w *dealWriter) row(args []any, i int) []any {
	r := rand.New(rand.NewPCG(uint64(i), 77))
	person := r.IntN(People - len(w.c.Cast)) // the cast has what it is given and nothing else
	responsible, dept := w.c.First+int64(person), w.c.Dept[person]
	switch {
	case i%w.fewEvery == 0 && i/w.fewEvery <= FewOwn:
		responsible, dept = w.few, w.c.Dept[w.few-w.c.First]
	case i%w.manyEvery == 1%w.manyEvery && i/w.manyEvery < ManyOwn:
		responsible, dept = w.many, w.c.Dept[w.many-w.c.First]
	case i%w.ownEvery == 2%w.ownEvery && i/w.ownEvery < Watched:
		responsible, dept = w.watching, w.c.Dept[w.watching-w.c.First]
	}
	title := fmt.Sprintf("%s для %s № %d", words[r.IntN(len(words))], clients[r.IntN(len(clients))], i)
	created := int64(1_700_000_000_000) + int64(i)*60_000
	amount := int64(r.IntN(1_000_000)) * 100
	currency, base := "RUB", amount
	if r.IntN(20) == 0 {
		currency, base = "USD", amount*90
	}
	comment := "Созвонились, договорились о встрече, ждём договор"
	args = append(args, int64(i), title, textkey.Key(title), w.pipeline.ID, w.stages[r.IntN(len(w.stages))], responsible, dept, w.c.Pos[dept-1],
		created+int64(r.IntN(1_000_000))*1000, created, responsible, created, int64(1+r.IntN(9)), amount, currency, base)
	args = append(args, maybe(r, int64(1+r.IntN(500))), maybe(r, int64(1+r.IntN(500))), maybe(r, w.deal.Field("source").Values[r.IntN(10)].ID),
		comment, textkey.Key(comment), maybe(r, fmt.Sprintf("2026-%02d-%02d", 1+r.IntN(12), 1+r.IntN(28))), maybe(r, int64(r.IntN(11)*10)),
		maybe(r, created+86_400_000))
	for _, f := range w.custom {
		args = customValue(args, f, r)
	}
	return args
}

func customValue(args []any, f *schema.Field, r *rand.Rand) []any {
	switch f.Kind {
	case schema.Text:
		text := fmt.Sprintf("Значение %d", r.IntN(1000))
		return append(args, text, textkey.Key(text))
	case schema.Date:
		return append(args, fmt.Sprintf("2027-%02d-%02d", 1+r.IntN(12), 1+r.IntN(28)))
	case schema.Bool:
		return append(args, int64(r.IntN(2)))
	}
	return append(args, int64(r.IntN(10_000)))
}

// maybe leaves out every fourth value.
func maybe(r *rand.Rand, v any) any {
	if r.IntN(4) == 0 {
		return nil
	}
	return v
}

// observe lets one person observe records spread over all there are.
func (c *Company) observe(ctx context.Context, d *db.DB, deal *schema.Type, n int) error {
	return d.Do(ctx, func(t tx.Tx) error {
		q := db.Of(t)
		for i := range min(Observing, n) {
			if _, err := q.Exec("INSERT INTO observer (type_id, record_id, user_id) VALUES (?, ?, ?)", deal.ID, int64(i*(n/min(Observing, n))+1), c.Cast["observer"].ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// Totals counts everything anew.
func Totals(ctx context.Context, d *db.DB, deal *schema.Type) error {
	return d.Do(ctx, func(t tx.Tx) error {
		q := db.Of(t)
		sums := fmt.Sprintf("count(*), coalesce(sum(amount), 0), sum(amount_base) FROM %s GROUP BY ", deal.Table())
		for _, text := range []string{
			"DELETE FROM total_dept WHERE type_id = ?",
			"DELETE FROM total_user WHERE type_id = ?",
			"INSERT INTO total_dept (type_id, pipeline_id, stage_id, department_id, currency, n, amount, base) SELECT ?, pipeline_id, stage_id, department_id, coalesce(amount_cur, ''), " +
				sums + "2, 3, 4, 5",
			"INSERT INTO total_user (type_id, pipeline_id, responsible_id, stage_id, department_id, currency, n, amount, base) SELECT ?, pipeline_id, responsible_id, stage_id, department_id, coalesce(amount_cur, ''), " +
				sums + "2, 3, 4, 5, 6",
		} {
			if _, err := q.Exec(strings.Replace(text, "?", fmt.Sprint(deal.ID), 1)); err != nil {
				return err
			}
		}
		return nil
	})
}
