package imports

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"voronka/internal/kernel/fault"
)

func TestFilesAreGuessed(t *testing.T) {
	russian := "ФИО;Телефон;E-mail;Компания;Сумма;Кличка кота\nИван;+7 912 345-67-89;i@mail.ru;ООО «Рога»;12 500,50;Мурзик\n"
	windows, err := charmap.Windows1251.NewEncoder().String(russian)
	if err != nil {
		t.Fatal(err)
	}
	columns := []string{"name", "phone", "email", "company", "amount", Kept}
	for _, c := range []struct {
		name, file string
		want       Guess
	}{
		{"russian", russian, Guess{UTF8, ";", true, columns, nil}},
		{"with a mark", "\uFEFF" + russian, Guess{UTF8, ";", true, columns, nil}},
		{"windows", windows, Guess{Windows, ";", true, columns, nil}},
		{"english", "Full name,Phone number,Notes\nAnn,+1 415 555 2671,\"Hello, there\"\n", Guess{UTF8, ",", true, []string{"name", "phone", "comment"}, nil}},
		{"tabs, no heading", "Иван\t89123456789\ta@b.ru\nПётр\t89123456780\tc@d.ru\n", Guess{UTF8, "\t", false, []string{Ignored, "phone", "email"}, nil}},
		{"unknown names, telling contents", "Как звать;Куда звонить\nИван;8 912 345-67-89\nПётр;8 912 345-67-80\n", Guess{UTF8, ";", true, []string{Kept, "phone"}, nil}},
	} {
		g, err := Look(strings.NewReader(c.file))
		if err != nil || g.Encoding != c.want.Encoding || g.Separator != c.want.Separator || g.Header != c.want.Header || !slices.Equal(g.Columns, c.want.Columns) {
			t.Errorf("%s: %+v %v", c.name, g, err)
		}
	}
	for file, key := range map[string]string{"": "import.empty_file", "PK\x03\x04\x00": "import.not_csv", "\xFF\xFEa\x00": "import.not_csv"} {
		if _, err := Look(strings.NewReader(file)); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), key) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func TestRowsBecomeRequests(t *testing.T) {
	f := form{
		columns: []string{"name", "name", "phone", "email", "comment", "amount", Kept, Ignored}, heads: []string{"Фамилия", "Имя", "Телефоны", "Почта", "Заметка", "Сумма", "Кот", "№"},
		source: "base", region: "RU",
	}
	p, err := f.request([]string{"Петров", "Иван", "8 912 345-67-89, +7 921 000-00-01", "", "Звонить утром", "12 500,50 ₽", "Мурзик", "17"})
	if err != nil || p.Name != "Петров Иван" || len(p.Phones) != 2 || p.Comment != "Звонить утром" || p.Amount != "12500.50" || p.Source != "base" || p.More["кот"] != "Мурзик" || p.More["№"] != nil {
		t.Errorf("%+v %v", p, err)
	}
	for _, c := range []struct {
		key   string
		cells []string
	}{
		{"import.bad_phone", []string{"", "Иван", "12"}},
		{"import.bad_email", []string{"", "Иван", "", "нет"}},
		{"import.bad_amount", []string{"", "Иван", "", "", "", "много"}},
		{"import.nobody", []string{"", "", "", "", "", "500"}},
		{"import.too_wide", []string{"", "Иван", "", "", "", "", "", "", "ещё"}},
	} {
		if _, err := f.request(c.cells); err == nil || !strings.Contains(err.Error(), c.key) {
			t.Errorf("%s: %v", c.key, err)
		}
	}
	if p, err := f.request([]string{"", "", ""}); p != nil || err != nil {
		t.Errorf("an empty row: %+v %v", p, err)
	}
}

func TestAmounts(t *testing.T) {
	for cell, want := range map[string]string{"12 500,50 ₽": "12500.50", "12,500.50": "12500.50", "1.234,5": "1234.5", "1,234,567": "1234567", "$99": "99", "-5": "-5", "100 руб.": "100"} {
		if got, ok := number(cell); !ok || got != want {
			t.Errorf("%q: %q %v", cell, got, ok)
		}
	}
	for _, cell := range []string{"", "много", "1..2", "10%", "1-2"} {
		if got, ok := number(cell); ok {
			t.Errorf("%q is taken for %q", cell, got)
		}
	}
}
