package cli

import (
	"fmt"
	"strings"

	"voronka/internal/app"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/org/user"
)

// userCmd are the commands about people.
type userCmd struct {
	Add        userAddCmd        `cmd:"" help:"${cmd_user_add}"`
	List       userListCmd       `cmd:"" help:"${cmd_user_list}"`
	Password   userPasswordCmd   `cmd:"" help:"${cmd_user_password}"`
	Second     userSecondCmd     `cmd:"" name:"reset-second-factor" help:"${cmd_user_second}"`
	Role       userRoleCmd       `cmd:"" help:"${cmd_user_role}"`
	Deactivate userDeactivateCmd `cmd:"" help:"${cmd_user_deactivate}"`
}

type userAddCmd struct {
	Email         string `required:"" help:"${flag_email}"`
	Name          string `help:"${flag_name}"`
	Role          string `default:"manager" enum:"admin,head,manager,employee,guest" help:"${flag_role}"`
	PasswordStdin bool   `name:"password-stdin" help:"${flag_password_stdin}"`
	Lang          string `default:"" enum:",ru,en" help:"${flag_lang}"`
}

// Run implements the command.
func (c *userAddCmd) Run(r *run) error {
	password, once := user.NewPassword(), true
	if c.PasswordStdin {
		var err error
		if password, err = r.password(true); err != nil {
			return err
		}
		once = false
	}
	return r.with(func(a *app.App) error {
		name := c.Name
		if name == "" {
			name, _, _ = strings.Cut(c.Email, "@")
		}
		u, err := a.Users.Add(r.ctx, access.System(), user.Draft{Email: c.Email, Name: name, Role: access.Role(c.Role), Lang: c.Lang, Password: password})
		if err != nil {
			return err
		}
		r.tell("cli.user_added", map[string]any{"name": u.Name, "email": u.Email, "role": string(u.Role)})
		if once {
			r.tell("cli.one_time_password", map[string]any{"password": password})
		}
		return nil
	})
}

type userListCmd struct{}

// Run implements the command.
func (userListCmd) Run(r *run) error {
	return r.with(func(a *app.App) error {
		people, err := a.Org.Last(r.ctx)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, u := range people.Users() {
			state := "cli.active"
			if !u.Active {
				state = "cli.inactive"
			}
			rows = append(rows, []string{fmt.Sprint(u.ID), u.Email, u.Name, string(u.Role), r.say.Say(state, nil)})
		}
		r.table(rows)
		return nil
	})
}

// byEmail names a person.
type byEmail struct {
	User string `required:"" name:"user" aliases:"email" placeholder:"EMAIL" help:"${flag_user}"`
}

// find looks the person up.
func (b byEmail) find(r *run, a *app.App) (*user.User, error) {
	_, key, err := user.Email(b.User)
	if err != nil {
		return nil, err
	}
	people, err := a.Org.Last(r.ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range people.Users() {
		if _, k, err := user.Email(u.Email); err == nil && k == key {
			return u, nil
		}
	}
	return nil, fault.New(fault.NotFound, "cli.no_such_user", fault.Args{"email": b.User})
}

// change patches the person.
func (b byEmail) change(r *run, key string, patch user.Patch) error {
	return r.with(func(a *app.App) error {
		u, err := b.find(r, a)
		if err != nil {
			return err
		}
		changed, err := a.Users.Change(r.ctx, access.System(), u.ID, patch)
		if err != nil {
			return err
		}
		r.tell(key, map[string]any{"name": u.Name, "email": u.Email, "role": string(changed.User.Role), "n": changed.Held})
		return nil
	})
}

type userPasswordCmd struct {
	byEmail       `embed:""`
	PasswordStdin bool `name:"password-stdin" help:"${flag_password_stdin}"`
}

// Run implements the command.
func (c *userPasswordCmd) Run(r *run) error {
	password, err := r.password(c.PasswordStdin)
	if err != nil {
		return err
	}
	return c.change(r, "cli.password_set", user.Patch{Password: &password})
}

type userRoleCmd struct {
	byEmail `embed:""`
	Role    string `required:"" enum:"admin,head,manager,employee,guest" help:"${flag_role}"`
}

// Run implements the command.
func (c *userRoleCmd) Run(r *run) error {
	role := access.Role(c.Role)
	return c.change(r, "cli.role_set", user.Patch{Role: &role})
}

type userDeactivateCmd struct {
	byEmail `embed:""`
}

// Run implements the command.
func (c *userDeactivateCmd) Run(r *run) error {
	return c.change(r, "cli.deactivated", user.Deactivate())
}
