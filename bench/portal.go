package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"voronka/bench/plant"
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/app"
	"voronka/internal/config"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/portal"
	"voronka/internal/org/session"
	"voronka/internal/org/setup"
	"voronka/internal/record/schema"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
)

// house is a prepared portal: where it lies and how to come in.
type house struct {
	Size     int
	Database string            // sqlite or postgres
	Dir      string            // data folder
	DSN      string            // of PostgreSQL
	Tokens   map[string]string // by name of the cast
	Intake   string            // path of an intake key
	Stages   map[int64]string  // codes of the stages of deals

	company *plant.Company
}

// estimated is the stage that is all the estimator sees.
const estimated = "contract"

// firstPerson is the number of the first planted person.
const firstPerson = 1000

// prepare makes a portal of a size, or finds it where an earlier run kept it.
func (b *bench) prepare(ctx context.Context, database string, size int) (*house, error) {
	h := &house{Size: size, Database: database, Dir: filepath.Join(b.dir, database+"-"+short(size)), company: plant.NewCompany(firstPerson)}
	note := filepath.Join(h.Dir, "bench.json")
	if text, err := os.ReadFile(note); err == nil && json.Unmarshal(text, h) == nil {
		return h, nil
	}
	start := time.Now()
	if err := os.MkdirAll(h.Dir, 0o700); err != nil {
		return nil, err
	}
	if database == "postgres" {
		dsn, err := freshDatabase(ctx, b.options.database, fmt.Sprintf("voronka_bench_%d_%s", os.Getpid(), short(size)))
		if err != nil {
			return nil, err
		}
		h.DSN = dsn
	}
	if err := h.fill(ctx); err != nil {
		return nil, err
	}
	text, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	fmt.Printf("%s %s prepared in %.1f s\n", database, short(size), time.Since(start).Seconds())
	return h, os.WriteFile(note, text, 0o600)
}

// drop removes a database that isn't kept.
func (h *house) drop(ctx context.Context, server string) {
	if h.DSN == "" {
		return
	}
	if u, err := url.Parse(h.DSN); err == nil {
		_ = onServer(ctx, server, "DROP DATABASE IF EXISTS "+u.Path[1:]+" WITH (FORCE)")
	}
}

func freshDatabase(ctx context.Context, server, name string) (string, error) {
	u, err := url.Parse(server)
	if err != nil || u.Scheme == "" {
		return "", errors.New("-database wants a URL, postgres://…")
	}
	if err := onServer(ctx, server, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

func onServer(ctx context.Context, server, text string) error {
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	_, err = c.Exec(ctx, text)
	return err
}

func (h *house) config() (config.Config, error) {
	flags := map[string]string{"data": h.Dir, "rate-per-second": "1000000", "log-level": "error", "trusted-proxies": "127.0.0.1"}
	if h.DSN != "" {
		flags["database"] = h.DSN
	}
	loaded, err := config.Load(config.Given{Flags: flags, Env: func(string) (string, bool) { return "", false }})
	if err != nil {
		return config.Config{}, err
	}
	return loaded.Config, nil
}

// customFields bring a list to thirty fields.
var customFields = []schema.Kind{schema.Text, schema.Integer, schema.Date, schema.Bool, schema.Decimal, schema.Text, schema.Integer, schema.Text, schema.Date}

// fill sets the portal up through its own use cases and plants the company into it.
func (h *house) fill(ctx context.Context) error {
	c, err := h.config()
	if err != nil {
		return err
	}
	a, err := app.New(ctx, c, app.WithoutDiskWaits(), app.WithLog(slog.New(slog.DiscardHandler)))
	if err != nil {
		return err
	}
	err = h.fillApp(ctx, a)
	return errors.Join(err, a.Close())
}

func (h *house) fillApp(ctx context.Context, a *app.App) error {
	p := portal.Default()
	p.Company = "ООО «Замер»"
	if _, err := a.Setup.Init(ctx, setup.Plan{Portal: p, Name: "Администратор", Email: "root@bench.example", Password: "a long enough password"}); err != nil {
		return fmt.Errorf("set up: %w", err)
	}
	system := access.System()
	for i, kind := range customFields {
		spec := schema.FieldSpec{Code: fmt.Sprintf("extra%d", i+1), Kind: kind, Title: schema.Titles{RU: fmt.Sprintf("Поле %d", i+1), EN: fmt.Sprintf("Field %d", i+1)}}
		if err := a.Types.AddField(ctx, system, "deal", spec); err != nil {
			return fmt.Errorf("field: %w", err)
		}
	}
	if err := h.company.PlantPeople(ctx, a.DB); err != nil {
		return fmt.Errorf("people: %w", err)
	}
	catalog, err := h.catalog(ctx, a)
	if err != nil {
		return err
	}
	if err := h.company.Deals(ctx, a.DB, catalog, h.Size); err != nil {
		return fmt.Errorf("deals: %w", err)
	}
	if err := h.company.PlantRole(ctx, a.DB, "estimator", catalog.Pipelines("deal")[0].Stage(estimated).ID); err != nil {
		return fmt.Errorf("role: %w", err)
	}
	if err := numberOn(ctx, a.DB); err != nil {
		return fmt.Errorf("numbers: %w", err)
	}
	if err := analyze(ctx, a.DB); err != nil {
		return err
	}
	h.Stages = map[int64]string{}
	for _, s := range catalog.Pipelines("deal")[0].Stages {
		h.Stages[s.ID] = s.Code
	}
	if err := h.openDoor(ctx, a); err != nil {
		return err
	}
	h.Tokens = map[string]string{}
	for name, person := range h.company.Cast {
		if h.Tokens[name], _, err = a.Sessions.AddToken(ctx, system, person.ID, session.TokenDraft{Title: "bench"}); err != nil {
			return fmt.Errorf("token of %s: %w", name, err)
		}
	}
	return nil
}

func (h *house) catalog(ctx context.Context, a *app.App) (c *schema.Catalog, err error) {
	err = a.DB.Read(ctx, func(q db.Q) error { c, err = a.Schema.CatalogIn(q); return err })
	return c, err
}

// openDoor makes a drum of twenty people and an intake key that gives to it.
func (h *house) openDoor(ctx context.Context, a *app.App) error {
	var members []drum.Member
	for i := range 20 {
		members = append(members, drum.Member{UserID: firstPerson + int64(1000+i), Active: true})
	}
	code, title, take, hours := "bench", "Замер", time.Hour, drum.AlwaysHours
	id, err := a.Drums.Create(ctx, access.System(), drum.Patch{Code: &code, Title: &title, Take: &take, Members: &members, Hours: &hours})
	if err != nil {
		return fmt.Errorf("drum: %w", err)
	}
	key, err := a.Intake.CreateKey(ctx, access.System(), intake.KeyPatch{Code: &code, Title: &title, DrumID: &id})
	if err != nil {
		return fmt.Errorf("intake key: %w", err)
	}
	h.Intake = "/api/intake/" + key.Key
	return nil
}

// numberOn lets PostgreSQL give numbers after those that were planted with their own; SQLite does so by itself.
func numberOn(ctx context.Context, d *db.DB) error {
	if d.Dialect() != db.Postgres {
		return nil
	}
	return d.Do(ctx, func(t tx.Tx) error {
		for _, table := range []string{"r_deal", "r_company", "r_contact", "users", "department"} {
			if _, err := db.Int(db.Of(t), "SELECT setval(pg_get_serial_sequence(?, 'id'), (SELECT greatest(max(id), 1) FROM "+table+"))", table); err != nil {
				return err
			}
		}
		return nil
	})
}

// analyze lets the planner know what was planted, as the database does by itself after a while.
func analyze(ctx context.Context, d *db.DB) error {
	if d.Dialect() == db.Postgres {
		return d.Alone(ctx, func(q db.Q) error { _, err := q.Exec("VACUUM ANALYZE"); return err })
	}
	return d.Do(ctx, func(t tx.Tx) error { _, err := db.Of(t).Exec("ANALYZE"); return err })
}
