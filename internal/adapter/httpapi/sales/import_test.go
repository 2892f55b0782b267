package salesapi_test

import (
	"strconv"
	"strings"
	"testing"

	"voronka/internal/app/apptest"
)

type imported struct {
	ID                             int64
	State, Encoding, Separator     string
	Header                         bool
	Columns                        []string
	Total, Added, Repeated, Broken int64
	Sample                         [][]string
}

// TestAnImportOverHTTP: a file is uploaded, started, read to its end; what is broken comes back as a file one can mend.
func TestAnImportOverHTTP(t *testing.T) {
	w := newWalk(t, apptest.Options{})
	var i imported
	file := "Full name;Phone;Amount;Cat\nIvan;8 912 345-67-89;12 500,50;=1+1\nAgain;+79123456789;;\nPyotr;12;;=2\n;;;\n\"Open;1\n"
	w.Must("POST", "/api/imports?name=base.csv", file, &i, "Content-Type", "text/csv")
	if i.State != "draft" || i.Total != 4 || i.Separator != ";" || !i.Header || strings.Join(i.Columns, ",") != "name,phone,amount,keep" || i.Sample[1][0] != "Ivan" {
		t.Fatalf("%+v", i)
	}
	path := "/api/imports/" + strconv.FormatInt(i.ID, 10)
	if status, body := w.Call("POST", path+"/start", map[string]any{"key": 99, "columns": i.Columns, "separator": ";", "encoding": "utf-8", "header": true}); status != 422 || !strings.Contains(string(body), `"key"`) {
		t.Errorf("%d %s", status, body)
	}
	w.Must("POST", path+"/start", map[string]any{"key": w.key.ID, "columns": i.Columns, "separator": ";", "encoding": "utf-8", "header": true}, nil)
	w.soon("the import is done", func() bool {
		w.Must("GET", path, nil, &i)
		return i.State == "done"
	})
	if i.Added != 1 || i.Repeated != 1 || i.Broken != 2 {
		t.Errorf("%+v", i)
	}
	var leads page[struct {
		Title  string
		Amount struct{ Minor int64 }
	}]
	w.Must("GET", "/api/records/lead?fields=title,amount", nil, &leads)
	if len(leads.Items) != 1 || leads.Items[0].Title != "Ivan" || leads.Items[0].Amount.Minor != 1250050 {
		t.Errorf("%+v", leads)
	}
	status, body := w.Call("GET", path+"/broken", nil, "Accept-Language", "en")
	want := "\uFEFFRow;Reason;Full name;Phone;Amount;Cat\n4;“Phone”: “12” doesn't look like a phone;Pyotr;12;;'=2\n6;A quote is opened in the row and never closed;"
	if status != 200 || !strings.HasPrefix(string(body), want) {
		t.Errorf("%d %s", status, body)
	}
	for _, path := range []string{"/api/imports", path, path + "/rows", path + "/broken"} {
		if status, _ := w.Call("GET", path, nil, bearer(w.token[0])...); status != 403 {
			t.Errorf("a manager reads %s: %d", path, status)
		}
	}
	if status, _ := w.Call("POST", "/api/imports?name=a.csv", "a;b\n1;2\n", append(bearer(w.token[0]), "Content-Type", "text/csv")...); status != 403 {
		t.Errorf("a manager uploads: %d", status)
	}
	if status, body := w.Call("POST", "/api/imports?name=a.xlsx", "PK\x03\x04", "Content-Type", "text/csv"); status != 422 || !strings.Contains(string(body), "import.not_csv") {
		t.Errorf("%d %s", status, body)
	}
}
