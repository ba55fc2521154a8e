package gonbext

import (
	"encoding/base64"
	"fmt"
	"html"

	"github.com/neuronsteer/neuronsteer/internal/visible"
)

// A picture is sent twice, as PNG and as an HTML image around the same PNG. JupyterLab and nbconvert have no way of giving a PNG its
// words, and prefer HTML, where the image has them; who takes no HTML, e.g. LaTeX, has the PNG.

// follows makes a picture on white paper one of the page's theme: mirrored in lightness, white becomes the #111111 of JupyterLab's
// dark pages, and turned back in hue blue stays blue and vermillion orange. A host that drops style sheets shows white paper.
const follows = `<style>[data-jp-theme-light="false"] img.neuronsteer-on-paper,.vscode-dark img.neuronsteer-on-paper` +
	`{filter:invert(.9333) hue-rotate(180deg)}</style>`

// picture returns the HTML of a PNG; width is in CSS pixels, 0 its own.
func picture(png []byte, width int, alt string, onPaper bool) string {
	before, attributes := "", ""
	if onPaper {
		before, attributes = follows, ` class="neuronsteer-on-paper"`
	}
	if width > 0 {
		attributes += fmt.Sprintf(` width="%d"`, width)
	}
	return before + `<img` + attributes + ` style="max-width:100%;height:auto" alt="` + html.EscapeString(visible.Stream(alt)) +
		`" src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(png) + `">`
}
