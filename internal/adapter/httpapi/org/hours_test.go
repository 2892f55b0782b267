package orgapi_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"voronka/internal/kernel/clock"
)

// staff is a portal with a head, Boris, and his manager Anna.
func staff(d *door) (boris, anna *door, borisID, annaID int64) {
	d.t.Helper()
	d.clock.Set(clock.Of(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))) // Friday, 13:00 in Moscow
	d.begin()
	find := func(email string) map[string]any {
		for _, item := range d.ask("GET", "/api/users", "", 200)["items"].([]any) {
			if u := item.(map[string]any); u["email"] == email {
				return u
			}
		}
		d.t.Fatalf("nobody is %s", email)
		return nil
	}
	b := find("boris@example.com")
	borisID = int64(b["id"].(float64))
	department := strconv.Itoa(int(b["department"].(float64)))
	d.ask("PATCH", "/api/users/"+strconv.FormatInt(borisID, 10), `{"password":"correct horse"}`, 200)
	d.ask("POST", "/api/users", `{"name":"Anna","email":"anna@example.com","role":"manager","department":`+department+`,"zone":"Asia/Vladivostok","password":"correct horse"}`, 201)
	annaID = int64(find("anna@example.com")["id"].(float64))
	return d.as("boris@example.com", "correct horse"), d.as("anna@example.com", "correct horse"), borisID, annaID
}

func items(answer map[string]any) []any { return answer["items"].([]any) }

func TestSchedulesByTheAPI(t *testing.T) {
	each(t, func(d *door) {
		boris, anna, borisID, annaID := staff(d)
		own := "/api/schedules/person/" + strconv.FormatInt(annaID, 10)
		late := `{"week":{"fri":["12:00-20:00"]},"dates":{"2026-11-23":[]},"country":"none"}`
		if list := items(anna.ask("GET", "/api/schedules", "", 200)); len(list) != 1 || list[0].(map[string]any)["country"] != "RU" {
			t.Errorf("%v", list)
		}
		anna.ask("PUT", own, late, 403)
		boris.ask("PUT", "/api/schedules/person/"+strconv.FormatInt(borisID, 10), late, 403)
		boris.ask("PUT", "/api/schedules/portal/0", late, 403)
		s := boris.ask("PUT", own, late, 200)
		if week := s["effective"].(map[string]any)["week"].(map[string]any); len(week) != 1 || s["country"] != "none" || s["editable"] != true {
			t.Errorf("%v", s)
		}
		if s := anna.ask("GET", own, "", 200); s["editable"] != false {
			t.Errorf("%v", s)
		}
		anna.ask("GET", "/api/schedules/person/"+strconv.FormatInt(borisID, 10), "", 404)
		for _, bad := range []string{`{"week":{"fri":["20:00-12:00"]}}`, `{"zone":"Local","week":{}}`, `{"dates":{"soon":[]}}`, `{"week":{"fryday":["12:00-20:00"]}}`} {
			d.ask("PUT", own, bad, 422)
		}
		boris.ask("DELETE", own, "", 204)
		if list := items(anna.ask("GET", "/api/schedules", "", 200)); len(list) != 1 {
			t.Errorf("%v", list)
		}
		p := d.ask("PUT", "/api/schedules/portal/0", `{"week":{"mon":["10:00-14:00"]},"country":"KZ"}`, 200)
		if p["country"] != "KZ" || len(d.ask("GET", "/api/portal", "", 200)["worktime"].(map[string]any)["week"].(map[string]any)) != 1 {
			t.Errorf("%v", p)
		}
		zoned := func() (portal, hours any) {
			p := d.ask("GET", "/api/portal", "", 200)
			return p["zone"], p["worktime"].(map[string]any)["zone"]
		}
		d.ask("PUT", "/api/schedules/portal/0", `{"zone":"Asia/Omsk"}`, 200)
		if portal, hours := zoned(); portal != "Asia/Omsk" || hours != "Asia/Omsk" {
			t.Errorf("%v %v", portal, hours)
		}
		d.ask("PATCH", "/api/portal", `{"zone":"Asia/Almaty"}`, 200)
		if portal, hours := zoned(); portal != "Asia/Almaty" || hours != "Asia/Almaty" {
			t.Errorf("%v %v", portal, hours)
		}
		d.ask("PATCH", "/api/portal", `{"zone":"Asia/Nowhere"}`, 422)
	})
}

func TestCalendarByTheAPI(t *testing.T) {
	each(t, func(d *door) {
		boris, anna, _, _ := staff(d)
		days := func() (list []any) { return items(anna.ask("GET", "/api/calendar-days?year=2026", "", 200)) }
		shipped := len(days())
		if shipped < 20 {
			t.Fatalf("%d days of 2026", shipped)
		}
		boris.ask("PUT", "/api/calendar-days/RU/2026-11-23", `{"kind":"off"}`, 403)
		day := d.ask("PUT", "/api/calendar-days/RU/2026-11-23", `{"kind":"off","title":" Company   day "}`, 200)
		if day["title"] != "Company day" || day["edited"] != true || len(days()) != shipped+1 {
			t.Errorf("%v", day)
		}
		d.ask("PUT", "/api/calendar-days/RU/2026-11-23", `{"kind":"lazy"}`, 422)
		d.ask("PUT", "/api/calendar-days/RU/2026-13-45", `{"kind":"off"}`, 422)
		d.ask("DELETE", "/api/calendar-days/RU/2026-11-23", "", 204)
		if len(days()) != shipped {
			t.Error("the edit is still there")
		}
		answer := d.ask("POST", "/api/calendar-imports", `{"country":"RU","text":"2027-01-01,off\n32.01.2027,off\nx"}`, 200)
		if answer["taken"] != 1.0 || len(answer["wrong"].([]any)) != 2 || !strings.Contains(answer["wrong"].([]any)[0].(map[string]any)["message"].(string), "date") {
			t.Errorf("%v", answer)
		}
		for _, c := range items(anna.ask("GET", "/api/calendars", "", 200)) {
			if c := c.(map[string]any); c["country"] == "RU" && (c["last_year"] != 2027.0 || c["shipped"] != 2026.0 || c["portal"] != true) {
				t.Errorf("%v", c)
			}
		}
	})
}

func TestAbsencesByTheAPI(t *testing.T) {
	each(t, func(d *door) {
		boris, anna, borisID, annaID := staff(d)
		who := func(id int64) string { return `"user":` + strconv.FormatInt(id, 10) }
		anna.ask("POST", "/api/absences", `{`+who(annaID)+`,"kind":"sick","first":"2026-11-20","last":"2026-11-24"}`, 403)
		made := boris.ask("POST", "/api/absences", `{`+who(annaID)+`,"kind":"sick","first":"2026-11-20","last":"2026-11-24","substitute":`+strconv.FormatInt(borisID, 10)+`,"note":"Flu"}`, 201)
		d.ask("POST", "/api/absences", `{`+who(borisID)+`,"kind":"day_off","first":"2026-11-20","last":"2026-11-20","from":"12:00","to":"14:00"}`, 201)
		d.ask("POST", "/api/absences", `{`+who(borisID)+`,"kind":"vacation","first":"2026-12-01","last":"2026-12-14"}`, 201)
		list := items(anna.ask("GET", "/api/absences?to=2026-12-31", "", 200))
		if len(list) != 2 {
			t.Fatalf("Anna sees her own and that Boris is away now: %v", list)
		}
		for _, item := range list {
			a := item.(map[string]any)
			his := a["user"].(float64) == float64(borisID)
			if his && (a["kind"] != "" || a["note"] != "" || a["id"] != 0.0 || a["first"] != "" || a["away_until"] != "2026-11-20T11:00:00Z") {
				t.Errorf("more than may be known: %v", a)
			}
			if !his && (a["note"] != "Flu" || a["editable"] != false) {
				t.Errorf("%v", a)
			}
		}
		if list := items(d.ask("GET", "/api/absences?to=2026-12-31", "", 200)); len(list) != 3 {
			t.Errorf("%v", list)
		}
		one := "/api/absences/" + strconv.Itoa(int(made["id"].(float64)))
		anna.ask("DELETE", one, "", 403)
		changed := boris.ask("PATCH", one, `{"last":"2026-11-20","from":"09:00","to":"10:30"}`, 200)
		if changed["last"] != "2026-11-20" || changed["from"] != "09:00" || changed["to"] != "10:30" || changed["note"] != "Flu" {
			t.Errorf("%v", changed)
		}
		boris.ask("PATCH", one, `{"to":"half past"}`, 422)
		boris.ask("DELETE", one, "", 204)
		boris.ask("DELETE", one, "", 404)
	})
}

func TestWorkingDayByTheAPI(t *testing.T) {
	each(t, func(d *door) {
		boris, anna, _, annaID := staff(d)
		d.clock.Set(clock.Of(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))) // Monday, 10:00 in Vladivostok
		if day := anna.ask("GET", "/api/working-day", "", 200); day["state"] != "not_started" || day["day"] != "2026-11-23" || day["works"] != true || day["planned_seconds"] != 9.0*3600 {
			t.Errorf("%v", day)
		}
		anna.ask("POST", "/api/working-day", `{"act":"pause"}`, 409)
		anna.ask("POST", "/api/working-day", `{"act":"dance"}`, 422)
		anna.ask("POST", "/api/working-day", `{"act":"start"}`, 200)
		d.clock.Advance(90 * time.Minute)
		if day := anna.ask("POST", "/api/working-day", `{"act":"pause"}`, 200); day["state"] != "paused" || day["worked_seconds"] != 5400.0 {
			t.Errorf("%v", day)
		}
		days := "/api/working-days?from=2026-11-23&to=2026-11-29"
		if list := items(boris.ask("GET", days, "", 200)); len(list) != 1 || list[0].(map[string]any)["editable"] != true {
			t.Errorf("%v", list)
		}
		if list := items(d.ask("GET", days, "", 200)); len(list) != 1 {
			t.Errorf("%v", list)
		}
		boris.ask("GET", "/api/working-days?from=2026-11-23&to=2027-11-29", "", 422)
		one := "/api/working-days/" + strconv.FormatInt(annaID, 10) + "/2026-11-23"
		body := `{"spans":[{"kind":"work","from":"2026-11-22T23:00:00Z","to":"2026-11-23T01:30:00Z"}],"reason":"Came earlier"}`
		anna.ask("PUT", one, body, 403)
		boris.ask("PUT", one, strings.Replace(body, "Came earlier", "", 1), 422)
		day := boris.ask("PUT", one, body, 200)
		fixes := day["corrections"].([]any)
		if day["worked_seconds"] != 9000.0 || day["state"] != "finished" || len(fixes) != 1 || len(fixes[0].(map[string]any)["before"].([]any)) != 2 {
			t.Errorf("%v", day)
		}
		if list := items(anna.ask("GET", days, "", 200)); len(list) != 1 || list[0].(map[string]any)["editable"] != false || len(list[0].(map[string]any)["corrections"].([]any)) != 1 {
			t.Errorf("she sees what was corrected: %v", list)
		}
	})
}
