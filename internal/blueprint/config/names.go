package config

import (
	"encoding/json"
	"slices"
	"strings"

	"voronka/internal/kernel/textkey"
	"voronka/internal/org/department"
	"voronka/internal/org/directory"
	"voronka/internal/org/worktime"
	"voronka/internal/record/schema"
)

// names translates between numbers and the names of a document.
type names struct {
	org     *directory.Directory
	catalog *schema.Catalog
}

func (n names) email(id int64) string {
	if u := n.org.User(id); u != nil {
		return u.Email
	}
	return ""
}

// person finds a person who works here by his e-mail; 0 when there is none.
func (n names) person(email string) int64 {
	if u := n.org.ByEmail(email); u != nil && u.Active {
		return u.ID
	}
	return 0
}

const between = " / "

func (n names) path(departmentID int64) string {
	var titles []string
	for _, d := range n.org.Chain(departmentID) {
		titles = append(titles, d.Title)
	}
	slices.Reverse(titles)
	return strings.Join(titles, between)
}

// department finds a department by its path; 0 when there is none.
func (n names) department(path string) int64 {
	var found *department.Department
	for _, d := range n.org.Departments() {
		if textkey.Key(n.path(d.ID)) == textkey.Key(path) {
			found = d
		}
	}
	if found == nil {
		return 0
	}
	return found.ID
}

func (n names) pipelinePath(id int64) string {
	p := n.catalog.PipelineByID(id)
	if p == nil || p.Removed {
		return ""
	}
	return n.catalog.TypeByID(p.TypeID).Code + "/" + p.Code
}

func (n names) pipeline(path string) *schema.Pipeline {
	typ, code, _ := strings.Cut(path, "/")
	return n.catalog.Pipeline(typ, code)
}

func (n names) stagePath(id int64) string {
	s := n.catalog.StageByID(id)
	if s == nil || s.Removed {
		return ""
	}
	return n.pipelinePath(s.PipelineID) + "/" + s.Code
}

func (n names) stage(path string) *schema.Stage {
	at := strings.LastIndexByte(path, '/')
	if at < 0 {
		return nil
	}
	if p := n.pipeline(path[:at]); p != nil {
		return p.Stage(path[at+1:])
	}
	return nil
}

// hoursOf is a schedule as a document has it.
func hoursOf(s *worktime.Schedule) (*Hours, error) {
	if s == nil {
		return nil, nil
	}
	b, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	h := &Hours{}
	return h, json.Unmarshal(b, h)
}

// schedule is what hours mean in a portal.
func (h Hours) schedule(zone string) (*worktime.Schedule, error) {
	if h.Zone == "" {
		h.Zone = zone
	}
	b, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	s := &worktime.Schedule{}
	return s, s.UnmarshalJSON(b)
}
