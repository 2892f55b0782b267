package app_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/app"
	"voronka/internal/app/apptest"
	"voronka/internal/config"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

// TestUnneededContentsAreRemoved uploads a file, leaves a content without a row beside it, and lets two days pass.
func TestUnneededContentsAreRemoved(t *testing.T) {
	c := clock.NewManual(time.Now())
	s := apptest.Start(t, apptest.Options{App: []app.Option{app.WithClock(c)}})
	var uploaded struct{ ID int64 }
	s.Must("POST", "/api/files?name=a.txt", "needed", &uploaded, "Content-Type", "text/plain")
	if _, err := s.Blobs.Put(context.Background(), strings.NewReader("needless"), 0); err != nil {
		t.Fatal(err)
	}
	if n := contents(t, s); n != 2 {
		t.Fatalf("%d contents", n)
	}
	old := time.Now().Add(-48 * time.Hour)
	_ = filepath.WalkDir(s.Blobs.Root(), func(path string, e os.DirEntry, _ error) error {
		if !e.IsDir() {
			return os.Chtimes(path, old, old)
		}
		return nil
	})
	c.Advance(2 * time.Hour)
	for end := time.Now().Add(10 * time.Second); contents(t, s) != 1; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d contents are left", contents(t, s))
		}
		if _, err := s.Jobs.RunDue(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if status, b := s.Call("GET", "/api/files/1", nil); status != 200 || string(b) != "needed" {
		t.Errorf("%d %q", status, b)
	}
}

// TestOldNoticesAndLettersAreRemoved: more of them than one slice holds go in one night.
func TestOldNoticesAndLettersAreRemoved(t *testing.T) {
	c := clock.NewManual(time.Now())
	s := apptest.Start(t, apptest.Options{App: []app.Option{app.WithClock(c)}})
	const more = job.SweepSlice + 1
	err := s.DB.Do(context.Background(), func(x tx.Tx) error {
		for _, text := range []string{
			"INSERT INTO notice (user_id, at, kind, source) SELECT 1, 1, 'k', i FROM n",
			"INSERT INTO mail (source, message_id, to_address, to_name, lang, subject, body, state, created_at, until_at) SELECT i, i, '', '', 'ru', '', '', 'sent', 1, 0 FROM n",
		} {
			head, tail, _ := strings.Cut(text, " SELECT")
			text = head + " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT" + tail
			if _, err := db.Of(x).Exec(text, more); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	left := func() (n int64) {
		err := s.DB.Read(context.Background(), func(q db.Q) (err error) {
			n, err = db.Int(q, "SELECT (SELECT count(*) FROM notice) + (SELECT count(*) FROM mail)")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := left(); n != 2*more {
		t.Fatalf("%d rows", n)
	}
	c.Advance(2 * time.Hour)
	for end := time.Now().Add(30 * time.Second); left() != 0; c.Advance(2 * time.Second) {
		if time.Now().After(end) {
			t.Fatalf("%d rows are left", left())
		}
		if _, err := s.Jobs.RunDue(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if passed := c.Now().Sub(clock.Of(time.Now())); passed > 3*time.Hour {
		t.Errorf("it took %v", passed)
	}
}

func contents(t *testing.T, s *apptest.Server) (n int) {
	t.Helper()
	err := filepath.WalkDir(s.Blobs.Root(), func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// certificate writes a certificate for localhost and its key.
func certificate(t *testing.T, dir, name string) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, name+".pem"), filepath.Join(dir, name+".key")
	for path, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "EC PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

func TestOwnCertificate(t *testing.T) {
	dir := t.TempDir()
	cert, key := certificate(t, dir, "own")
	settings, challenge, err := app.TLS(config.Config{Server: config.Server{TLSCert: cert, TLSKey: key}})
	if err != nil || challenge != nil {
		t.Fatal(challenge, err)
	}
	loaded, err := config.Load(config.Given{Flags: map[string]string{"data": t.TempDir(), "listen": "127.0.0.1:0"}, Env: func(string) (string, bool) { return "", false }})
	if err != nil {
		t.Fatal(err)
	}
	loaded.LogLevel = "error"
	a, err := app.New(context.Background(), loaded.Config, app.WithoutDiskWaits())
	if err != nil {
		t.Fatal(err)
	}
	a.TLS = settings
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended, ready := make(chan error, 1), make(chan struct{})
	go func() { ended <- a.Serve(ctx, listener, func() { close(ready) }) }()
	<-ready
	pool := x509.NewCertPool()
	b, _ := os.ReadFile(cert)
	pool.AppendCertsFromPEM(b)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}}
	answer, err := client.Get("https://" + listener.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	if answer.ProtoMajor != 2 || answer.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%s %v", answer.Proto, answer.Header)
	}
	client.CloseIdleConnections()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestWrongCertificate(t *testing.T) {
	dir := t.TempDir()
	cert, _ := certificate(t, dir, "one")
	_, key := certificate(t, dir, "two")
	if _, _, err := app.TLS(config.Config{Server: config.Server{TLSCert: cert, TLSKey: key}}); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
	if settings, challenge, err := app.TLS(config.Config{Server: config.Server{ACMEDomain: []string{"crm.example.com"}}}); err != nil || settings == nil || challenge == nil {
		t.Errorf("%v %v %v", settings, challenge, err)
	}
}
