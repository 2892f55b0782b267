package app

import (
	"crypto/tls"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/crypto/acme/autocert"

	"voronka/internal/config"
	"voronka/internal/kernel/fault"
)

// TLS is how connections are encrypted by the settings; nil for not at all. challenge answers the checks of Let's Encrypt
// on port 80 and sends everybody else to https; nil when it isn't needed.
func TLS(c config.Config) (settings *tls.Config, challenge http.Handler, err error) {
	switch {
	case len(c.ACMEDomain) > 0:
		m := &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(filepath.Join(c.Data, "acme")), HostPolicy: autocert.HostWhitelist(c.ACMEDomain...), Email: c.ACMEEmail}
		settings = m.TLSConfig()
		settings.MinVersion = tls.VersionTLS12
		return settings, m.HTTPHandler(nil), nil
	case c.TLSCert != "":
		k := &keyPair{cert: c.TLSCert, key: c.TLSKey}
		if _, err := k.get(nil); err != nil {
			return nil, nil, &fault.Error{Code: fault.Invalid, Key: "cli.certificate", Args: fault.Args{"detail": err.Error()}, Err: err}
		}
		return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: k.get}, nil, nil
	}
	return nil, nil, nil
}

// keyPair is a certificate that is read anew when its file changes, looked at once a minute.
type keyPair struct {
	cert, key string

	mu     sync.Mutex
	loaded *tls.Certificate
	time   time.Time // of the file
	looked time.Time
}

func (k *keyPair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.loaded != nil && time.Since(k.looked) < time.Minute {
		return k.loaded, nil
	}
	k.looked = time.Now()
	info, err := os.Stat(k.cert)
	if err == nil && k.loaded != nil && info.ModTime().Equal(k.time) {
		return k.loaded, nil
	}
	if err == nil {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(k.cert, k.key); err == nil {
			k.loaded, k.time = &pair, info.ModTime()
		}
	}
	if k.loaded != nil { // half-written files are looked at again
		return k.loaded, nil
	}
	return nil, err
}
