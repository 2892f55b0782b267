package cli

import (
	"fmt"
	"runtime"

	"voronka/internal/config"
)

// configCmd shows the settings.
type configCmd struct {
	config.Server `embed:""`
	Reference     bool `help:"${flag_reference}"`
}

// Run implements the command.
func (c *configCmd) Run(r *run) error {
	if c.Reference {
		fmt.Fprint(r.Out, config.Reference(r.say.Lang()))
		return nil
	}
	var rows [][]string
	for _, s := range r.loaded.Settings {
		rows = append(rows, []string{s.Name, s.Shown(), r.say.Say("cli.source."+string(s.Source), nil)})
	}
	r.table(rows)
	return nil
}

// versionCmd prints the version.
type versionCmd struct{}

// Run implements the command.
func (versionCmd) Run(r *run) error {
	fmt.Fprintf(r.Out, "voronka %s %s/%s %s\n", config.FullVersion(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	return nil
}
