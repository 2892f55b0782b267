package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"voronka/internal/adapter/httpapi"
	demoapi "voronka/internal/adapter/httpapi/demo"
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
	Requests      int    `default:"3000" help:"${flag_requests}"`
	DataSet       string `name:"data-set" placeholder:"crm-sales" help:"${flag_data_set}"`
	OnlyFill      bool   `name:"only-fill" help:"${flag_only_fill}"`
	Quiet         bool   `help:"${flag_quiet}"`
	OfferSeconds  int    `name:"offer-seconds" default:"60" help:"${flag_offer_seconds}"`
	Replay        bool   `help:"${flag_replay}"`
	Leads         string `default:"../shared/data/leads-olist" placeholder:"DIR" help:"${flag_leads}"`
	Limit         int    `default:"0" help:"${flag_limit}"`
	JSON          bool   `name:"json" help:"${flag_json}"`
}

// demoData is the demo's folder when nobody names one: beside a company's own portal, never in it.
const demoData = "voronka-demo"

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
	if err := c.fill(r, settings); err != nil || c.OnlyFill || c.JSON {
		return err
	}
	settings.OpenBrowser = true // when a person sits in front of it
	return c.play(r, settings)
}

// play serves the demo: with the routes only demos have, a login link for the browser, and colleagues at work.
func (c *demoCmd) play(r *run, settings config.Config) error {
	var stage *demo.Stage
	var failed error
	mount := app.AsDemo(func(a *app.App, router *httpapi.Router) {
		var m demo.Mark
		var is bool
		if m, is, failed = demo.Marked(r.ctx, a); failed == nil && is {
			stage = demo.NewStage(a, m, time.Duration(c.OfferSeconds)*time.Second)
			demoapi.Routes(router, stage)
		}
	})
	var group sync.WaitGroup
	defer group.Wait()
	ctx, stop := context.WithCancel(r.ctx)
	defer stop()
	err := r.serve(settings, opening{options: []app.Option{mount}, ready: func(address string) string {
		if stage == nil {
			return address
		}
		group.Go(func() { stage.Run(ctx, c.Quiet) })
		link := address + stage.Link()
		r.tell("cli.demo_link", map[string]any{"url": link})
		return link
	}})
	return errors.Join(failed, err)
}

// fill makes the demo portal. One that was filled before is served again, a company's own is never touched.
func (c *demoCmd) fill(r *run, settings config.Config) error {
	empty, filled := false, false
	err := r.with(func(a *app.App) (err error) {
		if empty, err = a.Setup.Needed(r.ctx); err != nil || empty {
			return err
		}
		_, filled, err = demo.Marked(r.ctx, a)
		return err
	})
	if err != nil {
		return err
	}
	if !empty {
		if c.OnlyFill || c.JSON || !filled {
			return fault.New(fault.Conflict, "cli.demo_taken", fault.Args{"path": settings.Data})
		}
		r.tell("cli.demo_again", map[string]any{"email": demo.Director, "password": demo.Password})
		return nil
	}
	made, err := c.seed(r, settings)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(r.Out).Encode(made)
	}
	c.tell(r, made, settings.Data)
	return nil
}

// seed builds the portal: made up, or of a set of data.
func (c *demoCmd) seed(r *run, settings config.Config) (demo.Portal, error) {
	o := demo.SeedOptions{Lang: c.Lang, Seed: c.Seed, Now: time.Now(), Requests: c.Requests, Progress: c.progress(r)}
	if c.DataSet != "" {
		return demo.SeedCRMSales(r.ctx, settings, c.DataSet, o)
	}
	return demo.Seed(r.ctx, settings, o)
}

// progress draws how far the filling is, for a person who waits.
func (c *demoCmd) progress(r *run) func(float64) {
	if !r.Interactive {
		return nil
	}
	return func(part float64) {
		const wide = 40
		full := min(wide, int(part*wide))
		fmt.Fprintf(r.Err, "\r[%s%s] %d %%", strings.Repeat("█", full), strings.Repeat("·", wide-full), int(part*100))
		if part >= 1 {
			fmt.Fprintln(r.Err)
		}
	}
}

func (c *demoCmd) tell(r *run, made demo.Portal, data string) {
	r.tell("cli.demo_made", map[string]any{"leads": made.Leads, "deals": made.Deals})
	var rows [][]string
	for _, l := range made.Logins {
		rows = append(rows, []string{"  " + l.Email, l.Name, l.Role, l.Position})
	}
	r.table(rows)
	r.tell("cli.demo_password", map[string]any{"password": made.Password})
	if made.Form != "" {
		r.tell("cli.demo_form", map[string]any{"path": "/f/" + made.Form})
	}
	if d := made.Dirt; d != nil {
		r.tell("cli.demo_dirt", map[string]any{"rows": d.Rows, "no_account": d.NoAccount, "no_dates": d.NoDates, "no_value": d.NoValue, "refused": len(d.Refused), "days": d.Shifted})
		for _, what := range slices.Sorted(maps.Keys(d.Mended)) {
			fmt.Fprintf(r.Out, "  %s: %d\n", what, d.Mended[what])
		}
		for _, why := range d.Refused {
			fmt.Fprintln(r.Out, "  "+why)
		}
	}
	if c.OnlyFill {
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
