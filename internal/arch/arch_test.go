package arch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// houses from the ground up: a house knows only what stands before it.
var houses = []string{"kernel", "expr", "org", "record", "flow", "sales", "work", "channel", "insight", "blueprint"}

// rooms of the houses from the ground up: a room imports only rooms before it. A house that isn't here has one room.
var rooms = map[string][]string{
	"kernel": {"clock", "ref", "fault", "textkey", "money", "page", "event", "job", "tx"},
	"org":    {"access", "accessjournal", "role", "worktime", "calendar", "portal", "user", "department", "directory", "attendance", "session", "oidc", "account", "setup"},
	"record": {"schema", "currency", "journal", "file", "record", "activity", "bin", "query"},
	"flow":   {"pipeline", "stage", "deadline", "incident"},
	"sales":  {"client", "drum", "routing", "form", "intake", "imports"},
	"work":   {"mail", "notify"},

	"blueprint": {"config", "business"},
}

// pure libraries that rooms may use beside the standard library.
var pure = []string{
	"golang.org/x/text/", "github.com/nyaruka/phonenumbers", "github.com/cockroachdb/apd/", "golang.org/x/crypto/argon2",
	"golang.org/x/net/idna", "gopkg.in/yaml.v3",
}

// outside are packages that speak to the world; only adapters and what composes them may.
var outside = []string{"database/sql", "net/http", "os/exec", "net/smtp"}

func TestHousesStandOnLowerOnes(t *testing.T) {
	for _, f := range files(t) {
		house, room := f.place()
		if rank(houses, house) < 0 || f.test() {
			continue
		}
		for _, imported := range f.imports {
			path, ours := strings.CutPrefix(imported, "voronka/internal/")
			if !ours {
				continue
			}
			toHouse, toRoom := split(path)
			switch {
			case rank(houses, toHouse) < 0:
				t.Errorf("%s imports %s: a house knows no adapter, app or tool", f.path, imported)
			case rank(houses, toHouse) > rank(houses, house):
				t.Errorf("%s imports %s: the lower house %q must not know the higher %q", f.path, imported, house, toHouse)
			case toHouse == house && toRoom != room && room != "" && rank(rooms[house], toRoom) >= rank(rooms[house], room):
				t.Errorf("%s imports %s: inside a house a room imports only lower ones", f.path, imported)
			}
		}
	}
}

func TestEveryRoomHasARank(t *testing.T) {
	for _, f := range files(t) {
		house, room := f.place()
		if list, ranked := rooms[house]; ranked && rank(list, room) < 0 {
			t.Errorf("%s: room %q of house %q is not in the list of rooms", f.path, room, house)
		}
	}
}

func TestRoomsDoNotSpeakToTheOutside(t *testing.T) {
	for _, f := range files(t) {
		house, _ := f.place()
		if rank(houses, house) < 0 || f.test() {
			continue
		}
		for _, imported := range f.imports {
			if rank(outside, imported) >= 0 {
				t.Errorf("%s imports %s: only adapters speak to the outside", f.path, imported)
			}
			if strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") && !hasPrefix(imported, pure) {
				t.Errorf("%s imports %s: a room uses the standard library and the pure libraries listed here", f.path, imported)
			}
		}
	}
}

func TestProgramDoesNotUseHelpersOfTests(t *testing.T) {
	for _, f := range files(t) {
		for _, imported := range f.imports {
			if !f.test() && strings.HasPrefix(imported, "voronka/") && strings.HasSuffix(imported, "test") {
				t.Errorf("%s imports %s: helpers of tests are for tests", f.path, imported)
			}
		}
	}
}

func TestAdaptersDoNotKnowEachOther(t *testing.T) {
	for _, f := range files(t) {
		house, language := f.place()
		if house != "adapter" || f.test() {
			continue
		}
		for _, imported := range f.imports {
			path, ours := strings.CutPrefix(imported, "voronka/internal/adapter/")
			if ours && strings.SplitN(path, "/", 2)[0] != language {
				t.Errorf("%s imports %s: adapters meet only in app", f.path, imported)
			}
			if strings.HasPrefix(imported, "voronka/internal/app") || strings.HasPrefix(imported, "voronka/internal/cli") {
				t.Errorf("%s imports %s: an adapter is below app", f.path, imported)
			}
		}
	}
}

func TestOnlyTheClockReadsTheTime(t *testing.T) {
	for _, f := range files(t) {
		house, room := f.place()
		if rank(houses, house) < 0 || f.test() || house == "kernel" && room == "clock" {
			continue
		}
		source, err := os.ReadFile(f.path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(source), "time.Now()") {
			t.Errorf("%s asks the operating system for the time: take it from the transaction or a clock", f.path)
		}
	}
}

func TestRepositoriesWantAPlan(t *testing.T) {
	// Whatever reads records for a person lives in recordquery, and each exported method there takes a plan or a person.
	for _, f := range files(t) {
		if !strings.Contains(filepath.ToSlash(f.path), "adapter/sqlstore/recordquery/") || f.test() {
			continue
		}
		for _, m := range f.exportedMethods() {
			if m.readsRecords && !m.takesPlan {
				t.Errorf("%s: %s reads records without an access plan or a person", f.path, m.name)
			}
		}
	}
}
