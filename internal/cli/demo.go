package cli

import (
	"encoding/json"
	"fmt"
	"time"

	"voronka/internal/app"
	"voronka/internal/config"
	"voronka/internal/demo"
	"voronka/internal/kernel/fault"
)

// demoCmd makes a portal of a made-up company, or plays a stream of leads through the program and counts.
type demoCmd struct {
	config.Server `embed:""`
	Lang          string `default:"" enum:",ru,en" help:"${flag_lang}"`
	Seed          uint64 `default:"1" help:"${flag_seed}"`
	Serve         bool   `help:"${flag_serve}"`
	Replay        bool   `help:"${flag_replay}"`
	Leads         string `default:"../shared/data/leads-olist" placeholder:"DIR" help:"${flag_leads}"`
	Limit         int    `default:"0" help:"${flag_limit}"`
	JSON          bool   `name:"json" help:"${flag_json}"`
}

// Run implements the command.
func (c *demoCmd) Run(r *run) error {
	if c.Replay {
		return c.replay(r)
	}
	if c.Lang == "" {
		c.Lang = r.say.Lang()
	}
	settings := r.loaded.Config
	lock, err := app.LockData(settings.Data)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Free() }() // the end of the process frees it anyway
	made, err := c.fill(r, settings)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := json.NewEncoder(r.Out).Encode(made); err != nil {
			return err
		}
	} else {
		c.tell(r, made, settings.Data)
	}
	if c.Serve {
		return r.serve(settings)
	}
	return nil
}

// fill makes the demo portal where there is none yet.
func (c *demoCmd) fill(r *run, settings config.Config) (demo.Portal, error) {
	taken := false
	err := r.with(func(a *app.App) error {
		needed, err := a.Setup.Needed(r.ctx)
		taken = !needed
		return err
	})
	if err != nil {
		return demo.Portal{}, err
	}
	if taken {
		return demo.Portal{}, fault.New(fault.Conflict, "cli.demo_taken", fault.Args{"path": settings.Data})
	}
	return demo.Seed(r.ctx, settings, demo.SeedOptions{Lang: c.Lang, Seed: c.Seed, Now: time.Now()})
}

func (c *demoCmd) tell(r *run, made demo.Portal, data string) {
	r.tell("cli.demo_made", map[string]any{"leads": made.Leads, "deals": made.Deals})
	var rows [][]string
	for _, l := range made.Logins {
		rows = append(rows, []string{"  " + l.Email, l.Name, l.Role, l.Position})
	}
	r.table(rows)
	r.tell("cli.demo_password", map[string]any{"password": made.Password})
	r.tell("cli.demo_form", map[string]any{"path": "/f/" + made.Form})
	if !c.Serve {
		r.tell("cli.demo_next", map[string]any{"path": data})
	}
}

func (c *demoCmd) replay(r *run) error {
	result, err := demo.Replay(r.ctx, demo.Options{Leads: c.Leads, Limit: c.Limit, Seed: c.Seed, Database: r.loaded.Database, Log: r.quietLog()})
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(r.Out).Encode(result)
	}
	b, err := json.MarshalIndent(result, "", "  ")
	if err != nil {
		return err
	}
	fmt.Fprintln(r.Out, string(b))
	return nil
}
