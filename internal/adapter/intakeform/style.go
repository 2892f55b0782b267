package intakeform

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"

	"voronka/internal/sales/form"
)

//go:embed form.css
var css string

// style is the style sheet of a look. Whatever isn't a colour doesn't get in.
func style(l form.Look) string {
	var b strings.Builder
	b.WriteString(css)
	switch l.Theme {
	case "light":
		b.WriteString(":root{color-scheme:light;" + light + "}")
	case "dark":
		b.WriteString(":root{color-scheme:dark;" + dark + "}")
	default:
		b.WriteString(":root{color-scheme:light dark;" + light + "}@media (prefers-color-scheme: dark){:root{" + dark + "}}")
	}
	if form.IsColour(l.Accent) {
		fmt.Fprintf(&b, ":root{--accent:%s;--on:%s}", l.Accent, ink(l.Accent))
	}
	if form.IsColour(l.Ground) && l.Theme != "dark" {
		rule := fmt.Sprintf(":root{--ground:%s}", l.Ground)
		if l.Theme == "" {
			rule = "@media (prefers-color-scheme: light){" + rule + "}"
		}
		b.WriteString(rule)
	}
	if l.Size >= 13 && l.Size <= 20 {
		b.WriteString(":root{--size:" + strconv.Itoa(l.Size) + "px}")
	}
	return b.String()
}

// The colours of the two themes.
const (
	light = "--ground:#f4f6f7;--sheet:#fff;--ink:#14212b;--soft:#4a5963;--line:#75838c;--accent:#0b647b;--on:#fff;--bad:#b3261e"
	dark  = "--ground:#10171c;--sheet:#18222a;--ink:#e6edf1;--soft:#a9b8c1;--line:#7d8c96;--accent:#7fc4d6;--on:#06222b;--bad:#ff9d94"
)

// ink is black or white, whichever is read better on a colour (WCAG 2.2, relative luminance).
func ink(colour string) string {
	n, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil {
		return "#fff"
	}
	part := func(shift uint) float64 {
		c := float64(n>>shift&255) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	luminance := 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
	if (luminance+0.05)/0.05 > 1.05/(luminance+0.05) {
		return "#000"
	}
	return "#fff"
}
