package plotting

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// A look is how a figure is drawn, apart from what its numbers say.
type look struct {
	width, height float64 // inches; 0: the chart's own
	font          float64 // points of a name of an axis; 0: labelSize
	theme         *theme
	clear         bool // no paper below
	untitled      bool // no heading but a legend
	symlog        bool // axes of values are log-like
}

// Title replaces the computed title. An empty one brings it back.
func (f *Figure) Title(s string) *Figure { g := *f; g.title, g.untitled = s, false; return &g }

// Subtitle replaces the computed subtitle. An empty one brings it back.
func (f *Figure) Subtitle(s string) *Figure { g := *f; g.subtitle = s; return &g }

// Untitled leaves title and subtitle away, for a page whose caption says what they say; a legend stays, and so does a subtitle
// that [Figure.Subtitle] set. Alternative texts still tell the finding.
func (f *Figure) Untitled() *Figure { g := *f; g.untitled = true; return &g }

// Size sets the width and height, in inches from 1 to 40, or, a number above 40, in CSS pixels, 96 to the inch; 0 leaves a
// side to the figure. A column of a paper is about 3.25 inches wide, a page 6.5.
func (f *Figure) Size(w, h float64) *Figure {
	g := *f
	g.width, g.height = inches(w), inches(h)
	return &g
}

// Width sets the width alone, as Size does; what it is, [Figure.CSSWidth] says.
func (f *Figure) Width(w float64) *Figure { g := *f; g.width = inches(w); return &g }

// Height sets the height alone, as Size does.
func (f *Figure) Height(h float64) *Figure { g := *f; g.height = inches(h); return &g }

// FontSize sets the size of the names of the axes in points, from 4 to 40; it is 9 where nothing is asked for. The title and all
// other text, lines and margins grow with it, as does the height that a figure gives itself; its width stays.
func (f *Figure) FontSize(points float64) *Figure { g := *f; g.font = points; return &g }

// Dark changes the colors to those of a dark page.
func (f *Figure) Dark() *Figure { g := *f; g.theme = dark; return &g }

// IsDark reports whether the figure has the colors of a dark page. nb.Show mirrors the lightness of one that has not where the
// notebook is dark.
func (f *Figure) IsDark() bool { return f.theme == dark }

// Light changes the colors to those of a light page, which a figure has when it is described.
func (f *Figure) Light() *Figure { g := *f; g.theme = light; return &g }

// Transparent leaves the paper away, so that the page shines through. Its text is read on a page as light or dark as its theme.
func (f *Figure) Transparent() *Figure { g := *f; g.clear = true; return &g }

// Variants returns the figure as PNG for light and for dark pages, for an output that follows the theme of what shows it. They
// have the same size and the same alternative text; the numbers are computed once.
func (f *Figure) Variants() (light, dark []byte, err error) {
	if light, err = f.Light().PNG(); err != nil {
		return nil, nil, err
	}
	dark, err = f.Dark().PNG()
	return light, dark, err
}

// CSSWidth returns the width in CSS pixels, 96 to the inch; the PNG has twice as many.
func (f *Figure) CSSWidth() int {
	w := f.width * 96
	if w == 0 {
		w = 6.5 * 96
		if d, err := f.drawing(); err == nil {
			own, _ := d.size()
			w = own.Points() / 72 * 96
		}
	}
	return int(math.Round(w))
}

// longestSide is the most inches of a side; what is larger is a number of CSS pixels.
const longestSide = 40

// inches is a length that is given in inches or in CSS pixels.
func inches(x float64) float64 {
	if x > longestSide {
		return x / 96
	}
	return x
}

// scale is by how much text, lines and margins are larger than usual.
func (k look) scale() vg.Length {
	if k.font == 0 {
		return 1
	}
	return vg.Length(k.font) / labelSize
}

// page returns the size of the page, what was asked for or the chart's own with its heading, and that to lay the figure out on
// before its text and lines are scaled.
func (f *Figure) page(d drawing, key *lacking) (page, layout vg.Point, err error) {
	for _, side := range []float64{f.width, f.height} {
		if side != 0 && !(side >= 1 && side <= longestSide) {
			return page, layout, problemf(ErrSize, f.where, "use sides of 1 to 40 inches, e.g. .Size(6.5, 2.7), or of 96 to 3840 CSS pixels, e.g. .Width(600)",
				"size %.4g × %.4g inches", f.width, f.height)
		}
	}
	if f.font != 0 && !(f.font >= 4 && f.font <= 40) {
		return page, layout, problemf(ErrSize, f.where, "use 4 to 40 points, e.g. .FontSize(11)", "text of %.4g points", f.font)
	}
	w, h := d.size()
	if f.width != 0 {
		w = vg.Length(f.width) * vg.Inch
	}
	by := f.scale()
	if flows, ok := d.chart.(interface {
		tall(width vg.Length) vg.Length
	}); ok { // lines of a text, more of them on a narrow page
		h = flows.tall(w/by - 2*margin)
	}
	h = by * (h + 2*margin + f.heading(d, key, w/by-2*margin).height())
	if f.height != 0 {
		h = vg.Length(f.height) * vg.Inch
	}
	page = vg.Point{X: wholePixels(w), Y: wholePixels(h)}
	return page, vg.Point{X: page.X / by, Y: page.Y / by}, nil
}

// wholePixels rounds a length to CSS pixels, 96 to the inch, so that a bitmap has no half-covered edge.
func wholePixels(x vg.Length) vg.Length {
	const px = vg.Inch / 96
	return vg.Length(math.Round(float64(x/px))) * px
}
