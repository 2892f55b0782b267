package httpapi

import (
	"context"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Handle registers a handler of typed JSON. I is a struct with `path`, `query` and `header` fields and a Body; O one with
// Body and `header` fields, usually Body[T]. A nil O answers without a body.
func Handle[I, O any](r *Router, op Op, h func(ctx context.Context, in *I) (*O, error)) {
	if op.Status == 0 && op.Method == http.MethodPost {
		if _, has := reflect.TypeFor[O]().FieldByName("Body"); has {
			op.Status = http.StatusCreated
		}
	}
	if wrong := op.wrong(); wrong != "" {
		panic("httpapi: route " + op.Method + " " + op.Path + " " + wrong)
	}
	huma.Register(r.api, op.describe(), func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, in)
		if err != nil {
			return nil, ProblemOf(ctx, err)
		}
		return out, nil
	})
	handler := r.catch.take()
	r.add(op, func(w *answer, req *http.Request) error {
		handler(w, req)
		return nil
	})
}

// Stream registers a handler that writes its answer itself: JSON put together by hand, files, events. answers is a value of
// the type of the JSON it writes, for the description; nil when it is something else. An error is answered as a problem as
// long as nothing was written.
func Stream(r *Router, op Op, answers any, h func(ctx context.Context, w http.ResponseWriter, req *http.Request) error) {
	r.add(op, func(w *answer, req *http.Request) error { return h(req.Context(), w, req) })
	r.describeStream(op, answers)
}

// Raw registers a page or another door that is no part of the JSON API and not described.
func Raw(r *Router, op Op, h http.Handler) {
	r.add(op, func(w *answer, req *http.Request) error {
		h.ServeHTTP(w, req)
		return nil
	})
}

// Pages registers what answers every path that nobody else takes: the user interface. Paths under /api are never its.
func Pages(r *Router, h http.Handler) {
	rt := &route{Op: Op{Method: http.MethodGet, Path: "/", Access: Public, Always: true}, r: r, seen: r.metrics.route(Op{Method: http.MethodGet, Path: "/"})}
	rt.handler = func(w *answer, req *http.Request) error {
		h.ServeHTTP(w, req)
		return nil
	}
	r.routes = append(r.routes, rt)
	r.mux.Handle("/", rt)
}

// catcher takes the handlers huma makes, so that ours can be put around them.
type catcher struct {
	handler func(http.ResponseWriter, *http.Request)
}

var _ humago.Mux = (*catcher)(nil)

// HandleFunc implements humago.Mux.
func (c *catcher) HandleFunc(_ string, h func(http.ResponseWriter, *http.Request)) { c.handler = h }

// ServeHTTP implements humago.Mux.
func (c *catcher) ServeHTTP(http.ResponseWriter, *http.Request) {
	panic("httpapi: huma serves nothing itself")
}

func (c *catcher) take() func(http.ResponseWriter, *http.Request) {
	h := c.handler
	c.handler = nil
	return h
}

// describe is the op as huma wants it.
func (o Op) describe() huma.Operation {
	op := huma.Operation{
		OperationID: o.id(), Method: o.Method, Path: o.Path, Summary: o.Summary, Description: o.Doc, Tags: o.Tags,
		DefaultStatus: o.Status, MaxBodyBytes: -1, BodyReadTimeout: -1,
		Extensions: map[string]any{"x-access": string(o.Access)},
	}
	if o.Access.signedIn() {
		op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	}
	if o.Method == http.MethodPost && !o.Secret {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: huma.TypeString},
			Description: "Sent again within 24 hours, the same request is answered as the first time and not carried out twice",
		})
	}
	return op
}

func (r *Router) describeStream(o Op, answers any) {
	op := o.describe()
	schemas := r.api.OpenAPI().Components.Schemas
	for _, name := range o.pathParams() {
		schema := &huma.Schema{Type: huma.TypeString}
		if name == "id" || name == "user" {
			schema = &huma.Schema{Type: huma.TypeInteger, Format: "int64"}
		}
		op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "path", Required: true, Schema: schema})
	}
	for _, p := range o.Query {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: p.Name, In: "query", Required: p.Required, Description: p.Doc,
			Schema: schemas.Schema(reflect.TypeOf(p.Type), true, p.Name),
		})
	}
	if o.Body != nil {
		media := o.BodyType
		if media == "" {
			media = "application/json"
		}
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			media: {Schema: schemas.Schema(reflect.TypeOf(o.Body), true, o.id()+"-body")},
		}}
	}
	status := o.Status
	if status == 0 {
		status = http.StatusOK
	}
	answer := &huma.Response{Description: http.StatusText(status)}
	if answers != nil {
		answer.Content = map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(reflect.TypeOf(answers), true, o.id()+"-answer")}}
	} else if o.Long {
		answer.Content = map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}}
	}
	problem := schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	op.Responses = map[string]*huma.Response{
		strconv.Itoa(status): answer,
		"default":            {Description: "Error", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}},
	}
	r.api.OpenAPI().AddOperation(&op)
}
