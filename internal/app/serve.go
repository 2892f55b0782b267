package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Serve works until ctx ends: it answers requests on the listener, delivers events and runs jobs. Then it takes no more
// work, finishes what is running within the setting stop-timeout, and closes everything. ready is called once requests are
// answered; nil for nobody.
func (a *App) Serve(ctx context.Context, listener net.Listener, ready func()) error {
	defer func() {
		if err := a.Close(); err != nil {
			a.Log.Error("close", "err", err)
		}
	}()
	if err := errors.Join(a.Answers.Schedule(ctx), a.sweepLater(ctx, time.Hour), a.SalesDB.SignLater(ctx), a.Keeping.Start(ctx), a.startWork(ctx)); err != nil {
		return err
	}
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	var group sync.WaitGroup
	defer group.Wait()
	parts := map[string]func(context.Context) error{"events": a.Pump.Run, "jobs": a.Jobs.Run, "live": a.Live.Run, "views": a.Views.Run}
	if a.noJobs {
		delete(parts, "jobs")
	}
	for name, run := range parts {
		group.Go(func() { a.keep(work, name, run) })
	}
	select {
	case <-a.Pump.Ready():
	case <-time.After(10 * time.Second): // the database is slow; events will come when it answers
	case <-ctx.Done():
		stopWork()
		return nil
	}
	server := &http.Server{
		Handler: a.Router, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: quiet(a.Log), TLSConfig: a.TLS, BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	listener = a.Router.Guard(server, listener)
	failed := make(chan error, 1)
	go func() {
		if server.TLSConfig != nil {
			failed <- server.ServeTLS(listener, "", "")
			return
		}
		failed <- server.Serve(listener)
	}()
	if ready != nil {
		ready()
	}
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = a.stop(server)
	}
	stopWork()
	group.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

// stop ends the server gracefully.
func (a *App) stop(server *http.Server) error {
	a.Log.Info("stopping")
	a.Router.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), a.Config.StopTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		a.Log.Warn("some requests were cut off", "err", err)
		return server.Close()
	}
	return nil
}

// keep runs something that must go on, again after a failure.
func (a *App) keep(ctx context.Context, name string, run func(context.Context) error) {
	for pause := 100 * time.Millisecond; ctx.Err() == nil; pause = min(2*pause, 5*time.Second) {
		start := time.Now()
		err := safely(ctx, run)
		if ctx.Err() != nil {
			return
		}
		a.Log.Error("stopped by itself, goes on", "part", name, "err", err)
		if time.Since(start) > time.Minute {
			pause = 100 * time.Millisecond
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func safely(ctx context.Context, run func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return run(ctx)
}
