package cli

import (
	"fmt"
	"time"

	"voronka/internal/app"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/org/session"
	"voronka/internal/texts"
)

// tokenCmd are the commands about API tokens.
type tokenCmd struct {
	Add    tokenAddCmd    `cmd:"" help:"${cmd_token_add}"`
	List   tokenListCmd   `cmd:"" help:"${cmd_token_list}"`
	Revoke tokenRevokeCmd `cmd:"" help:"${cmd_token_revoke}"`
}

type tokenAddCmd struct {
	byEmail `embed:""`
	Title   string `default:"CLI" help:"${flag_title}"`
	Days    int    `default:"0" help:"${flag_days}"`
}

// Run implements the command: it prints the token and nothing else.
func (c *tokenAddCmd) Run(r *run) error {
	return r.with(func(a *app.App) error {
		u, err := c.find(r, a)
		if err != nil {
			return err
		}
		var expires clock.Instant
		if c.Days < 0 || c.Days > 36500 {
			return fault.In("days", "token.expires_past")
		}
		if c.Days > 0 {
			expires = a.DB.Clock().Now().Add(time.Duration(c.Days) * 24 * time.Hour)
		}
		secret, _, err := a.Sessions.AddToken(r.ctx, access.System(), u.ID, session.TokenDraft{Title: c.Title, Expires: expires})
		if err != nil {
			return err
		}
		fmt.Fprintln(r.Out, secret)
		return nil
	})
}

type tokenListCmd struct {
	byEmail `embed:""`
}

// Run implements the command.
func (c *tokenListCmd) Run(r *run) error {
	return r.with(func(a *app.App) error {
		u, err := c.find(r, a)
		if err != nil {
			return err
		}
		tokens, err := a.Sessions.Tokens(r.ctx, access.System(), u.ID)
		if err != nil {
			return err
		}
		moment := func(i clock.Instant) string {
			if i == 0 {
				return r.say.Say("cli.never", nil)
			}
			return texts.Moment(r.say.Lang(), i.Time().Local())
		}
		var rows [][]string
		for _, t := range tokens {
			rows = append(rows, []string{fmt.Sprint(t.ID), t.Title, r.say.Say("cli.token_used", map[string]any{"at": moment(t.UsedAt)}), r.say.Say("cli.token_ends", map[string]any{"at": moment(t.ExpiresAt)})})
		}
		r.table(rows)
		return nil
	})
}

type tokenRevokeCmd struct {
	byEmail `embed:""`
	ID      int64 `arg:"" help:"${flag_token_id}"`
}

// Run implements the command.
func (c *tokenRevokeCmd) Run(r *run) error {
	return r.with(func(a *app.App) error {
		u, err := c.find(r, a)
		if err != nil {
			return err
		}
		if err := a.Sessions.RevokeToken(r.ctx, access.System(), u.ID, c.ID); err != nil {
			return err
		}
		r.tell("cli.token_revoked", nil)
		return nil
	})
}
