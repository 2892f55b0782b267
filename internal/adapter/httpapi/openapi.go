package httpapi

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// newAPI makes the huma API that knows JSON only and serves nothing by itself.
func newAPI(mux humago.Mux, version string) huma.API {
	format := huma.Format{
		Marshal: func(w io.Writer, v any) error {
			e := json.NewEncoder(w)
			e.SetEscapeHTML(false)
			return gone(e.Encode(v))
		},
		Unmarshal: json.Unmarshal,
	}
	return humago.New(mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Voronka", Version: version, License: &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
				Description: "Lists answer {items, next}; hand next back as after. Errors are problems (RFC 9457). Every POST takes an " +
					"Idempotency-Key. A call needs the cookie voronka_session or Authorization: Bearer.",
			},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", newNamer()),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"session": {Type: "apiKey", In: "cookie", Name: CookieName},
					"token":   {Type: "http", Scheme: "bearer"},
				},
			},
		},
		Formats:       map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat: "application/json",
	})
}

// newNamer names the schemas after their Go types, with the package before it when two types have one name.
func newNamer() func(t reflect.Type, hint string) string {
	names, taken := map[reflect.Type]string{}, map[string]reflect.Type{}
	return func(t reflect.Type, hint string) string {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Name() == "" {
			return huma.DefaultSchemaNamer(t, hint)
		}
		if name, ok := names[t]; ok {
			return name
		}
		name := huma.DefaultSchemaNamer(t, hint)
		if taken[name] != nil {
			house := path.Base(t.PkgPath())
			name = strings.ToUpper(house[:1]) + house[1:] + name
		}
		names[t], taken[name] = name, t
		return name
	}
}

func (r *Router) addDescription() {
	r.description = sync.OnceValue(func() []byte {
		b, err := json.MarshalIndent(r.api.OpenAPI(), "", " ")
		if err != nil {
			panic("httpapi: the description can't be written: " + err.Error())
		}
		return b
	})
	Raw(r, Op{Method: http.MethodGet, Path: "/api/openapi.json", Summary: "This description", Access: Public}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(r.description())
	}))
}

// OpenAPI is the description of all routes as JSON. No route may be added after the first call.
func (r *Router) OpenAPI() []byte { return r.description() }

func withCall(c *call) context.Context {
	return context.WithValue(context.Background(), callKey, c)
}
