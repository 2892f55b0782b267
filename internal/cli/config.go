package cli

import (
	"fmt"
	"runtime"

	"voronka/internal/config"
)

// configCmd are the commands about settings and the portal's configuration.
type configCmd struct {
	Show   configShowCmd   `cmd:"" default:"withargs" help:"${cmd_config_show}"`
	Export configExportCmd `cmd:"" help:"${cmd_config_export}"`
	Apply  configApplyCmd  `cmd:"" help:"${cmd_config_apply}"`
}

// configShowCmd shows the settings.
type configShowCmd struct {
	config.Server `embed:""`
	Reference     bool `help:"${flag_reference}"`
}

// Run implements the command.
func (c *configShowCmd) Run(r *run) error {
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
