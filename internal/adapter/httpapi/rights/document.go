package rightsapi

import (
	"bytes"
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/org/role"
	"voronka/internal/record/schema"
)

// The document names things as people and other portals know them: by code, title or address, never by number.
type document struct {
	Roles []roleDoc `yaml:"roles"`
}

type roleDoc struct {
	Fixed   string      `yaml:"fixed,omitempty"`
	Title   string      `yaml:"title,omitempty"`
	Grants  []grantDoc  `yaml:"grants,omitempty"`
	Fields  []fieldDoc  `yaml:"fields,omitempty"`
	Areas   []string    `yaml:"areas,omitempty,flow"`
	Holders []holderDoc `yaml:"holders,omitempty"`
}

type grantDoc struct {
	Types     []string `yaml:"types,omitempty,flow"`
	Pipelines []string `yaml:"pipelines,omitempty,flow"` // deal/sales
	Stages    []string `yaml:"stages,omitempty,flow"`    // deal/sales/estimate
	Ops       []string `yaml:"ops,flow"`
	Scopes    []string `yaml:"scopes,flow"`
	Deny      bool     `yaml:"deny,omitempty"`
}

type fieldDoc struct {
	Type   string `yaml:"type"`
	Field  string `yaml:"field"`
	Access string `yaml:"access"`
	Deny   bool   `yaml:"deny,omitempty"`
}

type holderDoc struct {
	User       string `yaml:"user,omitempty"`       // e-mail address
	Department string `yaml:"department,omitempty"` // titles from the top: Sales / North
	Group      string `yaml:"group,omitempty"`
	Position   string `yaml:"position,omitempty"`
}

// names translates between numbers and what people call things.
type names struct {
	c   *schema.Catalog
	dir *directory.Directory
}

func (n names) line(id int64) string {
	p := n.c.PipelineByID(id)
	if p == nil {
		return ""
	}
	typ := n.c.TypeByID(p.TypeID)
	if typ == nil {
		return ""
	}
	return typ.Code + "/" + p.Code
}

func (n names) stage(id int64) string {
	s := n.c.StageByID(id)
	if s == nil {
		return ""
	}
	if line := n.line(s.PipelineID); line != "" {
		return line + "/" + s.Code
	}
	return ""
}

func (n names) department(id int64) string {
	var parts []string
	for _, d := range n.dir.Chain(id) {
		parts = append(parts, d.Title)
	}
	slices.Reverse(parts)
	return strings.Join(parts, " / ")
}

// lineID finds a pipeline by "deal/sales"; 0 none.
func (n names) lineID(name string) int64 {
	typ, code, _ := strings.Cut(name, "/")
	if p := n.c.Pipeline(typ, code); p != nil {
		return p.ID
	}
	return 0
}

// stageID finds a stage by "deal/sales/estimate"; 0 none.
func (n names) stageID(name string) int64 {
	at := strings.LastIndex(name, "/")
	if at < 0 {
		return 0
	}
	for _, s := range n.c.Stages(n.lineID(name[:at])) {
		if s.Code == name[at+1:] {
			return s.ID
		}
	}
	return 0
}

func (n names) write(r *role.Role) roleDoc {
	out := roleDoc{Fixed: fixedOf(r), Title: r.Title, Areas: words(r.Body.Areas)}
	for _, g := range r.Body.Grants {
		doc := grantDoc{Types: g.Types, Ops: words(g.Ops), Scopes: words(g.Scopes), Deny: g.Deny}
		for _, id := range g.Pipelines {
			if name := n.line(id); name != "" {
				doc.Pipelines = append(doc.Pipelines, name)
			}
		}
		for _, id := range g.Stages {
			if name := n.stage(id); name != "" {
				doc.Stages = append(doc.Stages, name)
			}
		}
		if len(g.Pipelines) > 0 && len(doc.Pipelines) == 0 || len(g.Stages) > 0 && len(doc.Stages) == 0 {
			continue // it speaks of what is gone, so it says nothing; without bounds it would say more
		}
		out.Grants = append(out.Grants, doc)
	}
	for _, f := range r.Body.Fields {
		out.Fields = append(out.Fields, fieldDoc{Type: f.Type, Field: f.Field, Access: string(f.Access), Deny: f.Deny})
	}
	for _, h := range r.Holders {
		if doc := n.holder(h); doc != (holderDoc{}) {
			out.Holders = append(out.Holders, doc)
		}
	}
	return out
}

func (n names) holder(h role.Holder) (doc holderDoc) {
	switch h.Kind {
	case role.User:
		if u := n.dir.User(h.ID); u != nil {
			doc.User = u.Email
		}
	case role.Department:
		doc.Department = n.department(h.ID)
	case role.Group:
		if g := n.dir.Book().Group(h.ID); g != nil {
			doc.Group = g.Title
		}
	case role.Position:
		doc.Position = h.Text
	}
	return doc
}

func (n names) read(doc roleDoc) (role.Named, error) {
	out := role.Named{Fixed: doc.Fixed, Title: doc.Title}
	for _, g := range doc.Grants {
		grant := access.Grant{Types: g.Types, Ops: asked[access.Op](g.Ops), Scopes: asked[access.Scope](g.Scopes), Deny: g.Deny}
		for _, name := range g.Pipelines {
			id := n.lineID(name)
			if id == 0 {
				return out, fault.In("pipelines: "+name, "pipeline.not_found")
			}
			grant.Pipelines = append(grant.Pipelines, id)
		}
		for _, name := range g.Stages {
			id := n.stageID(name)
			if id == 0 {
				return out, fault.In("stages: "+name, "stage.not_found")
			}
			grant.Stages = append(grant.Stages, id)
		}
		out.Body.Grants = append(out.Body.Grants, grant)
	}
	for _, f := range doc.Fields {
		out.Body.Fields = append(out.Body.Fields, access.FieldRule{Type: f.Type, Field: f.Field, Access: access.FieldAccess(f.Access), Deny: f.Deny})
	}
	out.Body.Areas = asked[access.Area](doc.Areas)
	for _, h := range doc.Holders {
		holder, ok := n.whom(h)
		if !ok {
			return out, fault.In("holders: "+h.User+h.Department+h.Group+h.Position, "role.no_such_holder")
		}
		out.Holders = append(out.Holders, holder)
	}
	return out, nil
}

func (n names) whom(doc holderDoc) (role.Holder, bool) {
	switch {
	case doc.User != "":
		if u := n.dir.ByEmail(doc.User); u != nil {
			return role.Holder{Kind: role.User, ID: u.ID}, true
		}
	case doc.Department != "":
		for _, d := range n.dir.Departments() {
			if n.department(d.ID) == doc.Department {
				return role.Holder{Kind: role.Department, ID: d.ID}, true
			}
		}
	case doc.Group != "":
		for _, g := range n.dir.Book().Groups {
			if g.Title == doc.Group {
				return role.Holder{Kind: role.Group, ID: g.ID}, true
			}
		}
	case doc.Position != "":
		return role.Holder{Kind: role.Position, Text: doc.Position}, true
	}
	return role.Holder{}, false
}

func (d Deps) names(ctx context.Context) (n names, err error) {
	if n.dir, err = d.People.Last(ctx); err == nil {
		n.c, err = d.Catalog(ctx)
	}
	return n, err
}

// export writes all roles but the administrator's, who may do everything anyway.
func (d Deps) export(ctx context.Context, w http.ResponseWriter, _ *http.Request) error {
	n, err := d.names(ctx)
	if err != nil {
		return err
	}
	doc := document{}
	for _, r := range n.dir.Book().Roles {
		if r.Code != string(access.Admin) {
			doc.Roles = append(doc.Roles, n.write(r))
		}
	}
	var text bytes.Buffer
	enc := yaml.NewEncoder(&text)
	enc.SetIndent(2)
	if err := enc.Encode(doc); err != nil {
		return err
	}
	if err := httpapi.Export(ctx, "roles", int64(len(doc.Roles)), ""); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="roles.yaml"`)
	_, err = w.Write(text.Bytes())
	return err
}

// Document is a list of roles to take over.
type Document struct {
	YAML string `json:"yaml" maxLength:"1000000"`
}

// TakenOver says how many roles the document had.
type TakenOver struct {
	Roles int `json:"roles"`
}

// inType is how the reader of YAML calls our structs.
var inType = regexp.MustCompile(` (in|into) (type )?(\[\])?rightsapi\.\w+`)

func (d Deps) takeOver(ctx context.Context, in *httpapi.Body[Document]) (*httpapi.Body[TakenOver], error) {
	n, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	var doc document
	dec := yaml.NewDecoder(strings.NewReader(in.Body.YAML))
	dec.KnownFields(true)
	if err := dec.Decode(&doc); err != nil {
		return nil, fault.In("yaml", "role.bad_yaml", fault.Args{"error": inType.ReplaceAllString(strings.TrimPrefix(err.Error(), "yaml: "), "")})
	}
	list := make([]role.Named, 0, len(doc.Roles))
	for _, r := range doc.Roles {
		named, err := n.read(r)
		if err != nil {
			return nil, err
		}
		list = append(list, named)
	}
	if err := d.Roles.Apply(ctx, httpapi.Who(ctx), list); err != nil {
		return nil, err
	}
	return httpapi.OK(TakenOver{Roles: len(list)}), nil
}
