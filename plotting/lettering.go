package plotting

import (
	"image/color"
	"math"
	"strings"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// The fonts of a figure: sans sets prose and numbers, bold the title, mono tokens, bold mono those that stand out.
var (
	sansFont = font.Font{Typeface: "Liberation", Variant: "Sans"}
	boldFont = font.Font{Typeface: "Liberation", Variant: "Sans", Weight: stdfont.WeightBold}
	monoFont = font.Font{Typeface: "Liberation", Variant: "Mono"}
	monoBold = font.Font{Typeface: "Liberation", Variant: "Mono", Weight: stdfont.WeightBold}
)

// style returns a style of text, aligned as the zero values say: it begins at the point, which lies on its baseline.
func style(f font.Font, size vg.Length, color color.Color) text.Style {
	return text.Style{Font: font.From(f, size), Color: color, Handler: lettering{}}
}

// lettering writes text as outlines, on any canvas. A line is as high as its capitals, and what hangs below the
// baseline does not count: so numbers stand exactly beside their ticks.
type lettering struct{}

var _ text.Handler = lettering{}

// Cache returns the fonts that are known.
func (lettering) Cache() *font.Cache { return font.DefaultCache }

// Extents returns the height of a line.
func (lettering) Extents(f font.Font) font.Extents {
	return font.Extents{Ascent: f.Size * capHeight, Height: f.Size * capHeight}
}

// Lines splits a text at its line breaks.
func (lettering) Lines(s string) []string { return strings.Split(strings.TrimRight(s, "\n"), "\n") }

// Box returns the size of one line.
func (lettering) Box(s string, f font.Font) (width, height, depth vg.Length) {
	return face(f).width(s), f.Size * capHeight, 0
}

// Draw writes a text at a point.
func (h lettering) Draw(c vg.Canvas, s string, sty text.Style, at vg.Point) {
	f, lines := face(sty.Font), h.Lines(s)
	last := len(lines) - 1
	lead := f.size * leading
	up := vg.Length(sty.YAlign) * (f.size*capHeight + vg.Length(last)*lead)
	sin, cos := math.Sincos(sty.Rotation)
	for i, line := range lines {
		x, y := vg.Length(sty.XAlign)*f.width(line), up+vg.Length(last-i)*lead
		from := at.Add(vg.Point{X: x*vg.Length(cos) - y*vg.Length(sin), Y: x*vg.Length(sin) + y*vg.Length(cos)})
		if path := f.outline(line, from, sty.Rotation, numbering(c)); len(path) > 0 {
			c.SetColor(sty.Color)
			c.Fill(path)
		}
	}
}
