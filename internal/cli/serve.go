package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"voronka/internal/app"
	"voronka/internal/config"
	"voronka/internal/kernel/fault"
)

// serveCmd runs the server.
type serveCmd struct {
	config.Server `embed:""`
}

// Run implements the command.
func (serveCmd) Run(r *run) error {
	c := r.loaded.Config
	if c.Database == "" { // several servers may share a PostgreSQL, never a file
		lock, err := app.LockData(c.Data)
		if err != nil {
			return err
		}
		defer func() { _ = lock.Free() }() // the end of the process frees it anyway
	}
	return r.serve(c, opening{})
}

// opening is what a command does more than serve.
type opening struct {
	options []app.Option
	// ready is called when requests are answered at an address; it says where the browser begins.
	ready func(address string) (begin string)
}

// serve runs the server until it is asked to stop.
func (r *run) serve(c config.Config, o opening) error {
	began := false
	err := r.listen(c, o, &began)
	if r.ctx.Err() != nil && !began { // stopped on the way up: whatever broke, broke by that
		return nil
	}
	return err
}

func (r *run) listen(c config.Config, o opening, began *bool) error {
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return cantListen(c.Listen, err)
	}
	defer listener.Close() //nolint:errcheck // closed by the server before
	a, err := app.New(r.ctx, c, o.options...)
	if err != nil {
		return err
	}
	settings, challenge, err := app.TLS(c)
	if err != nil {
		return errors.Join(err, a.Close())
	}
	a.TLS = settings
	if challenge != nil {
		stop := r.challenge(challenge, a)
		defer stop()
	}
	code, needed, err := a.Setup.Prepare(r.ctx)
	if err != nil {
		return errors.Join(err, a.Close())
	}
	address := r.address(c, listener, settings != nil)
	return a.Serve(r.ctx, listener, func() {
		*began = true
		r.tell("cli.runs", map[string]any{"url": address})
		if needed {
			r.tell("cli.setup_code", map[string]any{"code": code[:4] + "-" + code[4:]})
		}
		begin := address
		if o.ready != nil {
			begin = o.ready(address)
		}
		if r.Interactive && c.OpenBrowser || r.clicked {
			openBrowser(begin)
		}
	})
}

func cantListen(address string, err error) error {
	key := "cli.listen"
	if errors.Is(err, syscall.EADDRINUSE) {
		key = "cli.port_taken"
	}
	return &fault.Error{Code: fault.Conflict, Key: key, Args: fault.Args{"address": address, "detail": err.Error()}, Err: err}
}

// address is how the portal is reached from this machine, or from outside when that is known.
func (r *run) address(c config.Config, listener net.Listener, encrypted bool) string {
	if c.BaseURL != "" {
		return c.BaseURL
	}
	scheme := "http"
	if encrypted {
		scheme = "https"
	}
	if len(c.ACMEDomain) > 0 {
		return "https://" + c.ACMEDomain[0]
	}
	host, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return scheme + "://" + c.Listen
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return fmt.Sprintf("%s://%s:%s", scheme, host, port)
}

// challenge answers on port 80 while the server runs.
func (r *run) challenge(h http.Handler, a *app.App) (stop func()) {
	server := &http.Server{Addr: ":80", Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			a.Log.Error("port 80 is needed to get certificates", "err", err)
		}
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = server.Shutdown(ctx) // it only redirects
	}
}
