package recordquery

import (
	"context"
	"net/http"

	"voronka/internal/adapter/httpapi"
)

// doors are where records are read: under the code of their type, and the built-in types under short addresses.
var doors = []struct{ path, typ string }{
	{"/api/records/{type}", ""},
	{"/api/leads", "lead"},
	{"/api/deals", "deal"},
	{"/api/contacts", "contact"},
	{"/api/companies", "company"},
	{"/api/activities", "activity"},
}

var (
	filterParam   = httpapi.Param{Name: "filter", Type: "", Doc: "condition, for instance: amount > 100000 and responsible = me"}
	sortParam     = httpapi.Param{Name: "sort", Type: "", Doc: "code of a field, with - in front for the greatest first; missing values are the smallest"}
	fieldsParam   = httpapi.Param{Name: "fields", Type: "", Doc: "codes of the fields to answer, separated by commas; all of them by default"}
	limitParam    = httpapi.Param{Name: "limit", Type: int64(0), Doc: "records a page, 50 by default, at most 500"}
	afterParam    = httpapi.Param{Name: "after", Type: "", Doc: "next of the page before"}
	pipelineParam = httpapi.Param{Name: "pipeline", Type: "", Doc: "code of a pipeline"}
	stageParam    = httpapi.Param{Name: "stage", Type: "", Doc: "code of a stage"}
	kindParam     = httpapi.Param{Name: "kind", Type: "", Doc: "only entries of this kind: activity, created, moved …"}
)

// Routes registers the reading routes.
func Routes(r *httpapi.Router, h *Handlers) {
	for _, d := range doors {
		h.routes(r, d.path, d.typ)
	}
	op := httpapi.Op{
		Method: http.MethodGet, Path: "/api/search", Summary: "Records by title, phone or e-mail", Access: httpapi.SignedIn, Tags: []string{"records"},
		Query: []httpapi.Param{{Name: "q", Type: "", Doc: "what is remembered: the beginning or a word of a title, digits of a number, an address", Required: true}},
	}
	httpapi.Stream(r, op, Found{}, func(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
		a, err := h.ask(ctx, req, "search")
		if err != nil {
			return err
		}
		return answer(w, req, false, func(dst []byte) ([]byte, error) { return h.search(ctx, a, req.URL.Query().Get("q"), dst) })
	})
}

func (h *Handlers) routes(r *httpapi.Router, path, typ string) {
	many := func(suffix, summary string, response any, f func(context.Context, *ask, []byte) ([]byte, error), query ...httpapi.Param) {
		httpapi.Stream(r, operation(path+suffix, summary, query), response, func(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
			a, err := h.ask(ctx, req, typ)
			if err != nil {
				return err
			}
			return answer(w, req, false, func(dst []byte) ([]byte, error) { return f(ctx, a, dst) })
		})
	}
	many("", "A page of records", Page{}, h.list, filterParam, sortParam, fieldsParam, limitParam, afterParam, pipelineParam, stageParam)
	many("/board", "A pipeline's stages with totals and first cards", BoardPage{}, h.board, pipelineParam, filterParam, sortParam, fieldsParam, limitParam)
	many("/totals", "Counts and sums of a pipeline's stages", TotalsPage{}, h.totals, pipelineParam, filterParam)
	many("/count", "How many records there are", Counted{}, h.count, filterParam, pipelineParam, stageParam)

	file := operation(path+"/export", "The records of a list as a CSV file, up to 20,000", []httpapi.Param{filterParam, sortParam, fieldsParam, pipelineParam, stageParam})
	file.Doc = "Of the records one sees those one may export, with the fields one sees."
	httpapi.Stream(r, file, nil, func(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
		a, err := h.ask(ctx, req, typ)
		if err != nil {
			return err
		}
		return h.export(ctx, a, w)
	})

	one := func(suffix, summary string, response any, f func(context.Context, *ask, int64, *http.Request, []byte) ([]byte, error), query ...httpapi.Param) {
		httpapi.Stream(r, operation(path+"/{id}"+suffix, summary, query), response, func(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
			id, err := httpapi.ID(req, "id")
			if err != nil {
				return err
			}
			a, err := h.ask(ctx, req, typ)
			if err != nil {
				return err
			}
			return answer(w, req, true, func(dst []byte) ([]byte, error) { return f(ctx, a, id, req, dst) })
		})
	}
	one("", "One record", Record{}, func(ctx context.Context, a *ask, id int64, _ *http.Request, dst []byte) ([]byte, error) {
		return h.get(ctx, a, id, dst)
	}, fieldsParam)
	one("/timeline", "The story of a record, the newest first", Story{}, func(ctx context.Context, a *ask, id int64, req *http.Request, dst []byte) ([]byte, error) {
		return h.timeline(ctx, a, id, req.URL.Query().Get("kind"), dst)
	}, kindParam, limitParam, afterParam)
	one("/visits", "The stages a record has been on", Visits{}, func(ctx context.Context, a *ask, id int64, _ *http.Request, dst []byte) ([]byte, error) {
		return h.visits(ctx, a, id, dst)
	})
}

func operation(path, summary string, query []httpapi.Param) httpapi.Op {
	return httpapi.Op{Method: http.MethodGet, Path: path, Summary: summary, Access: httpapi.SignedIn, Tags: []string{"records"}, Query: query}
}
