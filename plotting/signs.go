package plotting

import (
	"iter"
	"strings"
	"unicode"

	stdfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"
)

// A sign is one of a line: a glyph, or the box that stands for characters that no font has.
type sign struct {
	font     *sfnt.Font // nil: the box
	glyph    sfnt.GlyphIndex
	lacking  string    // what the box stands for
	at, wide vg.Length // from the start of the line, and how far it moves the pen
}

// boxWide is the width of the box in place of characters that no font has, as a part of the size.
const boxWide = 1.1

// signs returns the signs of a line from left to right, those that the font lacks from the first font of the system that has
// them.
func (f typeface) signs(s string) iter.Seq[sign] {
	return func(yield func(sign) bool) {
		var buf sfnt.Buffer
		pen, last, lacking := vg.Length(0), sign{}, ""
		box := func() bool {
			if lacking == "" {
				return true
			}
			m := sign{lacking: logical(lacking), at: pen, wide: f.size * boxWide}
			pen, last, lacking = pen+m.wide, m, ""
			return yield(m)
		}
		for _, r := range visual(drawable(s)) {
			m := sign{font: f.font, at: pen}
			var ok bool
			if m.glyph, ok = f.glyph(&buf, r); !ok {
				m.font, m.glyph, ok = fonts.glyph(r)
			}
			switch {
			case ok:
			case joins(r) || unicode.Is(unicode.Variation_Selector, r):
				continue // they choose the shapes of others, and have none
			default:
				lacking += string(r)
				continue
			}
			if !box() {
				return
			}
			m.at, m.wide = pen, f.advance(&buf, m.font, m.glyph)
			if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) { // it sits on the letter before, wherever its font puts it
				if m.wide > 0 {
					m.at = last.at + (last.wide-m.wide)/2
				}
				m.wide = 0
			} else {
				pen, last = pen+m.wide, m
			}
			if !yield(m) {
				return
			}
		}
		box()
	}
}

// advance is how far a glyph of a font moves the pen.
func (f typeface) advance(buf *sfnt.Buffer, of *sfnt.Font, g sfnt.GlyphIndex) vg.Length {
	a, err := of.GlyphAdvance(buf, g, ppem(of), stdfont.HintingNone)
	if err != nil {
		return 0
	}
	return vg.Length(a) * f.unit(of)
}

// appendSign adds the outline of a sign to a path.
func (f typeface) appendSign(path vg.Path, m sign, number func(lacking string) string, turn func(x, y vg.Length) vg.Point) vg.Path {
	if m.font == nil {
		return f.appendBox(path, m, number(m.lacking), turn)
	}
	var buf sfnt.Buffer
	segments, err := m.font.LoadGlyph(&buf, m.glyph, ppem(m.font), nil)
	if err != nil {
		return path
	}
	unit := f.unit(m.font)
	return appendGlyph(path, segments, func(p fixed.Point26_6) vg.Point { // the font's y points down, the page's up
		return turn(m.at+vg.Length(p.X)*unit, -vg.Length(p.Y)*unit)
	})
}

// appendBox adds a box with a number in it: a frame, which winds one way outside and the other way inside, and the digits.
func (f typeface) appendBox(path vg.Path, m sign, number string, turn func(x, y vg.Length) vg.Point) vg.Path {
	left, right := m.at+0.06*f.size, m.at+(boxWide-0.06)*f.size
	low, high, line := -0.14*f.size, 0.82*f.size, 0.055*f.size
	corner := func(x, y vg.Length, first bool) {
		if first {
			path.Move(turn(x, y))
		} else {
			path.Line(turn(x, y))
		}
	}
	for i, c := range [][2]vg.Length{{left, low}, {right, low}, {right, high}, {left, high}} {
		corner(c[0], c[1], i == 0)
	}
	path.Close()
	for i, c := range [][2]vg.Length{{left + line, low + line}, {left + line, high - line}, {right - line, high - line}, {right - line, low + line}} {
		corner(c[0], c[1], i == 0)
	}
	path.Close()
	small := bold(f.size * 0.66)
	w := small.width(number)
	if w > right-left-3*line {
		small.size *= (right - left - 3*line) / w
		w = small.width(number)
	}
	x, y := (left+right-w)/2, (low+high-small.size*capHeight)/2
	for d := range small.signs(number) {
		path = small.appendSign(path, d, nil, func(dx, dy vg.Length) vg.Point { return turn(x+dx, y+dy) })
	}
	return path
}

// logical returns what lacks a font in the order in which it is read.
func logical(s string) string {
	if strings.ContainsFunc(s, turned) {
		return mirrored(s)
	}
	return s
}
