package texts

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// message is a parsed sentence.
type message []part

// part is one piece: a text when arg is empty, the number of the plural around it for "#", otherwise an argument, with
// choices a plural or select.
type part struct {
	text    string
	arg     string
	plural  bool
	choices map[string]message
}

// parse reads a sentence in the notation of the package comment.
func parse(s string) (message, error) {
	p := &parser{s: s}
	m, err := p.message(false)
	if err == nil && p.i < len(p.s) {
		err = errors.New("a } too many")
	}
	return m, err
}

type parser struct {
	s string
	i int
}

// message reads up to the end, or up to an unmatched closing brace.
func (p *parser) message(inPlural bool) (message, error) {
	var m message
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			m = append(m, part{text: text.String()})
			text.Reset()
		}
	}
	for p.i < len(p.s) {
		switch c := p.s[p.i]; {
		case c == '\'' && p.quoted(&text):
		case c == '{':
			flush()
			p.i++
			a, err := p.argument()
			if err != nil {
				return nil, err
			}
			m = append(m, a)
		case c == '}':
			flush()
			return m, nil
		case c == '#' && inPlural:
			flush()
			m = append(m, part{arg: "#"})
			p.i++
		default:
			text.WriteByte(c)
			p.i++
		}
	}
	flush()
	return m, nil
}

// quoted takes ” as an apostrophe and '{' '}' '#' as the character; any other apostrophe is one.
func (p *parser) quoted(text *strings.Builder) bool {
	rest := p.s[p.i:]
	switch {
	case strings.HasPrefix(rest, "''"):
		text.WriteByte('\'')
		p.i += 2
	case len(rest) >= 3 && rest[2] == '\'' && strings.ContainsRune("{}#", rune(rest[1])):
		text.WriteByte(rest[1])
		p.i += 3
	default:
		return false
	}
	return true
}

// argument reads what follows an opening brace, with the closing one.
func (p *parser) argument() (part, error) {
	end := strings.IndexAny(p.s[p.i:], ",}")
	if end < 0 {
		return part{}, errors.New("a { is not closed")
	}
	a := part{arg: strings.TrimSpace(p.s[p.i : p.i+end])}
	p.i += end + 1
	if a.arg == "" || strings.ContainsAny(a.arg, "{# ") {
		return part{}, fmt.Errorf("%q is no name of an argument", a.arg)
	}
	if p.s[p.i-1] == '}' {
		return a, nil
	}
	comma := strings.IndexByte(p.s[p.i:], ',')
	if comma < 0 {
		return part{}, fmt.Errorf("{%s, …} says nothing", a.arg)
	}
	kind := strings.TrimSpace(p.s[p.i : p.i+comma])
	p.i += comma + 1
	if a.plural = kind == "plural"; !a.plural && kind != "select" {
		return part{}, fmt.Errorf("{%s, %s, …}: only plural and select are known", a.arg, kind)
	}
	return p.choices(a)
}

func (p *parser) choices(a part) (part, error) {
	a.choices = map[string]message{}
	for {
		p.i += len(p.s[p.i:]) - len(strings.TrimLeft(p.s[p.i:], " \n\t"))
		if p.i >= len(p.s) {
			return part{}, fmt.Errorf("{%s, …} is not closed", a.arg)
		}
		if p.s[p.i] == '}' {
			p.i++
			return a, a.check()
		}
		open := strings.IndexByte(p.s[p.i:], '{')
		if open < 0 {
			return part{}, fmt.Errorf("a choice of {%s, …} has no text", a.arg)
		}
		name := strings.TrimSpace(p.s[p.i : p.i+open])
		p.i += open + 1
		m, err := p.message(a.plural)
		if err != nil {
			return part{}, err
		}
		if p.i >= len(p.s) {
			return part{}, fmt.Errorf("choice %q of {%s, …} is not closed", name, a.arg)
		}
		p.i++
		if _, twice := a.choices[name]; twice || name == "" {
			return part{}, fmt.Errorf("choice %q of {%s, …} is empty or there twice", name, a.arg)
		}
		a.choices[name] = m
	}
}

func (a part) check() error {
	_, other := a.choices["other"]
	_, many := a.choices["many"]
	if !other && !(a.plural && many) {
		return fmt.Errorf("{%s, …} lacks other", a.arg)
	}
	for name := range a.choices {
		if a.plural && !strings.HasPrefix(name, "=") && !strings.Contains(" one few many other ", " "+name+" ") {
			return fmt.Errorf("{%s, plural, …} doesn't know %q", a.arg, name)
		}
	}
	return nil
}

// args gathers the names of all arguments.
func (m message) args(into map[string]bool) {
	for _, p := range m {
		if p.arg != "" && p.arg != "#" {
			into[p.arg] = true
		}
		for _, c := range p.choices {
			c.args(into)
		}
	}
}

func (m message) write(b *strings.Builder, lang string, args map[string]any, number string) {
	for _, p := range m {
		switch {
		case p.arg == "":
			b.WriteString(p.text)
		case p.arg == "#":
			b.WriteString(number)
		case p.choices == nil:
			b.WriteString(show(lang, args[p.arg]))
		case p.plural:
			n, _ := whole(args[p.arg])
			p.pick(lang, n).write(b, lang, args, Number(lang, n))
		default:
			m, ok := p.choices[fmt.Sprint(args[p.arg])]
			if !ok {
				m = p.choices["other"]
			}
			m.write(b, lang, args, number)
		}
	}
}

// pick chooses the form of a plural.
func (a part) pick(lang string, n int64) message {
	for _, name := range []string{"=" + strconv.FormatInt(n, 10), Plural(lang, n), "other", "many"} {
		if m, ok := a.choices[name]; ok {
			return m
		}
	}
	return nil
}
