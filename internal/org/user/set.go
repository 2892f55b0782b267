package user

import (
	"errors"

	"voronka/internal/kernel/fault"
)

// set applies the plain fields of a patch, cleaned, and gathers everything that is wrong with them.
func (u *User) set(p Patch, region string) error {
	var wrong *fault.Error
	note := func(err error) {
		var e *fault.Error
		if errors.As(err, &e) {
			for _, f := range e.Fields {
				wrong = wrong.With(f.Path, f.Key, f.Args)
			}
		}
	}
	clean := func(to, from *string, rule func(string) (string, error)) {
		if from == nil {
			return
		}
		text, err := rule(*from)
		note(err)
		if err == nil {
			*to = text
		}
	}
	if p.Email != nil {
		shown, key, err := Email(*p.Email)
		note(err)
		u.Email, u.EmailKey = shown, key
	}
	clean(&u.Name, p.Name, Name)
	clean(&u.Position, p.Position, Position)
	clean(&u.Phone, p.Phone, func(s string) (string, error) { return Phone(s, region) })
	clean(&u.Lang, p.Lang, same(Lang))
	clean(&u.Zone, p.Zone, same(Zone))
	clean(&u.Prefs.Theme, p.Theme, same(theme))
	clean(&u.Prefs.Density, p.Density, same(density))
	if p.Role != nil {
		if u.Role = *p.Role; !u.Role.Valid() {
			wrong = wrong.With("role", "user.bad_role")
		}
	}
	if p.DepartmentID != nil {
		u.DepartmentID = *p.DepartmentID
	}
	if p.Active != nil {
		u.Active = *p.Active
	}
	return wrong.OrNil()
}

func same(check func(string) error) func(string) (string, error) {
	return func(s string) (string, error) { return s, check(s) }
}
