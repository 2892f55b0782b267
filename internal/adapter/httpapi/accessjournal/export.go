package accessjournalapi

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/accessjournal"
	"voronka/internal/org/directory"
	"voronka/internal/texts"
)

// maxExport is how many lines a file holds: they are gathered before anything is answered, so that the journal can say how
// many left.
const maxExport = 20_000

// export writes the lines of a filter as CSV.
func (d Deps) export(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
	in, err := filterOf(req)
	if err != nil {
		return err
	}
	f, err := in.filter(ctx)
	if err != nil {
		return err
	}
	hidden, err := d.hidden(ctx, f.Ref)
	if err != nil {
		return err
	}
	var lines []Line
	if !hidden {
		if lines, err = d.all(ctx, f); err != nil {
			return err
		}
	}
	org, err := d.People.Last(ctx)
	if err != nil {
		return err
	}
	if err := httpapi.Export(ctx, "access_journal", int64(len(lines)), told(req.URL.Query())); err != nil {
		return err
	}
	lang := httpapi.Lang(ctx)
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="access-journal.csv"`)
	if _, err := io.WriteString(w, "\uFEFF"); err != nil { // table programs know UTF-8 by it
		return err
	}
	out := csv.NewWriter(w)
	if lang == "ru" {
		out.Comma = ';'
	}
	return out.WriteAll(rows(lines, org, lang, httpapi.Who(ctx).Zone))
}

func filterOf(req *http.Request) (in Filters, err error) {
	const most = 1 << 62
	q := req.URL.Query()
	for name, to := range map[string]*int64{"user": &in.User, "record": &in.Record, "token": &in.Token} {
		if *to, err = httpapi.QueryInt(req, name, 0, 0, most); err != nil {
			return in, err
		}
	}
	in.Kind, in.Type, in.Q, in.From, in.To = q.Get("kind"), q.Get("type"), q.Get("q"), q.Get("from"), q.Get("to")
	if len(in.Q) > 400 {
		return in, fault.In("q", "input.max_length", fault.Args{"max": 200})
	}
	return in, nil
}

// told is the filter as the journal notes it.
func told(q url.Values) string {
	text, err := url.QueryUnescape(q.Encode())
	if err != nil || len(text) > 1000 {
		return ""
	}
	return text
}

// all are the lines of a filter, page by page.
func (d Deps) all(ctx context.Context, f accessjournal.Filter) (all []Line, err error) {
	for f.Limit = 1000; ; {
		found, err := d.Store.Entries(ctx, f)
		if err != nil {
			return nil, err
		}
		some, err := d.lines(ctx, found)
		if err != nil {
			return nil, err
		}
		if all = append(all, some...); len(all) > maxExport {
			return nil, fault.New(fault.TooLarge, "accessjournal.too_many", fault.Args{"max": maxExport})
		}
		if len(found) < f.Limit {
			return all, nil
		}
		last := found[len(found)-1]
		f.Before = accessjournal.Mark{At: last.At, ID: last.ID}
	}
}

func rows(lines []Line, org *directory.Directory, lang, zone string) [][]string {
	say := func(key string) string { return texts.For(lang).Say(key, nil) }
	table := [][]string{{
		say("accessjournal.column.at"), say("accessjournal.column.who"), say("accessjournal.column.what"), say("accessjournal.column.record"),
		say("accessjournal.column.ip"), say("accessjournal.column.device"), say("accessjournal.column.client"), say("accessjournal.column.more"),
	}}
	where := place(zone)
	for _, l := range lines {
		who, client := "", ""
		if l.User != nil {
			if u := org.User(*l.User); u != nil {
				who = u.Name
			} else {
				who = fmt.Sprint(*l.User)
			}
		}
		if l.Token != nil {
			client = strings.TrimSpace(fmt.Sprintf("%s #%d", l.Token.Title, l.Token.ID))
		}
		record := ""
		if l.Type != "" {
			record = strings.TrimSpace(fmt.Sprintf("%s %s", l.Type, l.Title))
			if l.Record != 0 {
				record = fmt.Sprintf("%s/%d %s", l.Type, l.Record, l.Title)
			}
		}
		table = append(table, harmless([]string{
			l.At.In(where).Format("2006-01-02 15:04:05"), who, say("accessjournal.kind." + l.Kind), record, l.IP, strings.TrimSpace(l.Browser + " " + l.OS), client, string(l.Data.RawMessage),
		}))
	}
	return table
}

// harmless keeps a table program from running what a stranger has written into a cell.
func harmless(cells []string) []string {
	for i, cell := range cells {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			cells[i] = "'" + cell
		}
	}
	return cells
}
