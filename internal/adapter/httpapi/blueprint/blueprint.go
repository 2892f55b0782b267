// Package blueprintapi is the HTTP door of house blueprint: ready businesses for the first run, the portal as a document, and
// the picture that brings a phone to a form.
package blueprintapi

import (
	"context"
	"io"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/blueprint/business"
	"voronka/internal/blueprint/config"
	"voronka/internal/kernel/fault"
)

// Deps are the use cases behind the routes.
type Deps struct {
	Config *config.Service
	// Addresses are those the portal can be reached at from other machines, best first; none when it listens on this one only.
	Addresses func() []string
}

// Routes registers the routes of the house.
func Routes(r *httpapi.Router, d Deps) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/businesses", httpapi.Public, "portal", "Ready businesses the first run can begin with"), businesses)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/addresses", httpapi.Member, "portal", "Where other machines reach the portal"), d.addresses)
	picture := httpapi.Route(http.MethodGet, "/api/qr", httpapi.Member, "portal", "A text as a QR code, SVG")
	picture.Query = []httpapi.Param{{Name: "text", Type: "", Doc: "An address, at most 500 bytes", Required: true}}
	httpapi.Stream(r, picture, nil, code)
	httpapi.Stream(r, httpapi.Route(http.MethodGet, "/api/config", httpapi.Admin, "portal", "The portal's configuration as a YAML document"), nil, d.export)
}

// Words are a text in both languages.
type Words struct {
	RU string `json:"ru"`
	EN string `json:"en"`
}

func words(x config.Text) Words { return Words{x.In("ru"), x.In("en")} }

// Business is a ready business as the wizard shows it.
type Business struct {
	Code      string         `json:"code"`
	Title     Words          `json:"title"`
	About     Words          `json:"about"`
	Take      int            `json:"take_minutes" doc:"Working minutes to take an offer of its first drum"`
	Pipelines []SketchedLine `json:"pipelines"`
}

// SketchedLine is a pipeline of a ready business.
type SketchedLine struct {
	Type   string          `json:"type"`
	Title  Words           `json:"title"`
	Stages []SketchedStage `json:"stages"`
}

// SketchedStage is a stage of one.
type SketchedStage struct {
	Title Words  `json:"title"`
	Kind  string `json:"kind"`
	Color int64  `json:"color"`
	Goal  Words  `json:"goal"`
}

func businesses(context.Context, *struct{}) (*httpapi.Body[httpapi.List[Business]], error) {
	list, err := business.All()
	if err != nil {
		return nil, err
	}
	var out []Business
	for _, b := range list {
		one := Business{Code: b.Code, Title: words(b.Title), About: words(b.About)}
		if len(b.Drums) > 0 {
			one.Take = int(b.Drums[0].Take / 60e9)
		}
		for _, typ := range b.Types {
			for _, p := range typ.Pipelines {
				line := SketchedLine{Type: typ.Code, Title: words(p.Title)}
				for _, s := range p.Stages {
					kind := s.Kind
					if kind == "" {
						kind = "open"
					}
					line.Stages = append(line.Stages, SketchedStage{words(s.Title), kind, s.Color, words(s.Goal)})
				}
				one.Pipelines = append(one.Pipelines, line)
			}
		}
		out = append(out, one)
	}
	return httpapi.ListOf(out, ""), nil
}

// Addresses are where the portal is.
type Addresses struct {
	Items []string `json:"items" doc:"Best first; none: the portal listens on its own machine only"`
}

func (d Deps) addresses(context.Context, *struct{}) (*httpapi.Body[Addresses], error) {
	out := Addresses{Items: d.Addresses()}
	if out.Items == nil {
		out.Items = []string{}
	}
	return httpapi.OK(out), nil
}

// export writes the configuration.
func (d Deps) export(ctx context.Context, w http.ResponseWriter, _ *http.Request) error {
	doc, err := d.Config.Export(ctx, httpapi.Who(ctx))
	if err != nil {
		return err
	}
	if err := httpapi.Export(ctx, "config", 0, ""); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="voronka.yaml"`)
	return doc.Write(w)
}

// code draws a QR code: black modules on white whatever the theme, for that is what cameras read.
func code(_ context.Context, w http.ResponseWriter, r *http.Request) error {
	text := r.URL.Query().Get("text")
	if text == "" || len(text) > 500 {
		return fault.In("text", "blueprint.bad_qr")
	}
	picture, err := httpapi.QR(text)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, err = io.WriteString(w, picture)
	return err
}
