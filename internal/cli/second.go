package cli

import (
	"voronka/internal/app"
	"voronka/internal/org/access"
)

type userSecondCmd struct {
	byEmail `embed:""`
}

// Run implements the command: the only administrator may have lost his phone, too.
func (c *userSecondCmd) Run(r *run) error {
	return r.with(func(a *app.App) error {
		u, err := c.find(r, a)
		if err != nil {
			return err
		}
		if err := a.Sessions.ResetFactor(r.ctx, access.System(), u.ID); err != nil {
			return err
		}
		r.tell("cli.second_reset", map[string]any{"email": u.Email})
		return nil
	})
}
