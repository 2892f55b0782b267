package config

import (
	"fmt"
	"strings"
)

// Reference is the documentation of all settings as Markdown, made from the struct itself.
func Reference(lang string) string {
	head := "| Setting | Environment | Default | |\n|---|---|---|---|\n"
	intro := "# Settings\n\nA flag (`--listen`) wins over the environment (`VORONKA_LISTEN`), that over the file `voronka.yaml` in the data folder, that over the default.\n\n"
	if lang == "ru" {
		head = "| Настройка | Переменная | По умолчанию | |\n|---|---|---|---|\n"
		intro = "# Настройки\n\nФлаг (`--listen`) сильнее переменной окружения (`VORONKA_LISTEN`), она сильнее файла `voronka.yaml` в папке данных, а он — значения по умолчанию.\n\n"
	}
	var b strings.Builder
	b.WriteString(intro + head)
	for _, s := range settings(&Config{}) {
		doc, def := s.Doc, s.Default
		if lang == "ru" {
			doc = s.DocRU
		}
		if def != "" {
			def = "`" + def + "`"
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", s.Name, s.Env, def, doc)
	}
	return b.String()
}
