package record_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/filestore"
	"voronka/internal/adapter/httpapi"
	api "voronka/internal/adapter/httpapi/record"
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	store "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/adapter/sqlstore/recordquery"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/department"
	"voronka/internal/org/directory"
	"voronka/internal/org/portal"
	"voronka/internal/org/user"
	"voronka/internal/record/activity"
	"voronka/internal/record/bin"
	"voronka/internal/record/currency"
	"voronka/internal/record/file"
	"voronka/internal/record/query"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// people of the test by their tokens: they are also the organisation.
type people struct{ dir *directory.Directory }

var tokens = map[string]int64{"admin": 1, "anna": 2, "boris": 3}

func (p people) In(tx.Tx) (*directory.Directory, error) { return p.dir, nil }

func (p people) ByToken(_ context.Context, token string) (access.Who, error) {
	who, ok := p.dir.Who(tokens[token])
	if !ok {
		return who, fault.New(fault.Unauthenticated, "http.unauthenticated")
	}
	return who, nil
}

func (p people) ByCookie(ctx context.Context, token string) (access.Who, int64, error) {
	who, err := p.ByToken(ctx, token)
	return who, 1, err
}

type blobs struct{ *filestore.Store }

func (b blobs) Put(ctx context.Context, r io.Reader) (string, int64, error) {
	blob, err := b.Store.Put(ctx, r, 1<<20)
	return blob.Hash, blob.Size, err
}

func (b blobs) Open(_ context.Context, hash string) (io.ReadSeekCloser, error) {
	r, _, err := b.Store.Open(hash)
	return r, err
}

func server(t *testing.T, d *db.DB) http.Handler {
	t.Helper()
	if err := store.EnsureBuiltins(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	org := people{directory.New(portal.Default(), nil, []*user.User{
		{ID: 1, Name: "Админ", Role: access.Admin, Lang: "en", Zone: "UTC", Active: true},
		{ID: 2, Name: "Анна", Role: access.Manager, DepartmentID: 1, Lang: "ru", Zone: "UTC", Active: true},
		{ID: 3, Name: "Борис", Role: access.Manager, DepartmentID: 1, Lang: "en", Zone: "UTC", Active: true},
	}, []*department.Department{{ID: 1, Title: "Продажи", Pos: 1000, PosEnd: 1999}}, nil)}
	s := store.New(d)
	files, err := filestore.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	service, reader := record.New(s, org, nil), recordquery.New(d)
	service.Add(&activity.Steps{Store: s})
	r := httpapi.New(httpapi.Options{Auth: org})
	api.Routes(r, &api.Handlers{
		Tx: httpapi.Once(d), Records: service, Schema: &schema.Admin{Tx: d, Store: s}, Files: &file.Service{Tx: d, Store: s, Blobs: blobs{files}},
		Bin: &bin.List{Store: s}, Rates: &currency.Service{Store: s}, Clock: d.Clock(), Catalog: s.LastCatalog, RatesOn: s.Rates,
		Render: func(ctx context.Context, who access.Who, at ref.Ref) ([]byte, error) {
			cat, err := s.LastCatalog(ctx)
			if err != nil {
				return nil, err
			}
			g, err := query.NewGet(cat, at.Type, at.ID, "", query.PlansOf(who))
			if err != nil {
				return nil, err
			}
			return reader.Get(ctx, who.Plan(at.Type, access.See), &g, nil)
		},
		Find: func(context.Context, access.Who, string, string, int) ([]int64, error) { return []int64{1}, nil },
	})
	return r
}

// call is one request of a walk through the API and what is expected of its answer.
type call struct {
	who, method, path, body string
	status                  int
	has                     string // a piece of the answer
}

func walk(t *testing.T, h http.Handler, calls []call) {
	t.Helper()
	for _, c := range calls {
		req := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
		req.Header.Set("Authorization", "Bearer "+c.who)
		if c.body != "" {
			req.Header.Set("Content-Type", "application/json")
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.has) {
			t.Errorf("%s %s %s %s:\n%d %s\nwant %d %s", c.who, c.method, c.path, c.body, w.Code, w.Body, c.status, c.has)
		}
		if strings.Contains(w.Body.String(), `"detail":"record.`) {
			t.Errorf("%s %s is not translated: %s", c.method, c.path, w.Body)
		}
	}
}

func TestRecordsOverHTTP(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		walk(t, server(t, d), []call{
			{"anna", "POST", "/api/companies", `{"title":"ООО «Ёлка»","phones":["8 812 5550142"]}`, 201, `"e164":"+78125550142"`},
			{"anna", "POST", "/api/deals", `{"title":"Фасад","amount":{"amount":"10.50","currency":"RUB"},"company":1,"source":"site"}`, 201, `"amount":{"minor":1050,"currency":"RUB","base":1050}`},
			{"anna", "POST", "/api/deals", `{"titel":"x"}`, 422, `"path":"titel"`},
			{"anna", "POST", "/api/records/nothing", `{"title":"x"}`, 404, `"key":"record.no_such_type"`},
			{"boris", "PATCH", "/api/deals/1", `{"comment":"чужое"}`, 404, `"key":"record.not_found"`},
			{"anna", "PATCH", "/api/deals/1", `{"version":1,"comment":"раз"}`, 200, `"version":2`},
			{"admin", "PATCH", "/api/records/deal/1", `{"version":1,"comment":"два"}`, 409, `"data":{"fields":{"comment":{"yours":"два","theirs":"раз"}},"version":2}`},
			{"admin", "PATCH", "/api/deals/1", `{"version":1,"closes_on":"2026-12-18"}`, 200, `"closes_on":"2026-12-18"`},
			{"anna", "PATCH", "/api/deals/1", `{"stage":"lost"}`, 422, `"path":"lost_reason"`},
			{"anna", "PATCH", "/api/deals/1", `{"version":"x"}`, 422, `"path":"version"`},
			{"anna", "PATCH", "/api/deals/1", `{"id":1,"type":"deal","stage":"need"}`, 200, `"stage":"need"`},
			{"anna", "PATCH", "/api/deals/1", `{"responsible":3}`, 200, `"gone":true`},
			{"boris", "PATCH", "/api/deals/1", `{"responsible":2}`, 200, `"gone":true`},
			{"anna", "PUT", "/api/deals/1/observers/3", ``, 200, `"observers":[3]`},
			{"boris", "DELETE", "/api/deals/1/observers/3", ``, 200, `"gone":true`},
			{"anna", "POST", "/api/deals/1/activities", `{"kind":"call","due_at":"2026-12-01T10:00:00Z"}`, 201, `"title":"Звонок"`},
			{"boris", "POST", "/api/deals/1/activities", `{"kind":"call"}`, 422, `"path":"about"`},
			{"anna", "POST", "/api/deals/bulk", `{"ids":[1,77],"set":{"probability":50}}`, 200, `{"done":1,"failed":[{"id":77,"problem":{`},
			{"anna", "POST", "/api/deals/bulk", `{"ids":[78],"delete":true}`, 200, `"key":"record.not_found"`},
			{"anna", "POST", "/api/deals/bulk", `{"filter":"probability = 50","set":{"probability":60}}`, 200, `{"done":1,"failed":[]}`},
			{"anna", "POST", "/api/deals/bulk", `{"ids":[1]}`, 422, `"path":"set"`},
			{"anna", "POST", "/api/deals/bulk", `{"set":{"probability":60}}`, 422, `"path":"ids"`},
			{"boris", "DELETE", "/api/deals/1", ``, 404, ``},
			{"anna", "DELETE", "/api/deals/1", ``, 204, ``},
			{"boris", "GET", "/api/bin", ``, 200, `"items":[]`},
			{"anna", "GET", "/api/bin?type=deal", ``, 200, `"title":"Фасад"`},
			{"anna", "GET", "/api/bin?after=zzz", ``, 422, `"key":"page.bad_mark"`},
			{"boris", "POST", "/api/bin/deal/1/restoration", ``, 404, ``},
			{"anna", "POST", "/api/bin/deal/1/restoration", ``, 200, `"next_title":"Звонок"`},
			{"anna", "PUT", "/api/external/1c/contact/K-1", `{"title":"Иван"}`, 201, `"title":"Иван"`},
			{"anna", "PUT", "/api/external/1c/contact/K-1", `{"title":"Иван Петров"}`, 200, `"version":2`},
			{"anna", "GET", "/api/external/1c/contact/K-1", ``, 200, `"title":"Иван Петров"`},
			{"anna", "GET", "/api/external/1c/nothing/K-1", ``, 404, `"key":"record.no_such_type"`},
			{"boris", "GET", "/api/external/1c/contact/K-1", ``, 404, `"key":"record.no_external"`},
		})
	})
}

// The day of rates is that of the portal: half past nine in the evening in London is past midnight in Moscow.
func TestRatesGoByThePortalsDay(t *testing.T) {
	late := clock.NewManual(time.Date(2026, 11, 19, 21, 30, 0, 0, time.UTC))
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		walk(t, server(t, d), []call{
			{"admin", "PUT", "/api/currency-rates", `{"items":[{"currency":"USD","day":"2026-11-20","rate":"90.5"}]}`, 200, `"day":"2026-11-20"`},
			{"anna", "GET", "/api/currency-rates", ``, 200, `"day":"2026-11-20"`},
			{"anna", "GET", "/api/currency-rates?day=2026-11-19", ``, 200, `"items":[]`},
			{"anna", "POST", "/api/deals", `{"title":"Ночная","amount":{"amount":"2","currency":"USD"}}`, 201, `"base":18100`},
		})
	}, func(o *db.Options) { o.Clock = late })
}

func TestTypesOverHTTP(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		walk(t, server(t, d), []call{
			{"boris", "GET", "/api/types", ``, 200, `"code":"activity"`},
			{"boris", "POST", "/api/types", `{"code":"complaint","title_ru":"Рекламация"}`, 403, ``},
			{"admin", "POST", "/api/types", `{"code":"complaint","title_ru":"Рекламация","staged":true}`, 201, `"code":"complaint"`},
			{"admin", "PATCH", "/api/types/complaint", `{"title_en":"Complaint"}`, 200, `"title_ru":"Рекламация","title_en":"Complaint"`},
			{"admin", "POST", "/api/types/complaint/fields", `{"code":"Size","kind":"decimal","title_en":"Size"}`, 422, `"path":"code"`},
			{"admin", "POST", "/api/types/complaint/fields", `{"code":"size","kind":"decimal","scale":2,"title_en":"Size","default":"1.5"}`, 201, `"default":"1.5"`},
			{"admin", "POST", "/api/types/complaint/fields", `{"code":"mood","kind":"list","title_en":"Mood","values":[{"code":"bad","title_en":"Bad"}]}`, 201, `"values":[{"code":"bad"`},
			{"admin", "PATCH", "/api/types/complaint/fields/size", `{"required":true}`, 200, `"required":true`},
			{"boris", "POST", "/api/records/complaint", `{"title":"x","mood":"bad"}`, 201, `"size":"1.50"`},
			{"admin", "DELETE", "/api/types/complaint/fields/mood/values/bad", ``, 409, `"data":{"count":1,"more":false}`},
			{"admin", "POST", "/api/types/complaint/fields/mood/values", `{"code":"good","title_en":"Good","color":3}`, 201, `"code":"good"`},
			{"admin", "PATCH", "/api/types/complaint/fields/mood/values/good", `{"title_ru":"Хорошо"}`, 200, `"title_ru":"Хорошо"`},
			{"admin", "DELETE", "/api/types/complaint/fields/mood/values/bad?move_to=good", ``, 200, `"values":[{"code":"good"`},
			{"admin", "DELETE", "/api/types/complaint/fields/size", ``, 200, `"removed":[{"code":"size"`},
			{"admin", "POST", "/api/types/complaint/fields/size/restoration", ``, 200, `"code":"size"`},
			{"admin", "DELETE", "/api/types/deal/fields/amount", ``, 409, ``},
			{"admin", "DELETE", "/api/types/complaint", ``, 200, `"records":1`},
			{"boris", "POST", "/api/records/complaint", `{"title":"x"}`, 404, ``},
			{"admin", "POST", "/api/types/complaint/restoration", ``, 200, `"code":"complaint"`},
			{"anna", "PUT", "/api/currency-rates", `{"items":[{"currency":"USD","day":"2026-01-01","rate":"92.5"}]}`, 403, ``},
			{"anna", "POST", "/api/deals", `{"title":"x","amount":{"amount":"1","currency":"USD"}}`, 422, `курса USD`},
			{"admin", "PUT", "/api/currency-rates", `{"items":[{"currency":"USD","day":"2026-01-01","rate":"92.5"}]}`, 200, `"rate":"92.5"`},
			{"admin", "PUT", "/api/currency-rates", `{"items":[{"currency":"RUB","day":"2026-01-01","rate":"1"}]}`, 422, `"path":"items/0/currency"`},
			{"anna", "POST", "/api/deals", `{"title":"x","amount":{"amount":"2","currency":"USD"}}`, 201, `"base":18500`},
		})
	})
}

func TestFilesOverHTTP(t *testing.T) {
	h := server(t, dbtest.SQLite(t))
	send := func(who, method, path, kind string, body io.Reader) *httptest.ResponseRecorder {
		req := httptest.NewRequest(method, path, body)
		req.Header.Set("Authorization", "Bearer "+who)
		if kind != "" {
			req.Header.Set("Content-Type", kind)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		return w
	}
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	part, _ := m.CreateFormFile("file", `..\..\Смета "1".html`)
	_, _ = io.WriteString(part, "<script>alert(1)</script>")
	_ = m.Close()
	w := send("anna", "POST", "/api/files", m.FormDataContentType(), &form)
	var f api.File
	if err := json.Unmarshal(w.Body.Bytes(), &f); w.Code != 201 || err != nil || f.Name != `Смета "1".html` || f.Size != 25 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	path := fmt.Sprint("/api/files/", f.ID)
	if w := send("boris", "GET", path, "", nil); w.Code != 404 {
		t.Errorf("a stranger reads it: %d", w.Code)
	}
	w = send("anna", "GET", path, "", nil)
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox", "Content-Disposition": "attachment", "Content-Type": "text/plain",
	} {
		if got := w.Header().Get(name); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if w.Body.String() != "<script>alert(1)</script>" {
		t.Errorf("content: %s", w.Body)
	}
	walk(t, h, []call{
		{"admin", "POST", "/api/types/deal/fields", `{"code":"papers","kind":"file","title_en":"Papers"}`, 201, `"code":"papers"`},
		{"boris", "POST", "/api/deals", fmt.Sprintf(`{"title":"x","papers":[%d]}`, f.ID), 422, `"path":"papers"`},
		{"anna", "POST", "/api/deals", fmt.Sprintf(`{"title":"x","papers":[{"id":%d}],"observers":[3]}`, f.ID), 201, fmt.Sprintf(`"papers":[{"id":%d`, f.ID)},
	})
	if w := send("boris", "GET", path, "", nil); w.Code != 200 {
		t.Errorf("he observes a deal it hangs on, yet can't read it: %d", w.Code)
	}
	if w := send("anna", "POST", "/api/files", "multipart/form-data; boundary=x", strings.NewReader("--x--")); w.Code != 422 {
		t.Errorf("a form without a file: %d %s", w.Code, w.Body)
	}
	if w := send("anna", "POST", "/api/files?name=a.png", "image/png", strings.NewReader("png")); w.Code != 201 || !strings.Contains(w.Body.String(), `"mime":"image/png"`) {
		t.Errorf("a bare body: %d %s", w.Code, w.Body)
	}
}
