package httpapi

import (
	"fmt"
	"strconv"
	"strings"

	"rsc.io/qr"
)

// qrBorder is the empty border a QR code needs, in modules.
const qrBorder = 4

// QR draws a text as a QR code, an SVG: black modules on white whatever the theme, for that is what cameras read.
func QR(text string) (string, error) {
	made, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", err
	}
	var path strings.Builder
	for y := range made.Size {
		for x := range made.Size {
			if made.Black(x, y) {
				path.WriteString("M" + strconv.Itoa(x+qrBorder) + " " + strconv.Itoa(y+qrBorder) + "h1v1h-1z")
			}
		}
	}
	size := made.Size + 2*qrBorder
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`,
		size, size, size, size, path.String()), nil
}
