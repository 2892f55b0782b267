package recordquery

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/money"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
	"voronka/internal/texts"
)

// Limits of a file: more is an affair of the backup.
const (
	maxExport  = 20_000 // records
	exportPage = 500
)

// export writes the records of a list as a CSV file: those the person sees and may export.
func (h *Handlers) export(ctx context.Context, a *ask, w http.ResponseWriter) error {
	may := a.who.Plan(a.typ, access.Export)
	if a.catalog.Type(a.typ) != nil && may.Nothing() {
		return fault.New(fault.Forbidden, "record.forbidden_export")
	}
	a.params.Limit, a.params.After = exportPage, ""
	l, err := query.NewList(a.catalog, a.typ, a.params, a.moment, a.plans())
	if err != nil {
		return err
	}
	org, err := h.Org.Last(ctx)
	if err != nil {
		return err
	}
	s := &sheet{c: a.catalog, t: l.Type, org: org, say: texts.For(httpapi.Lang(ctx)), lang: httpapi.Lang(ctx), zone: zone(a.who.Zone)}
	s.out = csv.NewWriter(&s.buf)
	s.head(l.Fields)
	for more := true; more; {
		if more, err = h.exported(ctx, a, may, &l, s); err != nil {
			return err
		}
	}
	s.out.Flush()
	if err := httpapi.Export(ctx, a.typ, int64(s.rows), a.params.Filter); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.typ + "-" + a.moment.Now.Date(s.zone) + ".csv"}))
	w.Header().Set("Cache-Control", "private, no-store")
	_, err = w.Write(append([]byte("\uFEFF"), s.buf.Bytes()...)) // spreadsheets take it for another encoding without
	return err
}

// exported adds a page of the list to the sheet. What is seen may be more than what may be exported.
func (h *Handlers) exported(ctx context.Context, a *ask, may access.Plan, l *query.List, s *sheet) (more bool, err error) {
	sees := a.plan()
	body, err := h.Records.List(ctx, sees, l, nil)
	if err != nil {
		return false, err
	}
	var page struct {
		Items []map[string]any
		Next  string
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&page); err != nil {
		return false, fmt.Errorf("export: %w", err)
	}
	allowed := func(int64) bool { return true }
	if !reflect.DeepEqual(sees.Arms, may.Arms) || !reflect.DeepEqual(sees.Not, may.Not) {
		reached, err := h.Records.Reached(ctx, may, l.Type, idsOf(page.Items))
		if err != nil {
			return false, err
		}
		allowed = func(id int64) bool { return reached[id] }
	}
	for _, item := range page.Items {
		if !allowed(number(item["id"])) {
			continue
		}
		if s.rows++; s.rows > maxExport {
			return false, fault.New(fault.TooLarge, "query.export_too_many", fault.Args{"max": maxExport})
		}
		if err := s.row(l.Fields, item); err != nil {
			return false, err
		}
	}
	if page.Next == "" {
		return false, nil
	}
	l.After, err = query.ParseMark(page.Next, l.Sort)
	return true, err
}

func idsOf(items []map[string]any) []int64 {
	ids := make([]int64, len(items))
	for i, item := range items {
		ids[i] = number(item["id"])
	}
	return ids
}

func number(v any) int64 {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return i
}

// sheet is the file being written.
type sheet struct {
	c    *schema.Catalog
	t    *schema.Type
	org  *directory.Directory
	say  *texts.Catalogue
	lang string
	zone *time.Location
	buf  bytes.Buffer
	out  *csv.Writer
	rows int
}

// head is the titles of the columns; an amount has its currency beside it.
func (s *sheet) head(fields []*schema.Field) {
	cells := []string{s.t.System[0].Title(s.lang)}
	for _, f := range fields {
		cells = append(cells, f.Title(s.lang))
		if f.Kind == schema.Money {
			cells = append(cells, s.say.Say("query.export_currency", map[string]any{"field": f.Title(s.lang)}))
		}
	}
	_ = s.out.Write(cells) // into memory
}

func (s *sheet) row(fields []*schema.Field, item map[string]any) error {
	cells := []string{fmt.Sprint(number(item["id"]))}
	for _, f := range fields {
		v := item[f.Code]
		if f.Kind == schema.Money {
			amount, _ := v.(map[string]any)
			currency, _ := amount["currency"].(string)
			if amount == nil {
				cells = append(cells, "", "")
			} else {
				cells = append(cells, money.Scaled(number(amount["minor"]), money.Exponent(currency)), currency)
			}
			continue
		}
		cells = append(cells, harmless(s.cell(f, v, item)))
	}
	return s.out.Write(cells)
}

// cell is a value in words.
func (s *sheet) cell(f *schema.Field, v any, item map[string]any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		words := make([]string, len(v))
		for i, one := range v {
			words[i] = s.cell(f, one, item)
		}
		return strings.Join(words, ", ")
	case map[string]any:
		for _, name := range []string{"title", "value", "name"} {
			if text, ok := v[name].(string); ok {
				return text
			}
		}
		return fmt.Sprint(number(v["id"]))
	case bool:
		if v {
			return s.say.Say("query.yes", nil)
		}
		return s.say.Say("query.no", nil)
	case json.Number:
		return s.numbered(f, number(v), v.String())
	case string:
		return s.text(f, v, item)
	}
	return ""
}

// numbered is who or what stands behind a number.
func (s *sheet) numbered(f *schema.Field, id int64, text string) string {
	switch f.Kind {
	case schema.User, schema.Users:
		return s.org.Name(id)
	case schema.DepartmentKind:
		if d := s.org.Department(id); d != nil {
			return d.Title
		}
	}
	return text
}

// text is a code as it is called, a moment by the person's clock, or the text itself.
func (s *sheet) text(f *schema.Field, text string, item map[string]any) string {
	switch f.Kind {
	case schema.DateTime:
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			return at.In(s.zone).Format("2006-01-02 15:04")
		}
	case schema.List, schema.MultiList:
		for _, v := range f.Values {
			if v.Code == text {
				return v.Title(s.lang)
			}
		}
	case schema.PipelineKind:
		if p := s.c.Pipeline(s.t.Code, text); p != nil {
			return p.Title(s.lang)
		}
	case schema.StageKind:
		for _, p := range s.c.Pipelines(s.t.Code) {
			if stage := p.Stage(text); stage != nil && (item["pipeline"] == nil || item["pipeline"] == p.Code) {
				return stage.Title(s.lang)
			}
		}
	case schema.LostReasonKind:
		if r := s.c.LostReason(s.t.Code, text); r != nil {
			return r.Title(s.lang)
		}
	}
	return text
}

// harmless keeps a spreadsheet from running what a stranger has written into a field.
func harmless(cell string) string {
	if cell == "" || !strings.ContainsRune("=@+-\t\r", rune(cell[0])) {
		return cell
	}
	if _, err := strconv.ParseFloat(strings.ReplaceAll(cell, " ", ""), 64); err == nil || cell[0] == '+' && phone(cell) {
		return cell
	}
	return "'" + cell
}

// phone tells a telephone number: nothing a spreadsheet could run.
func phone(cell string) bool {
	return strings.IndexFunc(cell, func(r rune) bool { return !strings.ContainsRune("+0123456789-() ,", r) }) < 0
}
