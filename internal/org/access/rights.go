package access

import (
	"slices"
	"strings"
)

// Rights are several roles together. Everybody with the same roles shares one Rights.
type Rights struct {
	Roles  []*Definition
	fields map[string]Fields
	key    string
}

// Fields are what somebody may not do with the fields of a type, by code. The zero Fields forbid nothing.
type Fields struct {
	Hidden   []string // sorted
	ReadOnly []string // sorted; none is hidden too
}

// NewRights puts roles together. A role counts for fields of a type when it lets see records of it. What others are seen with,
// roles of those for whom the person stands in, can show a field, never forbid one.
func NewRights(roles []*Definition, others ...*Definition) *Rights {
	r := &Rights{Roles: roles, fields: map[string]Fields{}}
	type place struct{ typ, field string }
	rules := map[place]bool{}
	for _, d := range roles {
		for _, f := range d.Fields {
			rules[place{f.Type, f.Field}] = true
		}
	}
	var key []string
	for p := range rules {
		access := fieldAccess(roles, others, p.typ, p.field)
		if access == "" {
			continue
		}
		f := r.fields[p.typ]
		if access == Hidden {
			f.Hidden = append(f.Hidden, p.field)
		} else {
			f.ReadOnly = append(f.ReadOnly, p.field)
		}
		r.fields[p.typ] = f
		key = append(key, p.typ+"."+p.field+":"+string(access))
	}
	for typ, f := range r.fields {
		slices.Sort(f.Hidden)
		slices.Sort(f.ReadOnly)
		r.fields[typ] = f
	}
	slices.Sort(key)
	r.key = strings.Join(key, " ")
	return r
}

// fieldAccess is what all roles together take from a field: "" nothing.
func fieldAccess(roles, others []*Definition, typ, field string) FieldAccess {
	var firm, least FieldAccess
	counted := false
	for i, d := range slices.Concat(roles, others) {
		says, never := d.field(typ, field)
		if i < len(roles) && never != "" && firm != Hidden {
			firm = never
		}
		switch {
		case !d.sees(typ) && (says == "" || i >= len(roles)):
		case counted:
			least = milder(least, says)
		default:
			least, counted = says, true
		}
	}
	if firm == Hidden || least == Hidden {
		return Hidden
	}
	if firm != "" {
		return firm
	}
	return least
}

// field is what the role's lines say of a field, and what of it holds whatever other roles say.
func (d *Definition) field(typ, field string) (says, never FieldAccess) {
	for _, f := range d.Fields {
		if f.Type != typ || f.Field != field {
			continue
		}
		if says != Hidden {
			says = f.Access
		}
		if f.Deny && never != Hidden {
			never = f.Access
		}
	}
	return says, never
}

// milder is what two roles, one of which would do, take together.
func milder(a, b FieldAccess) FieldAccess {
	switch {
	case a == "" || b == "":
		return ""
	case a == ReadOnly || b == ReadOnly:
		return ReadOnly
	}
	return Hidden
}

// sees tells whether the role lets see any records of a type.
func (d *Definition) sees(typ string) bool {
	return slices.ContainsFunc(d.Grants, func(g Grant) bool { return !g.Deny && g.about(typ, See) && len(g.Scopes) > 0 })
}

// Fields are what the person may not do with the fields of a type.
func (w Who) Fields(recordType string) Fields {
	if w.Role == Admin || w.Rights == nil {
		return Fields{}
	}
	return w.Rights.fields[recordType]
}

// FieldKey is the same for people who may do the same with every field; "" for those whom nothing is forbidden.
func (w Who) FieldKey() string {
	if w.Role == Admin || w.Rights == nil {
		return ""
	}
	return w.Rights.key
}

// Limited lists the types some of whose fields are forbidden to the person, sorted.
func (w Who) Limited() []string {
	if w.FieldKey() == "" {
		return nil
	}
	out := make([]string, 0, len(w.Rights.fields))
	for typ := range w.Rights.fields {
		out = append(out, typ)
	}
	slices.Sort(out)
	return out
}
