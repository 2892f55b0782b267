package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"voronka/internal/config"
	"voronka/internal/demo"
)

// demos are the names of what demo measures.
var demos = []string{"demo_build", "replay"}

// demo measures the filling of the demo portal and the replay of 8,000 requests, both on SQLite and by the clock on the
// wall: somebody waits for them.
func (b *bench) demo(ctx context.Context) error {
	for i, run := range []func(string) error{
		func(dir string) error {
			c := config.Config{Common: config.Common{Data: dir}}
			made, err := demo.Seed(ctx, c, demo.SeedOptions{Lang: "ru", Seed: 1, Now: time.Now()})
			if err == nil && (made.Requests != 3000 || made.Deals < 800) {
				b.wrong = append(b.wrong, fmt.Sprintf("the demo has %d requests and %d deals", made.Requests, made.Deals))
			}
			return err
		},
		func(string) error {
			result, err := demo.Replay(ctx, demo.Options{Seed: 1})
			if err == nil && (result.Leads != 8000 || result.Lost+result.DoubleOffers != 0 || result.Repeats != result.PlantedRepeats) {
				b.wrong = append(b.wrong, fmt.Sprintf("the replay does not add up: %+v", result))
			}
			return err
		},
	} {
		if !b.wants(demos[i]) {
			continue
		}
		dir, err := os.MkdirTemp(b.dir, "demo-")
		if err != nil {
			return err
		}
		began := time.Now()
		err = run(dir)
		_ = os.RemoveAll(dir) // the folder of the run goes anyway
		if err != nil {
			return fmt.Errorf("%s: %w", demos[i], err)
		}
		b.note(demos[i], 0, "sqlite", "s", time.Since(began).Seconds())
	}
	return nil
}
