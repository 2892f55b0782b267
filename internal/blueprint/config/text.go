package config

import (
	"fmt"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// Text is a text in both languages. In YAML it is {ru: …, en: …}, or one text for both.
type Text struct{ RU, EN string }

// Both is one text for both languages.
func Both(s string) Text { return Text{s, s} }

// In is the text in a language, the other one when it is empty.
func (x Text) In(lang string) string {
	if lang == "ru" && x.RU != "" || x.EN == "" {
		return x.RU
	}
	return x.EN
}

// IsZero tells whether there is no text.
func (x Text) IsZero() bool { return x.RU == "" && x.EN == "" }

// UnmarshalYAML implements yaml.Unmarshaler.
func (x *Text) UnmarshalYAML(n *yaml.Node) error {
	var one string
	if n.Kind == yaml.ScalarNode {
		if err := n.Decode(&one); err != nil {
			return err
		}
		if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 { // the end of the last line is no part of the text
			one = strings.TrimRight(one, "\n")
		}
		*x = Both(one)
		return nil
	}
	var two map[string]string
	if err := n.Decode(&two); err != nil {
		return err
	}
	for lang := range two {
		if lang != "ru" && lang != "en" {
			return fmt.Errorf("line %d: a text is in ru and en, not in %q", n.Line, lang)
		}
	}
	*x = Text{two["ru"], two["en"]}
	return nil
}

// MarshalYAML implements yaml.Marshaler.
func (x Text) MarshalYAML() (any, error) {
	if x.RU == x.EN {
		return scalar(x.RU, yaml.LiteralStyle), nil
	}
	node := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for _, p := range [][2]string{{"ru", x.RU}, {"en", x.EN}} {
		if p[1] != "" {
			node.Content = append(node.Content, scalar(p[0], 0), scalar(p[1], yaml.DoubleQuotedStyle))
		}
	}
	return node, nil
}

// scalar is a text; one of several lines is written in a style, unless blanks at its ends would be lost in it.
func scalar(s string, lines yaml.Style) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	switch {
	case strings.TrimSpace(s) != s:
		n.Style = yaml.DoubleQuotedStyle
	case strings.Contains(s, "\n"):
		n.Style = lines
	}
	return n
}

// Span is a length of time, written like 1h30m.
type Span time.Duration

// UnmarshalYAML implements yaml.Unmarshaler.
func (s *Span) UnmarshalYAML(n *yaml.Node) error {
	d, err := time.ParseDuration(n.Value)
	if err != nil || d < 0 {
		return fmt.Errorf("line %d: %q is no length of time like 30m or 8h", n.Line, n.Value)
	}
	*s = Span(d)
	return nil
}

// MarshalYAML implements yaml.Marshaler.
func (s Span) MarshalYAML() (any, error) {
	text := time.Duration(s).String() // 8h0m0s
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text, nil
}
