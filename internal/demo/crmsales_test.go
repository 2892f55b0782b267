package demo

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"voronka/internal/app"
	"voronka/internal/config"
)

// write makes a small set of data with the same dirt as the real one.
func write(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"accounts.csv":    "account,sector,year_established,revenue,employees,office_location,subsidiary_of\nChild,technolgy,2001,10.5,20,Philipines,Parent\nParent,medical,1990,1100.04,2822,United States,\n",
		"products.csv":    "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n",
		"sales_teams.csv": "sales_agent,manager,regional_office\nAnn Able,Mel Marx,Central\nBob Best,Mel Marx,Central\nCid Cole,Sue West,West\n",
		"sales_pipeline.csv": "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n" +
			"A1,Ann Able,GTXPro,Child,Won,10/20/2016,3/1/2017,4514\nA2,Ann Able,MG Special,Parent,Lost,10/25/2016,3/11/2017,0\n" +
			"A3,Bob Best,GTX Pro,,Engaging,11/1/2017,,\nA4,Bob Best,GTX Pro,Parent,Prospecting,,,\nA5,No Body,GTX Pro,Parent,Won,10/20/2016,3/1/2017,1\nA6,Ann Able,GTX Pro,Nowhere,Won,10/20/2016,3/1/2017,1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestSeedCRMSales(t *testing.T) {
	now := time.Date(2026, 11, 19, 15, 20, 0, 0, moscow)
	c := config.Config{Common: config.Common{Data: t.TempDir()}}
	p, err := SeedCRMSales(t.Context(), c, write(t), SeedOptions{Seed: 1, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	d := p.Dirt
	if p.Deals != 4 || d.Rows != 6 || d.NoAccount != 1 || d.NoDates != 1 || d.NoValue != 2 || len(d.Refused) != 2 || d.IdleStaff != 1 || d.Shifted%7 != 0 ||
		d.Mended["GTXPro → GTX Pro"] != 1 || d.Mended["technolgy → technology"] != 1 || d.Mended["Philipines → Philippines"] != 1 {
		t.Errorf("%+v, %+v", p, d)
	}
	a, err := app.New(t.Context(), c, app.WithLog(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for sql, want := range map[string]int64{
		"SELECT count(*) FROM department": 4, "SELECT count(*) FROM users": 6, "SELECT count(*) FROM r_company": 2, causeless: 0,
		"SELECT count(*) FROM r_deal WHERE closed_at IS NOT NULL AND closed_at > 0": 2,
		"SELECT count(*) FROM journal WHERE at > " + ms(now):                        0,
		"SELECT amount FROM r_deal WHERE title = 'GTX Pro'":                         482100,
	} {
		if got := ask(t, a, sql); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
	if _, err := SeedCRMSales(t.Context(), config.Config{Common: config.Common{Data: t.TempDir()}}, t.TempDir(), SeedOptions{Now: now}); err == nil {
		t.Error("an empty folder is taken for a set of data")
	}
}
