package smtptest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// EnvRequire makes the absence of a real mail server a failure.
const EnvRequire = "VORONKA_REQUIRE_MAIL"

// Real is a mail server of the system, Exim, with a configuration of its own: it takes letters over STARTTLS from who signs
// in, and lays them into a folder.
type Real struct {
	Port int
	dir  string
	conf string
	run  *exec.Cmd
	t    testing.TB
}

const eximConf = `
primary_hostname = mail.test
exim_path = %[1]s
spool_directory = %[2]s/spool
log_file_path = %[2]s/log/%%s
pid_file_path =
local_interfaces = 127.0.0.1
daemon_smtp_ports = %[3]d
exim_user = %[4]s
exim_group = %[5]s
deliver_drop_privilege
keep_environment =
add_environment = PATH=/usr/bin
tls_advertise_hosts = *
tls_certificate = %[2]s/cert.pem
tls_privatekey = %[2]s/key.pem
auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
acl_smtp_rcpt = check
acl_smtp_data = accept
acl_smtp_mail = accept
host_lookup =
helo_lookup_domains =
disable_ipv6
smtp_receive_timeout = 10s
dns_retrans = 1s
dns_retry = 1
rfc1413_hosts =
never_users =
queue_only = false
message_size_limit = 1M

begin acl
check:
  deny    domains = refused.test
          message = no such person
  accept  authenticated = *
  deny    message = sign in first

begin routers
all:
  driver = accept
  transport = folder

begin transports
folder:
  driver = appendfile
  directory = %[2]s/mail
  maildir_format = false
  create_directory
  user = %[4]s
  group = %[5]s
  mode_fail_narrower = false

begin retry
*  *  F,1h,1m

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{crm}}{eq{$auth3}{secret}}}}
  server_set_id = $auth2
`

// StartReal starts a real server that ends with the test; where there is none the test is skipped.
func StartReal(t testing.TB, c Certificate) *Real {
	t.Helper()
	program, err := exec.LookPath("exim4")
	if err != nil {
		program = "/usr/sbin/exim4"
		_, err = os.Stat(program)
	}
	if err != nil {
		if os.Getenv(EnvRequire) == "1" {
			t.Fatalf("no exim4, but %s=1", EnvRequire)
		}
		t.Skip("no real mail server: install exim4-daemon-light")
	}
	r := &Real{dir: t.TempDir(), t: t}
	user, group := own(t, r.dir)
	for name, content := range map[string][]byte{"cert.pem": c.Cert, "key.pem": c.Key} {
		r.write(name, content, user)
	}
	for _, name := range []string{"spool", "log", "mail"} {
		if err := os.MkdirAll(filepath.Join(r.dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		give(t, filepath.Join(r.dir, name), user)
	}
	r.Port = free(t)
	r.conf = filepath.Join(r.dir, "exim.conf")
	r.write("exim.conf", fmt.Appendf(nil, eximConf, program, r.dir, r.Port, user, group), "")
	t.Cleanup(r.Stop)
	r.start(program)
	return r
}

func (r *Real) write(name string, content []byte, user string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		r.t.Fatal(err)
	}
	if user != "" {
		give(r.t, path, user)
	}
}

// free is a port nobody listens on.
func free(t testing.TB) int {
	t.Helper()
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

func (r *Real) start(program string) {
	r.t.Helper()
	r.run = exec.Command(program, "-C", r.conf, "-bdf", "-q1m") //nolint:gosec // the program of the system
	r.run.Env = []string{"PATH=/usr/bin:/usr/sbin"}
	// A file, not a pipe: whatever it starts itself must not hold up its end.
	output, err := os.Create(filepath.Join(r.dir, "output"))
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = output.Close() }()
	r.run.Stdout, r.run.Stderr = output, output
	apart(r.run)
	if err := r.run.Start(); err != nil {
		r.t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", r.Port))
		if err == nil {
			_ = c.Close()
			return
		}
		if time.Now().After(end) {
			r.Stop()
			said, _ := os.ReadFile(output.Name())
			r.t.Fatalf("exim doesn't listen: %v\n%s\n%s", err, said, r.Log())
		}
	}
}

// Stop ends the process this test started with what it started itself, and no other.
func (r *Real) Stop() {
	if r.run != nil && r.run.Process != nil {
		end(r.run)
		_ = r.run.Wait()
		r.run = nil
	}
}

// Letters are those that were delivered, as they lie in the folder.
func (r *Real) Letters() []string {
	r.t.Helper()
	var list []string
	names, _ := filepath.Glob(filepath.Join(r.dir, "mail", "*"))
	for _, name := range names {
		b, err := os.ReadFile(name) //nolint:gosec // our own folder
		if err != nil {
			r.t.Fatal(err)
		}
		list = append(list, string(b))
	}
	return list
}

// Log is what the server wrote down, for the report of a failure.
func (r *Real) Log() string {
	var b strings.Builder
	names, _ := filepath.Glob(filepath.Join(r.dir, "log", "*"))
	for _, name := range names {
		text, _ := os.ReadFile(name) //nolint:gosec // our own folder
		b.Write(text)
	}
	return b.String()
}
