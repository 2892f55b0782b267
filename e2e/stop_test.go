package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestGracefulStop asks the server to end under load: whoever came in is answered, live streams are closed, the exit code
// is 0, and after a restart everything acknowledged is there once.
func TestGracefulStop(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, portal *Portal) {
		server := portal.Start(t)
		live := server.live(t)
		var wait sync.WaitGroup
		var mu sync.Mutex
		acknowledged := map[int64]string{}
		var open []attempt
		for client := range 8 {
			wait.Go(func() {
				for n := 0; ; n++ {
					key := fmt.Sprintf("%s-%d-%d", t.Name(), client, n)
					a, err := server.Ask(context.Background(), "POST", "/api/leads", leadOf(key), "Idempotency-Key", key)
					mu.Lock()
					if err == nil && a.Status == http.StatusCreated {
						acknowledged[idOf(a)] = key
					} else {
						open = append(open, attempt{key})
					}
					mu.Unlock()
					switch {
					case err != nil: // nobody listens any more; one who was inside would have been cut off with EOF
						if !errors.Is(err, syscall.ECONNREFUSED) && !errors.Is(err, syscall.ECONNRESET) {
							t.Error(err)
						}
						return
					case a.Status == http.StatusServiceUnavailable && a.Translated():
						return
					case a.Status != http.StatusCreated:
						t.Errorf("%d %s", a.Status, a.Body)
						return
					}
				}
			})
		}
		time.Sleep(300 * time.Millisecond)
		if code := server.Stop(t); code != 0 {
			t.Errorf("exit code %d\n%s", code, server.log)
		}
		wait.Wait()
		for range live { // ends because the server closed it; otherwise the test hangs
		}
		if len(acknowledged) == 0 {
			t.Fatal("nothing was acknowledged: the test tested nothing")
		}
		// What was refused must not have happened: with new keys nothing would show, so the same ones are asked again.
		before := len(acknowledged)
		again := portal.Start(t)
		if rest := settle(t, again, open, acknowledged); len(rest) > 0 {
			t.Errorf("%d refused after the restart", len(rest))
		}
		if len(acknowledged) != before+len(open) {
			t.Errorf("%d acknowledged, %d open, together %d", before, len(open), len(acknowledged))
		}
		checkOnce(t, again, acknowledged)
		again.Kill()
		portal.doctor(t)
	})
}
