package flowapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"voronka/internal/app/apptest"
	"voronka/internal/org/access"
)

type stage struct {
	ID               int64
	Code, Kind, Role string
	TitleRU          string `json:"title_ru"`
	Color            int64
}

type pipe struct {
	ID         int64
	Type, Code string
	Stages     []stage
}

type page[T any] struct{ Items []T }

func codes(p pipe) string {
	var list []string
	for _, s := range p.Stages {
		list = append(list, s.Code)
	}
	return strings.Join(list, " ")
}

func TestPipelinesOverHTTP(t *testing.T) {
	s := apptest.Start(t, apptest.Options{})
	_, manager := s.Person("Anna", access.Manager)
	var list page[pipe]
	s.Must("GET", "/api/pipelines?type=deal", nil, &list, "Authorization", "Bearer "+manager)
	if len(list.Items) != 1 || list.Items[0].Type != "deal" {
		t.Fatalf("%+v", list)
	}
	if status, _ := s.Call("POST", "/api/pipelines", map[string]any{"type": "deal", "title_en": "X"}, "Authorization", "Bearer "+manager); status != http.StatusForbidden {
		t.Errorf("a manager sets up: %d", status)
	}
	var p pipe
	s.Must("POST", "/api/pipelines", map[string]any{"type": "deal", "title_ru": "Опт", "title_en": "Wholesale"}, &p)
	if p.Code != "wholesale" || codes(p) != "new in_work won lost" {
		t.Errorf("%+v", p)
	}
	var added stage
	s.Must("POST", fmt.Sprintf("/api/pipelines/%d/stages", p.ID), map[string]any{"title_en": "Survey", "role": "Engineer"}, &added)
	if added.Code != "survey" || added.Role != "Engineer" {
		t.Errorf("%+v", added)
	}
	s.Must("PUT", fmt.Sprintf("/api/pipelines/%d/stage-order", p.ID), map[string]any{"stages": []int64{added.ID, p.Stages[0].ID, p.Stages[1].ID, p.Stages[2].ID, p.Stages[3].ID}}, &p)
	if codes(p) != "survey new in_work won lost" {
		t.Errorf("%s", codes(p))
	}
	s.Must("PATCH", fmt.Sprintf("/api/stages/%d", added.ID), map[string]any{"title_ru": "Обследование", "color": 3}, &added)
	if added.TitleRU != "Обследование" || added.Color != 3 {
		t.Errorf("%+v", added)
	}
	s.Must("POST", "/api/deals", map[string]any{"title": "A deal", "pipeline": "wholesale"}, nil)
	status, body := s.Call("DELETE", fmt.Sprintf("/api/stages/%d", added.ID), nil)
	if status != http.StatusConflict || !strings.Contains(string(body), `"records":1`) || !strings.Contains(string(body), "holds 1 record") {
		t.Errorf("%d %s", status, body)
	}
	var gone struct{ Pending bool }
	s.Must("DELETE", fmt.Sprintf("/api/stages/%d?move_to=%d", added.ID, p.Stages[1].ID), nil, &gone)
	if !gone.Pending {
		t.Error("nothing has to move")
	}
	for range 200 {
		s.Must("GET", "/api/pipelines", nil, &list)
		if p = list.Items[len(list.Items)-1]; codes(p) == "new in_work won lost" {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	if codes(p) != "new in_work won lost" {
		t.Errorf("it is still there: %s", codes(p))
	}
	for path, want := range map[string]int{"/api/incidents?from=yesterday": 422, "/api/incidents?after=x": 422, "/api/incidents?limit=0": 200} {
		if status, body := s.Call("GET", path, nil); status != want {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	var reason struct {
		ID   int64
		Code string
	}
	s.Must("POST", "/api/lost-reasons", map[string]any{"type": "deal", "title_ru": "Далеко"}, &reason)
	s.Must("PATCH", fmt.Sprintf("/api/lost-reasons/%d", reason.ID), map[string]any{"title_en": "Too far"}, &reason)
	s.Must("DELETE", fmt.Sprintf("/api/lost-reasons/%d", reason.ID), nil, nil)
	if reason.Code != "daleko" {
		t.Errorf("%+v", reason)
	}
}
