package salesapi

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/page"
	"voronka/internal/sales/imports"
	"voronka/internal/texts"
)

// Import is a file whose rows come in as requests.
type Import struct {
	ID         int64      `json:"id"`
	CreatedAt  time.Time  `json:"created_at"`
	CreatedBy  int64      `json:"created_by"`
	Name       string     `json:"name" doc:"Of the file"`
	Size       int64      `json:"size"`
	Encoding   string     `json:"encoding" enum:"utf-8,windows-1251"`
	Separator  string     `json:"separator"`
	Header     bool       `json:"header" doc:"The first row names the columns"`
	Columns    []string   `json:"columns" doc:"What each column is: name, phone, email, company, comment, title, amount, source, utm_*, a field of the record, contact.code, company.code, keep (with the request as it came) or nothing"`
	Key        *int64     `json:"key" doc:"The door the rows come in by"`
	KeyTitle   string     `json:"key_title"`
	Source     string     `json:"source"`
	State      string     `json:"state" enum:"draft,running,stopped,done,failed"`
	Total      int64      `json:"total" doc:"Rows that aren't empty, without the heading"`
	Added      int64      `json:"added"`
	Repeated   int64      `json:"repeated" doc:"Joined what was open of a known client"`
	Broken     int64      `json:"broken"`
	StartedAt  *time.Time `json:"started_at"`
	FinishedAt *time.Time `json:"finished_at"`
	Sample     [][]string `json:"sample,omitempty" doc:"The first rows, the heading too"`
}

// ImportStart says how a file is to be read. Without columns a stopped import goes on.
type ImportStart struct {
	Key       int64    `json:"key,omitempty" doc:"Who doesn't run the forms has no choice: the rows come in by the oldest door made for imports"`
	Source    string   `json:"source,omitempty"`
	Encoding  string   `json:"encoding,omitempty"`
	Separator string   `json:"separator,omitempty"`
	Header    bool     `json:"header,omitempty"`
	Columns   []string `json:"columns,omitempty"`
}

// BrokenRow is a row that didn't come in.
type BrokenRow struct {
	Row    int64    `json:"row" doc:"As a spreadsheet counts them, from 1"`
	Reason string   `json:"reason"`
	Cells  []string `json:"cells"`
}

func importOf(i *imports.Import) Import {
	return Import{
		ID: i.ID, CreatedAt: i.CreatedAt.Time(), CreatedBy: i.CreatedBy, Name: i.FileName, Size: i.Size, Encoding: i.Encoding, Separator: i.Separator, Header: i.Header,
		Columns: append([]string{}, i.Columns...), Key: httpapi.OrNull(i.KeyID), KeyTitle: i.KeyTitle, Source: i.Source, State: i.State, Total: i.Total,
		Added: i.Added, Repeated: i.Repeated, Broken: i.Broken, StartedAt: moment(i.StartedAt), FinishedAt: moment(i.FinishedAt),
	}
}

func moment(at clock.Instant) *time.Time {
	if at == 0 {
		return nil
	}
	t := at.Time()
	return &t
}

func (d Deps) importRoutes(r *httpapi.Router) {
	o := httpapi.Route(http.MethodPost, "/api/imports", httpapi.Importer, "intake", "Upload a CSV file of requests")
	o.Doc = "As multipart/form-data with one part \"file\", or the content as it is with the name in the query. Nothing comes in before the import is started."
	o.Status, o.Upload, o.MaxBody = http.StatusCreated, true, imports.MaxFile
	o.Query = []httpapi.Param{{Name: "name", Type: "", Doc: "name of the file, when the body is its content"}}
	httpapi.Stream(r, o, Import{}, d.uploadImport)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/imports", httpapi.Importer, "intake", "Imported files; the newest first"), d.listImports)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/imports/{id}", httpapi.Importer, "intake", "One import: how far it is, and its first rows"), d.getImport)
	o = httpapi.Route(http.MethodPost, "/api/imports/{id}/start", httpapi.Importer, "intake", "Let the rows in, or go on with a stopped import")
	o.Status = http.StatusOK
	httpapi.Handle(r, o, d.startImport)
	o = httpapi.Route(http.MethodPost, "/api/imports/{id}/stop", httpapi.Importer, "intake", "Stop; what has come in stays")
	o.Status = http.StatusOK
	httpapi.Handle(r, o, d.stopImport)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/imports/{id}/rows", httpapi.Importer, "intake", "Rows that didn't come in, with reasons"), d.brokenRows)
	httpapi.Stream(r, httpapi.Route(http.MethodGet, "/api/imports/{id}/broken", httpapi.Importer, "intake", "Rows that didn't come in as a CSV file, with reasons"), nil, d.brokenFile)
}

func (d Deps) uploadImport(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
	name, kind, content, err := uploaded(req)
	if err != nil {
		return err
	}
	i, sample, err := d.Imports.Upload(ctx, httpapi.Who(ctx), name, kind, content)
	if err != nil {
		return tooBig(err)
	}
	out := importOf(i)
	out.Sample = sample
	body, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return httpapi.WriteJSON(w, http.StatusCreated, body)
}

// uploaded is the file of a request: the first part of a form that is one, or the body.
func uploaded(req *http.Request) (name, kind string, r io.Reader, err error) {
	if media, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type")); media != "multipart/form-data" {
		return req.URL.Query().Get("name"), "text/csv", req.Body, nil
	}
	form, err := req.MultipartReader()
	if err != nil {
		return "", "", nil, fault.Wrap(fault.Invalid, "file.no_part", err)
	}
	for {
		part, err := form.NextPart()
		if err != nil {
			return "", "", nil, tooBig(fault.Wrap(fault.Invalid, "file.no_part", err))
		}
		if part.FileName() != "" {
			return part.FileName(), "text/csv", part, nil
		}
	}
}

func tooBig(err error) error {
	var tooMuch *http.MaxBytesError
	if errors.As(err, &tooMuch) {
		return fault.New(fault.TooLarge, "http.body_too_large", fault.Args{"max": tooMuch.Limit})
	}
	return err
}

type importsIn struct {
	Limit int    `query:"limit" minimum:"0" maximum:"500" doc:"Items a page, 50 by default"`
	After string `query:"after" doc:"next of the page before"`
}

func (d Deps) listImports(ctx context.Context, in *importsIn) (*httpapi.Body[httpapi.List[Import]], error) {
	var before int64
	if in.After != "" {
		if err := page.Decode(in.After, &before); err != nil {
			return nil, err
		}
	}
	limit := page.Limit(in.Limit)
	found, err := d.Imports.List(ctx, httpapi.Who(ctx), before, limit+1)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(found) > limit {
		found = found[:limit]
		next = page.Encode(found[limit-1].ID)
	}
	list := make([]Import, len(found))
	for n, i := range found {
		list[n] = importOf(i)
	}
	return httpapi.ListOf(list, next), nil
}

type importIn struct {
	httpapi.ByID
	Separator string `query:"separator" doc:"Shows the first rows as this separator cuts them"`
	Encoding  string `query:"encoding" enum:"utf-8,windows-1251"`
}

func (d Deps) getImport(ctx context.Context, in *importIn) (*httpapi.Body[Import], error) {
	i, err := d.Imports.One(ctx, httpapi.Who(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	separator, encoding := i.Separator, i.Encoding
	if in.Separator != "" {
		separator = in.Separator
	}
	if in.Encoding != "" {
		encoding = in.Encoding
	}
	out := importOf(i)
	if i.State == imports.Draft {
		if out.Sample, err = d.Imports.Sample(ctx, i, separator, encoding); err != nil {
			return nil, err
		}
		if separator != i.Separator || encoding != i.Encoding {
			out.Separator, out.Encoding, out.Columns = separator, encoding, imports.Columns(out.Sample, i.Header)
		}
	}
	return httpapi.OK(out), nil
}

type startImportIn struct {
	httpapi.ByID
	Body ImportStart
}

func (d Deps) startImport(ctx context.Context, in *startImportIn) (*httpapi.Body[Import], error) {
	var how *imports.Start
	if b := in.Body; b.Columns != nil {
		how = &imports.Start{KeyID: b.Key, Source: b.Source, Encoding: b.Encoding, Separator: b.Separator, Header: b.Header, Columns: b.Columns}
	}
	i, err := d.Imports.Start(ctx, httpapi.Who(ctx), in.ID, how)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(importOf(i)), nil
}

func (d Deps) stopImport(ctx context.Context, in *httpapi.ByID) (*httpapi.Body[Import], error) {
	i, err := d.Imports.Stop(ctx, httpapi.Who(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(importOf(i)), nil
}

type brokenIn struct {
	httpapi.ByID
	Limit int   `query:"limit" minimum:"0" maximum:"500" doc:"Items, 50 by default"`
	After int64 `query:"after" minimum:"0" doc:"The last row of the page before"`
}

func (d Deps) brokenRows(ctx context.Context, in *brokenIn) (*httpapi.Body[httpapi.List[BrokenRow]], error) {
	if _, err := d.Imports.One(ctx, httpapi.Who(ctx), in.ID); err != nil {
		return nil, err
	}
	limit := page.Limit(in.Limit)
	found, err := d.Imports.Reader.BrokenRows(ctx, in.ID, in.After, limit+1)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(found) > limit {
		found = found[:limit]
		next = strconv.FormatInt(found[limit-1].Row, 10)
	}
	list := make([]BrokenRow, len(found))
	for n, b := range found {
		list[n] = BrokenRow{b.Row, reason(ctx, b), b.Cells}
	}
	return httpapi.ListOf(list, next), nil
}

func reason(ctx context.Context, b imports.Broken) string {
	return httpapi.ProblemOf(ctx, fault.New(fault.Invalid, b.Key, b.Args)).Detail
}

// brokenFile is the rows that didn't come in as they were, with two columns more in front: it can be mended in a
// spreadsheet and brought again.
func (d Deps) brokenFile(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
	id, err := strconv.ParseInt(req.PathValue("id"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "import.not_found")
	}
	i, err := d.Imports.One(ctx, httpapi.Who(ctx), id)
	if err != nil {
		return err
	}
	if err := httpapi.Export(ctx, "import_rows", i.Broken, i.FileName); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "broken-" + strings.TrimSuffix(i.FileName, ".csv") + ".csv"}))
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if i.Separator != "" {
		out.Comma = rune(i.Separator[0])
	}
	say := func(key string) string { return texts.For(httpapi.Lang(ctx)).Say(key, nil) }
	if i.Header {
		if err := out.Write(append([]string{say("import.column.row"), say("import.column.reason")}, i.Heads...)); err != nil {
			return err
		}
	}
	for after := int64(0); ; {
		rows, err := d.Imports.Reader.BrokenRows(ctx, id, after, 500)
		if err != nil || len(rows) == 0 {
			out.Flush()
			return errors.Join(err, out.Error())
		}
		for _, b := range rows {
			if err := out.Write(append([]string{strconv.FormatInt(b.Row, 10), reason(ctx, b)}, harmless(b.Cells)...)); err != nil {
				return err
			}
			after = b.Row
		}
	}
}

// harmless keeps a spreadsheet from running what a stranger has written into a cell.
func harmless(cells []string) []string {
	out := make([]string, len(cells))
	for i, cell := range cells {
		if cell != "" && strings.ContainsRune("=@\t\r", rune(cell[0])) {
			cell = "'" + cell
		}
		out[i] = cell
	}
	return out
}
