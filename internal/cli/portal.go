package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"voronka/internal/app"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/portal"
	"voronka/internal/org/setup"
)

// initCmd makes a portal without the wizard.
type initCmd struct {
	Company       string `required:"" help:"${flag_company}"`
	Email         string `required:"" help:"${flag_email}"`
	Name          string `help:"${flag_name}"`
	PasswordStdin bool   `name:"password-stdin" help:"${flag_password_stdin}"`
	Lang          string `default:"" enum:",ru,en" help:"${flag_lang}"`
	Zone          string `help:"${flag_zone}"`
	Currency      string `help:"${flag_currency}"`
	Simple        bool   `help:"${flag_simple}"`
}

// Run implements the command.
func (c *initCmd) Run(r *run) error {
	password, err := r.password(c.PasswordStdin)
	if err != nil {
		return err
	}
	return r.with(func(a *app.App) error {
		p := portal.Default()
		if c.Lang == "" {
			c.Lang = r.say.Lang()
		}
		p.Company, p.Lang, p.Simple = c.Company, c.Lang, c.Simple
		if c.Lang == "en" {
			p.Currency = "USD"
		}
		if c.Zone != "" {
			p.Zone = c.Zone
		}
		if c.Currency != "" {
			p.Currency = strings.ToUpper(c.Currency)
		}
		p.Region = portal.RegionOf(p.Zone, p.Lang)
		name := c.Name
		if name == "" {
			name, _, _ = strings.Cut(c.Email, "@")
		}
		done, err := a.Setup.Init(r.ctx, setup.Plan{Portal: p, Name: name, Email: c.Email, Password: password})
		if err != nil {
			return err
		}
		r.tell("cli.made", map[string]any{"company": done.Portal.Company, "email": done.Admin.Email})
		return nil
	})
}

// with runs f over the data and closes everything afterwards.
func (r *run) with(f func(a *app.App) error) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	err = f(a)
	if e := a.Close(); err == nil {
		err = e
	}
	return err
}

// password reads a password from standard input: the first line.
func (r *run) password(fromStdin bool) (string, error) {
	if !fromStdin {
		return "", fault.New(fault.Invalid, "cli.no_password")
	}
	line, err := bufio.NewReader(io.LimitReader(r.In, 4096)).ReadString('\n')
	if err != nil && line == "" {
		return "", fault.New(fault.Invalid, "cli.empty_password")
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// migrateCmd brings the tables up to date and does nothing else.
type migrateCmd struct{}

// Run implements the command.
func (migrateCmd) Run(r *run) error {
	return r.with(func(a *app.App) error {
		r.tell("cli.migrated", map[string]any{"database": a.DB.Dialect().String()})
		return nil
	})
}

// fileExists tells whether something lies at the path already.
func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// table prints rows in columns.
func (r *run) table(rows [][]string) {
	var width []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell)
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", width[i]-len([]rune(cell))+2))
			}
		}
		fmt.Fprintln(r.Out, line.String())
	}
}
