package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"voronka/internal/kernel/fault"
)

func given(dir string, flags, env map[string]string) Given {
	if flags == nil {
		flags = map[string]string{}
	}
	flags["data"] = dir
	return Given{Flags: flags, Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
}

func TestFlagBeatsEnvironmentBeatsFileBeatsDefault(t *testing.T) {
	dir := t.TempDir()
	file := "listen: 1.1.1.1:1\nin-flight: 5\nlimit-body: 2MB\ntrusted-proxies: [10.0.0.0/8, 127.0.0.1]\nmetrics-token: hidden\n"
	if err := os.WriteFile(filepath.Join(dir, File), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := Load(given(dir, map[string]string{"listen": "3.3.3.3:3"}, map[string]string{"VORONKA_LISTEN": "2.2.2.2:2", "VORONKA_IN_FLIGHT": "7", "VORONKA_DATA": "elsewhere"}))
	if err != nil {
		t.Fatal(err)
	}
	if l.Listen != "3.3.3.3:3" || l.InFlight != 7 || l.LimitBody != 2<<20 || l.LimitUpload != 100<<20 || len(l.TrustedProxies) != 2 || l.Data != dir {
		t.Errorf("%+v", l.Config)
	}
	want := map[string]Source{"listen": Flag, "in-flight": Environment, "limit-body": FromFile, "limit-upload": Default, "data": Flag}
	for _, s := range l.Settings {
		if from, ok := want[s.Name]; ok && s.Source != from {
			t.Errorf("%s comes from %s, want %s", s.Name, s.Source, from)
		}
		if strings.Contains(s.Shown(), "hidden") {
			t.Errorf("%s shows a secret", s.Name)
		}
	}
}

func TestWrongSettingsAreNamed(t *testing.T) {
	for _, test := range []struct {
		file  string
		flags map[string]string
		key   string
	}{
		{"in-flight: many", nil, "config.bad"},
		{"lisen: x", nil, "config.unknown"},
		{"a: [", nil, "config.file"},
		{"", map[string]string{"limit-body": "12 apples"}, "config.bad"},
		{"", map[string]string{"limit-body": "-1"}, "config.bad"},
		{"", map[string]string{"request-timeout": "-5s"}, "config.bad"},
		{"", map[string]string{"rate-per-second": "NaN"}, "config.bad"},
		{"", map[string]string{"log-level": "loud"}, "config.bad"},
		{"", map[string]string{"base-url": "crm.example.com"}, "config.bad"},
		{"", map[string]string{"base-url": "https://crm.example.com/deep"}, "config.bad"},
		{"", map[string]string{"trusted-proxies": "10.0.0.0/99"}, "config.bad"},
		{"", map[string]string{"tls-cert": "x.pem"}, "config.tls_pair"},
		{"", map[string]string{"tls-cert": "x.pem", "tls-key": "y.pem", "acme-domain": "a.example"}, "config.tls_twice"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, File), []byte(test.file), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(given(dir, test.flags, nil))
		var f *fault.Error
		if !errors.As(err, &f) || f.Key != test.key {
			t.Errorf("%q %v: %v, want %s", test.file, test.flags, err, test.key)
		}
	}
}

func TestEverySettingIsDocumentedAndItsDefaultIsRead(t *testing.T) {
	l, err := Load(given(t.TempDir(), nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range l.Settings {
		if s.Name == "" || s.Doc == "" || s.DocRU == "" || seen[s.Name] {
			t.Errorf("%+v", s)
		}
		seen[s.Name] = true
		for _, lang := range []string{"ru", "en"} {
			if !strings.Contains(Reference(lang), "`"+s.Env+"`") {
				t.Errorf("%s is not in the %s reference", s.Env, lang)
			}
		}
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]Size{"0": 0, "512": 512, "1KB": 1 << 10, "3 mb": 3 << 20, "2GB": 2 << 30} {
		var s, again Size
		if err := s.UnmarshalText([]byte(text)); err != nil || s != want {
			t.Errorf("%q: %d %v, want %d", text, s, err, want)
		}
		if err := again.UnmarshalText([]byte(s.String())); err != nil || again != s {
			t.Errorf("%d is written as %q", s, s)
		}
	}
	var s Size
	for _, text := range []string{"", "MB", "1.5MB", "-1", "9999999999999GB"} {
		if err := s.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read as %d", text, s)
		}
	}
}
