package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
)

// ear hears the live stream and counts the records it tells are new.
type ear struct {
	heard atomic.Int64
	close context.CancelFunc
}

// listen opens the live stream as the administrator, who sees everything.
func (s *server) listen(ctx context.Context) (*ear, error) {
	ctx, cancel := context.WithCancel(ctx)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/api/live", nil)
	if err != nil {
		cancel()
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+s.Tokens["admin"])
	answer, err := (&http.Client{Transport: &http.Transport{DisableCompression: true}}).Do(req)
	if err != nil {
		cancel()
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		cancel()
		return nil, fmt.Errorf("the live stream answers %d", answer.StatusCode)
	}
	e := &ear{close: cancel}
	lines := bufio.NewScanner(answer.Body)
	lines.Scan() // the first line comes when listening has begun
	go func() {
		defer answer.Body.Close()
		for lines.Scan() {
			if line := lines.Text(); strings.HasPrefix(line, "data:") && strings.Contains(line, `"event":"created"`) {
				e.heard.Add(1)
			}
		}
	}()
	return e, nil
}
