// Package texts says things in the reader's language. Rooms speak in keys ("user.email_taken") with arguments; the
// sentences lie in ru/*.yaml and en/*.yaml, one file per part of the program, the same keys in both. Screens have their own
// catalogues in web; here is what the server says: problems, hosted forms, the command line.
//
// A file is a map of keys to sentences; maps inside each other are joined with dots:
//
//	user:
//	  email_taken: С адресом {email} уже есть сотрудник
//	drum:
//	  waiting: "{n, plural, one {Ждёт # запрос} few {Ждут # запроса} other {Ждут # запросов}}"
//
// The sentences are a small part of ICU MessageFormat:
//
//	{name}                              the argument; whole numbers get thousands separators, an argument with a method
//	                                    In(lang string) string is asked, everything else is printed as it is
//	{n, plural, =0 {…} one {…} few {…} many {…} other {…}}
//	                                    by the rules of CLDR: ru knows one few many (many stands for other as well), en
//	                                    one other; =N wins; # is the number; other is required in en, many or other in ru
//	{x, select, a {…} other {…}}        by the text of the argument
//	'{' '}' or ''                       the characters themselves
package texts

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

// Langs are the languages there are texts in, the first is the default.
var Langs = []string{"ru", "en"}

//go:embed ru en
var files embed.FS

// Catalogue are the texts of one language. It is read-only.
type Catalogue struct {
	lang  string
	texts map[string]message
}

var catalogues = sync.OnceValue(func() map[string]*Catalogue {
	all := map[string]*Catalogue{}
	for _, lang := range Langs {
		c, err := load(files, lang)
		if err != nil {
			panic("texts: " + err.Error()) // embedded: a test finds it
		}
		all[lang] = c
	}
	return all
})

// For gives the texts of a language; an unknown one means the first of Langs.
func For(lang string) *Catalogue {
	all := catalogues()
	if c := all[lang]; c != nil {
		return c
	}
	return all[Langs[0]]
}

// Lang is the language of the catalogue.
func (c *Catalogue) Lang() string { return c.lang }

// Has tells whether there is a text under the key.
func (c *Catalogue) Has(key string) bool { _, ok := c.texts[key]; return ok }

// Keys lists all keys in order.
func (c *Catalogue) Keys() []string {
	keys := make([]string, 0, len(c.texts))
	for k := range c.texts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Say gives the sentence of a key. A key that isn't there is said as it is: ugly, but the reader can report it.
func (c *Catalogue) Say(key string, args map[string]any) string {
	m, ok := c.texts[key]
	if !ok {
		return key
	}
	var b strings.Builder
	m.write(&b, c.lang, args, "")
	return b.String()
}

func load(fsys fs.FS, lang string) (*Catalogue, error) {
	c := &Catalogue{lang: lang, texts: map[string]message{}}
	entries, err := fs.ReadDir(fsys, lang)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := path.Join(lang, e.Name())
		if path.Ext(name) != ".yaml" {
			continue
		}
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		var tree map[string]any
		if err := yaml.Unmarshal(b, &tree); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := c.add("", tree); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return c, nil
}

func (c *Catalogue) add(prefix string, tree map[string]any) error {
	for k, v := range tree {
		key := prefix + k
		switch v := v.(type) {
		case string:
			if c.Has(key) {
				return fmt.Errorf("%s is there twice", key)
			}
			m, err := parse(v)
			if err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			c.texts[key] = m
		case map[string]any:
			if err := c.add(key+".", v); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%s is %T, not a text", key, v)
		}
	}
	return nil
}
