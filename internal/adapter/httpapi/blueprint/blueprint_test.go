package blueprintapi_test

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"voronka/internal/app/apptest"
	"voronka/internal/blueprint/config"
)

func TestBlueprintOverHTTP(t *testing.T) {
	s := apptest.Start(t, apptest.Options{})
	var list struct {
		Items []struct {
			Code      string
			Title     struct{ RU, EN string }
			Take      int `json:"take_minutes"`
			Pipelines []struct {
				Stages []struct{ Kind string }
			}
		}
	}
	s.Must("GET", "/api/businesses", nil, &list)
	if len(list.Items) != 5 || list.Items[0].Code != "fire" || list.Items[0].Take != 30 || len(list.Items[0].Pipelines) != 3 {
		t.Errorf("%+v", list.Items)
	}
	for _, b := range list.Items {
		if b.Title.RU == "" || b.Title.EN == "" || b.Pipelines[0].Stages[0].Kind != "open" {
			t.Errorf("%+v", b)
		}
	}

	status, document := s.Call("GET", "/api/config", nil)
	if doc, err := config.Read(document); status != http.StatusOK || err != nil || len(doc.Types) < 5 {
		t.Errorf("the configuration: %d, %v", status, err)
	}
	var places struct{ Items []string }
	s.Must("GET", "/api/addresses", nil, &places)
	if len(places.Items) != 0 {
		t.Errorf("a portal on loopback is reached at %v", places.Items)
	}
}

func TestQRCode(t *testing.T) {
	s := apptest.Start(t, apptest.Options{})
	status, picture := s.Call("GET", "/api/qr?text="+url.QueryEscape("https://crm.example.com/f/abc\"><script>"), nil)
	if err := xml.Unmarshal(picture, &struct{ XMLName xml.Name }{}); status != http.StatusOK || err != nil || strings.Contains(string(picture), "script") {
		t.Errorf("%d, %v", status, err)
	}
	for _, text := range []string{"", strings.Repeat("x", 501)} {
		if status, _ := s.Call("GET", "/api/qr?text="+text, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("%d bytes: %d", len(text), status)
		}
	}
}
