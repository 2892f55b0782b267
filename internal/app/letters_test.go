package app_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/work/notify"
)

var linkIn = regexp.MustCompile(`https://crm\.example\.com/(invite|recover)/([\w-]{43})`)

// An invitation and a forgotten password go by letter; when it has left, its secret is nowhere in the database.
func TestLettersWithLinks(t *testing.T) {
	eachDatabase(t, func(t *testing.T, postgres bool) {
		d, _, server := post(t, postgres)
		if status, answer := d.Call("POST", "/api/invitations", `{"emails":["vera@example.com"],"role":"manager","language":"en"}`); status != http.StatusCreated || !strings.Contains(string(answer), `"letter":true`) {
			t.Fatalf("%d %s", status, answer)
		}
		secret := func(n int) string {
			d.until(func() bool { return len(server.Got()) == n }, "letter %d", n)
			found := linkIn.FindStringSubmatch(strings.ReplaceAll(strings.ReplaceAll(server.Got()[n-1].Body, "=\r\n", ""), "=\n", ""))
			if found == nil {
				t.Fatalf("no link in %s", server.Got()[n-1].Body)
			}
			return found[2]
		}
		invitation := secret(1)
		if status, answer := d.Call("POST", "/api/invitation/acceptance", `{"secret":"`+invitation+`","name":"Vera","password":"three long words"}`, "Authorization", ""); status != http.StatusOK {
			t.Fatalf("%d %s", status, answer)
		}
		for _, email := range []string{"vera@example.com", "nobody@example.com"} {
			if status, answer := d.Call("POST", "/api/password-links", `{"email":"`+email+`"}`, "Authorization", ""); status != http.StatusNoContent {
				t.Fatalf("%d %s", status, answer)
			}
		}
		link := secret(2)
		if status, answer := d.Call("POST", "/api/password-link/password", `{"secret":"`+link+`","password":"four longer words"}`, "Authorization", "", "User-Agent", "Firefox/140 Linux"); status != http.StatusOK {
			t.Fatalf("%d %s", status, answer)
		}
		d.until(func() bool {
			kept := int64(0)
			err := d.DB.Read(d.Context(), func(q db.Q) (err error) {
				kept, err = db.Int(q, "SELECT count(*) FROM mail WHERE secret = 1 AND body <> ''")
				return err
			})
			return err == nil && kept == 0
		}, "the secrets are gone")

		// She was never seen with this browser: the bell and a letter say so.
		vera := d.tokenOf(t, "vera@example.com")
		d.until(func() bool {
			list, _ := d.told(vera)
			return len(list) == 1 && list[0].Kind == notify.NewDevice
		}, "the new device is told")
		d.until(func() bool { return len(server.Got()) == 3 }, "the letter about the device")
		if body := server.Got()[2].Body; !strings.Contains(body, "Firefox, Linux") {
			t.Error(body)
		}
	})
}

func (d *desk) tokenOf(t *testing.T, email string) string {
	t.Helper()
	org, err := d.Org.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d.TokenOf(org.ByEmail(email).ID)
}
