package cli

import (
	"bytes"
	"os"

	"voronka/internal/app"
	blueprint "voronka/internal/blueprint/config"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
)

// configExportCmd writes the portal's configuration as a document.
type configExportCmd struct {
	File string `arg:"" optional:"" help:"${flag_export_file}"`
}

// Run implements the command.
func (c *configExportCmd) Run(r *run) error {
	return r.with(func(a *app.App) error {
		doc, err := a.Blueprint.Export(r.ctx, access.System())
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := doc.Write(&b); err != nil {
			return err
		}
		if c.File == "" {
			_, err := r.Out.Write(b.Bytes())
			return err
		}
		if fileExists(c.File) {
			return fault.New(fault.Conflict, "cli.file_there", fault.Args{"path": c.File})
		}
		if err := os.WriteFile(c.File, b.Bytes(), 0o644); err != nil {
			return err
		}
		r.tell("cli.config_exported", map[string]any{"path": c.File})
		return nil
	})
}

// configApplyCmd brings the portal into the shape of a document.
type configApplyCmd struct {
	File string `arg:"" help:"${flag_apply_file}"`
}

// Run implements the command.
func (c *configApplyCmd) Run(r *run) error {
	b, err := os.ReadFile(c.File)
	if err != nil {
		return fault.New(fault.NotFound, "cli.no_file", fault.Args{"path": c.File})
	}
	doc, err := blueprint.Read(b)
	if err != nil {
		return err
	}
	return r.with(func(a *app.App) error {
		left, err := a.Blueprint.Apply(r.ctx, access.System(), doc, blueprint.Choice{})
		if err != nil {
			return err
		}
		for _, one := range left {
			r.tell("cli.config_left", map[string]any{"what": one.What, "name": one.Name})
		}
		r.tell("cli.config_applied", map[string]any{"path": c.File})
		return nil
	})
}
