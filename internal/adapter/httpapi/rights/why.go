package rightsapi

import (
	"context"
	"encoding/json"
	"slices"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// LineOfRole points at a line of a role.
type LineOfRole struct {
	Role int64 `json:"role"`
	Line int   `json:"line" doc:"Of its grants, or of its lines about fields, from 1"`
}

// Cell is what the lines about an operation with records of a type come to.
type Cell struct {
	Op     string       `json:"op"`
	Scopes []string     `json:"scopes" doc:"All that some line gives, from the narrowest to the widest"`
	Scope  string       `json:"scope" enum:"none,own,observed,department,below,led,all" doc:"The widest of them"`
	Note   bool         `json:"note" doc:"Only in some pipelines or on some stages, or less something forbidden"`
	Lines  []LineOfRole `json:"lines" doc:"The lines that make it, forbidding ones too"`
}

// Row is a line of the matrix.
type Row struct {
	Type  string `json:"type"`
	Cells []Cell `json:"cells"`
}

// FieldRight is a field somebody may not do everything with.
type FieldRight struct {
	Type   string       `json:"type"`
	Field  string       `json:"field"`
	Access string       `json:"access" enum:"hidden,read_only"`
	Lines  []LineOfRole `json:"lines"`
}

// Matrix is what roles come to.
type Matrix struct {
	Rows   []Row        `json:"rows"`
	Areas  []string     `json:"areas"`
	Fields []FieldRight `json:"fields"`
}

type matrixIn struct {
	Role int64 `query:"role" minimum:"0"`
	User int64 `query:"user" minimum:"0"`
}

func (d Deps) matrix(ctx context.Context, in *matrixIn) (*httpapi.Body[Matrix], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	who, err := subject(dir, in)
	if err != nil {
		return nil, err
	}
	c, err := d.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	m := Matrix{Areas: []string{}, Fields: fieldRights(who, "")}
	for _, t := range c.Types {
		row := Row{Type: t.Code}
		for _, op := range access.Ops {
			row.Cells = append(row.Cells, cellOf(op, who.Cell(t.Code, op)))
		}
		m.Rows = append(m.Rows, row)
	}
	for _, a := range access.Areas {
		if who.Runs(a) {
			m.Areas = append(m.Areas, string(a))
		}
	}
	return httpapi.OK(m), nil
}

// subject is whom the matrix is about: a person, or somebody who has nothing but one role.
func subject(dir *directory.Directory, in *matrixIn) (access.Who, error) {
	if in.User != 0 {
		who, ok := dir.Who(in.User)
		if !ok {
			return who, fault.New(fault.NotFound, "user.unknown")
		}
		return who, nil
	}
	r := dir.Book().Role(in.Role)
	if r == nil {
		return access.Who{}, fault.New(fault.NotFound, "role.unknown")
	}
	who := access.Who{Role: access.Employee, Rights: access.NewRights([]*access.Definition{r.Definition()})}
	if r.Fixed {
		who.Role = access.Role(r.Code)
	}
	return who, nil
}

func cellOf(op access.Op, c access.Cell) Cell {
	out := Cell{Op: string(op), Scopes: words(c.Scopes), Scope: "none", Note: c.Bounded, Lines: []LineOfRole{}}
	if n := len(c.Scopes); n > 0 {
		out.Scope = string(c.Scopes[n-1])
	}
	for _, l := range c.Lines {
		out.Lines = append(out.Lines, LineOfRole{Role: l.Role.ID, Line: l.Line + 1})
	}
	return out
}

// fieldRights lists what a person may not do with fields, of one type or all, with the lines that say so.
func fieldRights(who access.Who, typ string) []FieldRight {
	out := []FieldRight{}
	for _, t := range who.Limited() {
		if typ != "" && t != typ {
			continue
		}
		fields := who.Fields(t)
		add := func(codes []string, limit access.FieldAccess) {
			for _, code := range codes {
				right := FieldRight{Type: t, Field: code, Access: string(limit), Lines: []LineOfRole{}}
				for _, def := range who.Rights.Roles {
					for i, rule := range def.Fields {
						if rule.Type == t && rule.Field == code {
							right.Lines = append(right.Lines, LineOfRole{Role: def.ID, Line: i + 1})
						}
					}
				}
				out = append(out, right)
			}
		}
		add(fields.Hidden, access.Hidden)
		add(fields.ReadOnly, access.ReadOnly)
	}
	return out
}

// RoleName is a role as it is called.
type RoleName struct {
	ID    int64  `json:"id"`
	Title string `json:"title"`
	Fixed string `json:"fixed"`
}

// Reason is one line looked at with one of its scopes.
type Reason struct {
	Role    *RoleName `json:"role" doc:"null: the person is an administrator"`
	Line    int       `json:"line" doc:"From 1"`
	Scope   string    `json:"scope"`
	Deny    bool      `json:"deny"`
	Holds   bool      `json:"holds" doc:"The line reaches the record"`
	Misses  string    `json:"misses" enum:",pipeline,stage,scope" doc:"By what it doesn't"`
	Nobody  bool      `json:"nobody" doc:"The scope is empty for this person: no department of his own, or none he leads"`
	Through *int64    `json:"through" doc:"For whom the person stands in by whose role it is"`
}

// Facts are the attributes of a record that rights are decided by.
type Facts struct {
	Pipeline    *int64  `json:"pipeline"`
	Stage       *int64  `json:"stage"`
	Responsible *int64  `json:"responsible"`
	Department  *int64  `json:"department"`
	Observers   []int64 `json:"observers"`
}

// Seen is how many records of a type somebody sees.
type Seen struct {
	Type  string `json:"type"`
	Sees  int64  `json:"sees"`
	Of    *int64 `json:"of" doc:"All there are; told to administrators only"`
	Exact bool   `json:"exact" doc:"false: there are more"`
}

// Why is an answer with its reasons.
type Why struct {
	User    int64        `json:"user"`
	Op      string       `json:"op"`
	Allowed bool         `json:"allowed"`
	Reasons []Reason     `json:"reasons" doc:"All lines about the type and operation; without any, no role says anything"`
	Facts   *Facts       `json:"facts"`
	Fields  []FieldRight `json:"fields" doc:"Fields of the type the person may not do everything with"`
	Ask     []int64      `json:"ask" doc:"Whom to ask when it is no: people who may, the nearest first"`
	Seen    []Seen       `json:"seen"`
}

type whyIn struct {
	User int64  `query:"user" minimum:"0" doc:"Whose rights; one's own by default"`
	Type string `query:"type" required:"true"`
	ID   int64  `query:"id" minimum:"0" doc:"The record; without it only what is seen in all"`
	Op   string `query:"op" enum:"see,create,edit,move,delete,assign,export,import,settings" default:"see"`
	Seen bool   `query:"seen" doc:"Count also what the person sees of every type"`
}

func (d Deps) why(ctx context.Context, in *whyIn) (*httpapi.Body[Why], error) {
	asker := httpapi.Who(ctx)
	if in.User == 0 {
		in.User = asker.UserID
	}
	if in.User != asker.UserID && !asker.IsAdmin() {
		return nil, fault.New(fault.Forbidden, "http.admin_only")
	}
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	who, ok := dir.Who(in.User)
	if !ok {
		return nil, fault.New(fault.NotFound, "user.unknown")
	}
	c, err := d.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	if c.Type(in.Type) == nil {
		return nil, fault.In("type", "record.no_such_type")
	}
	op := access.Op(in.Op)
	out := Why{User: in.User, Op: in.Op, Reasons: []Reason{}, Fields: fieldRights(who, in.Type), Ask: []int64{}, Seen: []Seen{}}
	if !asker.IsAdmin() { // a hidden field isn't there, its name neither
		out.Fields = slices.DeleteFunc(out.Fields, func(f FieldRight) bool { return f.Access == string(access.Hidden) })
	}
	if in.ID != 0 {
		// Of what one doesn't see one learns nothing, not even that it is there.
		a, err := d.Records.Attributes(ctx, asker.Plan(in.Type, access.See), c, ref.Ref{Type: in.Type, ID: in.ID})
		if err != nil {
			return nil, err
		}
		out.explain(dir, who, in.Type, op, a)
	}
	if in.Seen {
		if out.Seen, err = d.seen(ctx, c, asker, who); err != nil {
			return nil, err
		}
	}
	return httpapi.OK(out), nil
}

func (out *Why) explain(dir *directory.Directory, who access.Who, typ string, op access.Op, a event.Access) {
	v := who.Explain(typ, op, a)
	out.Allowed = v.Allowed
	out.Facts = &Facts{
		Pipeline: httpapi.OrNull(a.PipelineID), Stage: httpapi.OrNull(a.StageID), Responsible: httpapi.OrNull(a.ResponsibleID),
		Department: httpapi.OrNull(a.DepartmentID), Observers: some(a.Observers),
	}
	for _, r := range v.Reasons {
		reason := Reason{Line: r.Line + 1, Scope: string(r.Scope), Deny: r.Deny, Holds: r.Holds(), Misses: string(r.Misses), Nobody: r.Nobody, Through: httpapi.OrNull(r.Through)}
		if r.Role != nil {
			reason.Role = &RoleName{ID: r.Role.ID, Title: r.Role.Title}
			if role := dir.Book().Role(r.Role.ID); role != nil {
				reason.Role.Fixed = fixedOf(role)
			}
		}
		out.Reasons = append(out.Reasons, reason)
	}
	if !v.Allowed {
		out.Ask = whom(dir, who, typ, op, a)
	}
}

// maxAsk is how many people are named whom one could ask.
const maxAsk = 3

// whom are people who may do what somebody may not: who answers for the record, one's own heads, those over the record,
// administrators.
func whom(dir *directory.Directory, who access.Who, typ string, op access.Op, a event.Access) []int64 {
	candidates := []int64{a.ResponsibleID}
	for _, dep := range slices.Concat(dir.Chain(who.DepartmentID), dir.Chain(a.DepartmentID)) {
		candidates = append(candidates, dir.HeadsOf(dep.ID)...)
	}
	for _, u := range dir.Users() {
		if u.Active && u.Role == access.Admin {
			candidates = append(candidates, u.ID)
		}
	}
	out := []int64{}
	for _, id := range candidates {
		other, works := dir.Who(id)
		if works && id != who.UserID && !slices.Contains(out, id) && other.Plan(typ, op).Sees(a) {
			out = append(out, id)
		}
		if len(out) == maxAsk {
			break
		}
	}
	return out
}

// seen counts what a person sees of every type he may see anything of.
func (d Deps) seen(ctx context.Context, c *schema.Catalog, asker, who access.Who) ([]Seen, error) {
	out := []Seen{}
	for _, t := range c.Types {
		if !asker.May(t.Code, access.See) {
			continue
		}
		n, exact, err := d.count(ctx, c, t, who)
		if err != nil {
			return nil, err
		}
		s := Seen{Type: t.Code, Sees: n, Exact: exact}
		if asker.IsAdmin() {
			all, exactly, err := d.count(ctx, c, t, asker)
			if err != nil {
				return nil, err
			}
			s.Of, s.Exact = &all, exact && exactly
		}
		out = append(out, s)
	}
	return out, nil
}

func (d Deps) count(ctx context.Context, c *schema.Catalog, t *schema.Type, who access.Who) (int64, bool, error) {
	text, err := d.Records.Count(ctx, who.Plan(t.Code, access.See), &query.Scope{Catalog: c, Type: t, Linked: query.PlansOf(who)}, nil)
	if err != nil {
		return 0, false, err
	}
	var n struct {
		Count int64
		Exact bool
	}
	err = json.Unmarshal(text, &n)
	return n.Count, n.Exact, err
}

// Watcher is somebody who can see a record.
type Watcher struct {
	User int64    `json:"user"`
	Ops  []string `json:"ops" doc:"What he may do with it besides seeing it"`
}

type seenByIn struct {
	Type string `query:"type" required:"true"`
	ID   int64  `query:"id" minimum:"1" required:"true"`
}

func (d Deps) seenBy(ctx context.Context, in *seenByIn) (*httpapi.Body[httpapi.List[Watcher]], error) {
	c, err := d.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	a, err := d.Records.Attributes(ctx, httpapi.Who(ctx).Plan(in.Type, access.See), c, ref.Ref{Type: in.Type, ID: in.ID})
	if err != nil {
		return nil, err
	}
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	var list []Watcher
	for _, u := range dir.Users() {
		who, works := dir.Who(u.ID)
		if !works || !who.Plan(in.Type, access.See).Sees(a) {
			continue
		}
		w := Watcher{User: u.ID, Ops: []string{}}
		for _, op := range []access.Op{access.Edit, access.Move, access.Assign, access.Delete, access.Export} {
			if who.Plan(in.Type, op).Sees(a) {
				w.Ops = append(w.Ops, string(op))
			}
		}
		list = append(list, w)
	}
	return httpapi.ListOf(list, ""), nil
}
