package config

import (
	"encoding"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"voronka/internal/kernel/fault"
)

// File is the name of the settings file in the data folder.
const File = "voronka.yaml"

// Source says where a value came from.
type Source string

// The sources, the strongest first.
const (
	Flag        Source = "flag"
	Environment Source = "environment"
	FromFile    Source = "file"
	Default     Source = "default"
)

// Given is what a setting may come from beside the file.
type Given struct {
	Flags map[string]string // by name, those that were given
	Env   func(name string) (string, bool)
	Data  string // data folder when nothing names one; default voronka-data
}

// Setting is one setting with its effective value.
type Setting struct {
	Name, Env, Doc, DocRU, Default string
	Secret                         bool
	Source                         Source
	value                          reflect.Value
}

// Value writes the value as it would stand in a file.
func (s Setting) Value() string { return text(s.value) }

// Shown is Value, but secrets are masked.
func (s Setting) Shown() string {
	if v := s.Value(); v == "" || !s.Secret {
		return v
	}
	return "********"
}

// Loaded are the settings with their sources.
type Loaded struct {
	Config
	Settings []Setting
}

// Load puts the settings together. Faults: config.bad for a value that can't be, config.unknown for a key of the file
// that is none, config.file for a file that can't be read.
func Load(g Given) (*Loaded, error) {
	l := &Loaded{}
	l.Settings = settings(&l.Config)
	if g.Env == nil {
		g.Env = os.LookupEnv
	}
	data := &l.Settings[slices.IndexFunc(l.Settings, func(s Setting) bool { return s.Name == "data" })]
	if g.Data != "" {
		data.Default = g.Data
	}
	if err := data.take(g, nil); err != nil { // the folder tells where the file is
		return nil, err
	}
	file, err := readFile(filepath.Join(l.Data, File), l.Settings)
	if err != nil {
		return nil, err
	}
	delete(file, "data")
	for i := range l.Settings {
		if err := l.Settings[i].take(g, file); err != nil {
			return nil, err
		}
	}
	return l, l.check()
}

// take finds the value of one setting.
func (s *Setting) take(g Given, file map[string]string) error {
	value, source := s.Default, Default
	if v, ok := file[s.Name]; ok {
		value, source = v, FromFile
	}
	if v, ok := g.Env(s.Env); ok && v != "" {
		value, source = v, Environment
	}
	if v, ok := g.Flags[s.Name]; ok {
		value, source = v, Flag
	}
	s.Source = source
	if err := parse(s.value, value); err != nil {
		return &fault.Error{Code: fault.Invalid, Key: "config.bad", Args: fault.Args{"name": s.Name, "source": string(source)}, Err: err}
	}
	return nil
}

// settings lists the fields of c, in order.
func settings(c *Config) []Setting {
	var all []Setting
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.Anonymous {
				walk(v.Field(i))
				continue
			}
			name := f.Tag.Get("name")
			all = append(all, Setting{
				Name: name, Env: "VORONKA_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_")), Doc: f.Tag.Get("doc"),
				DocRU: f.Tag.Get("ru"), Default: f.Tag.Get("def"), Secret: f.Tag.Get("secret") != "", value: v.Field(i),
			})
		}
	}
	walk(reflect.ValueOf(c).Elem())
	return all
}

// parse reads the text of a value.
func parse(v reflect.Value, s string) error {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(s))
	}
	if v.Type() == reflect.TypeFor[time.Duration]() {
		d, err := time.ParseDuration(s)
		if err == nil && d <= 0 {
			err = errors.New("not above zero")
		}
		v.SetInt(int64(d))
		return err
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Bool:
		b, err := strconv.ParseBool(s)
		v.SetBool(b)
		return err
	case reflect.Int:
		n, err := strconv.Atoi(s)
		if err == nil && n <= 0 {
			err = errors.New("not above zero")
		}
		v.SetInt(int64(n))
		return err
	case reflect.Float64:
		n, err := strconv.ParseFloat(s, 64)
		if err == nil && !(n > 0 && n < 1e12) {
			err = errors.New("not above zero")
		}
		v.SetFloat(n)
		return err
	case reflect.Slice:
		list := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
		v.Set(reflect.ValueOf(list))
	default:
		return fmt.Errorf("settings can't be %s", v.Type())
	}
	return nil
}

func text(v reflect.Value) string {
	if list, ok := v.Interface().([]string); ok {
		return strings.Join(list, ",")
	}
	return fmt.Sprint(v.Interface())
}

// readFile reads the settings file; one that isn't there is empty.
func readFile(path string, known []Setting) (map[string]string, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var raw map[string]any
	if err == nil {
		err = yaml.Unmarshal(b, &raw)
	}
	if err != nil {
		return nil, &fault.Error{Code: fault.Invalid, Key: "config.file", Args: fault.Args{"path": path, "detail": err.Error()}, Err: err}
	}
	values := map[string]string{}
	for name, v := range raw {
		if !slices.ContainsFunc(known, func(s Setting) bool { return s.Name == name }) {
			return nil, fault.New(fault.Invalid, "config.unknown", fault.Args{"name": name, "path": path})
		}
		if list, ok := v.([]any); ok {
			words := make([]string, len(list))
			for i, w := range list {
				words[i] = fmt.Sprint(w)
			}
			v = strings.Join(words, ",")
		}
		if v == nil {
			v = ""
		}
		values[name] = fmt.Sprint(v)
	}
	return values, nil
}

// All lists the settings without values.
func All() []Setting { return settings(&Config{}) }

// About is the documentation of a setting.
func (s Setting) About(lang string) string {
	if lang == "ru" {
		return s.DocRU
	}
	return s.Doc
}

// Text writes the value of a setting's field as it stands in a file.
func Text(v reflect.Value) string { return text(v) }
