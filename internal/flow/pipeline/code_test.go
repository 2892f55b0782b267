package pipeline

import (
	"testing"

	"pgregory.net/rapid"

	"voronka/internal/record/schema"
)

func TestCode(t *testing.T) {
	taken := map[string]bool{"prodazhi": true, "prodazhi_2": true}
	for title, want := range map[string]string{
		"Продажи":               "prodazhi_3",
		"Сметный отдел":         "smetnyy_otdel",
		"Объём работ, ₽":        "obem_rabot",
		"  New — in  WORK ":     "new_in_work",
		"2-й этап":              "stage_2_y_etap",
		"……":                    "stage",
		"Щётка для электрощита": "schetka_dlya_elektroschita",
	} {
		if got := Code(title, "stage", taken); got != want {
			t.Errorf("Code(%q) = %q, want %q", title, got, want)
		}
	}
}

func TestCodeIsAlwaysGoodAndFree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		taken := map[string]bool{}
		for _, title := range rapid.SliceOfN(rapid.StringMatching(`[a-cа-вЁ0-9 ._-]{0,60}`), 1, 20).Draw(t, "titles") {
			code := Code(title, "stage", taken)
			if err := schema.CheckCode("code", code); err != nil {
				t.Fatalf("%q gives %q: %v", title, code, err)
			}
			if taken[code] {
				t.Fatalf("%q gives %q, which is taken", title, code)
			}
			taken[code] = true
		}
	})
}
