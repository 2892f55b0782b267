package demo

import (
	"os"
	"strings"
	"testing"

	"voronka/internal/adapter/sqlstore/dbtest"
)

func TestReplay(t *testing.T) {
	got, err := Replay(t.Context(), Options{Limit: 500, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	if got.Source != Generated || got.Leads != 500 || got.Requests != 500+got.PlantedRepeats || got.PlantedRepeats < 20 {
		t.Errorf("what came: %+v", got)
	}
	if got.Repeats != got.PlantedRepeats || got.MissedRepeats != 0 || got.FalseRepeats != 0 {
		t.Errorf("who was recognised: %+v", got)
	}
	if got.Lost != 0 || got.DoubleOffers != 0 || got.Taken+got.Waiting != got.Leads {
		t.Errorf("what was lost: %+v", got)
	}
	if got.Misses == 0 || got.Misses != got.Incidents || got.Escalations == 0 || got.Offers != got.Leads+got.Misses {
		t.Errorf("offers: %+v", got)
	}
	least, most := got.Requests, 0
	for name, one := range got.ByPerson {
		least, most = min(least, one.Offers), max(most, one.Offers)
		if one.Taken+one.Missed > one.Offers || one.Share <= 0 || one.Share >= 1 {
			t.Errorf("%s: %+v", name, *one)
		}
	}
	if len(got.ByPerson) != 6 || float64(most-least) > float64(most)*0.02+3 {
		t.Errorf("shares: %v", got.ByPerson)
	}
	again, err := Replay(t.Context(), Options{Limit: 500, Seed: 7})
	again.Seconds = got.Seconds
	if err != nil || again.Misses != got.Misses || again.Taken != got.Taken || again.Offers != got.Offers {
		t.Errorf("the second run differs: %+v, %+v, %v", got, again, err)
	}
}

func TestParseLeads(t *testing.T) {
	list, err := parseLeads(strings.NewReader("mql_id,first_contact_date,landing_page_id,origin\na,01-02-2018,p,social\nb,20-10-2017,q,\n"), newRand(1))
	if err != nil || len(list) != 2 || list[0].at.Format("2006-01-02") != "2017-10-20" || list[1].origin != "social" {
		t.Errorf("%+v %v", list, err)
	}
	for _, bad := range []string{"", "h\na,b\n", "h\na,2018-13-01,p,o\n"} {
		if _, err := parseLeads(strings.NewReader(bad), newRand(1)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func TestPeopleAreDifferent(t *testing.T) {
	phones, emails := map[string]bool{}, map[string]bool{}
	r := newRand(1)
	for n := range 20_000 {
		p := newPerson(r, n, "ru")
		if len(p.digits) != 10 || phones[p.digits] || p.email != "" && emails[p.email] {
			t.Fatalf("person %d: %+v", n, p)
		}
		phones[p.digits], emails[p.email] = true, true
	}
}

// TestReplayOfOlist plays a part of the real stream where it is.
func TestReplayOfOlist(t *testing.T) {
	const folder = "../../../shared/data/leads-olist"
	if _, err := os.Stat(folder); err != nil {
		t.Skip("no ../shared/data/leads-olist beside the project: ", err)
	}
	got, err := Replay(t.Context(), Options{Leads: folder, Limit: 200, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got.Source != Olist || got.Leads != 200 || got.Repeats != got.PlantedRepeats || got.Lost+got.DoubleOffers != 0 {
		t.Errorf("%+v", got)
	}
}

// TestReplayOnPostgres plays a short stream on the other database.
func TestReplayOnPostgres(t *testing.T) {
	got, err := Replay(t.Context(), Options{Limit: 150, Seed: 3, Database: dbtest.PostgresOptions(t).DSN})
	if err != nil {
		t.Fatal(err)
	}
	if got.Leads != 150 || got.Repeats != got.PlantedRepeats || got.Lost+got.DoubleOffers != 0 || got.Taken+got.Waiting != got.Leads {
		t.Errorf("%+v", got)
	}
}
