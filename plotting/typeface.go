package plotting

import (
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// A typeface is a font at one size.
type typeface struct {
	font *sfnt.Font
	size vg.Length
}

// face finds the typeface of a font, among those that gonum knows.
func face(f font.Font) typeface { return typeface{font.DefaultCache.Lookup(f, f.Size).Face, f.Size} }

func sans(size vg.Length) typeface { return face(font.From(sansFont, size)) }
func bold(size vg.Length) typeface { return face(font.From(boldFont, size)) }
func mono() typeface               { return face(font.From(monoFont, tickSize)) }

// Heights as fractions of the size, of Liberation Sans and Mono: a capital, a descender, and line to line.
const (
	capHeight = 0.70
	descent   = 0.21
	leading   = 1.32
)

// glyph returns the index of a character, and false where the font has none.
func (f typeface) glyph(buf *sfnt.Buffer, r rune) (sfnt.GlyphIndex, bool) {
	g, err := f.font.GlyphIndex(buf, r)
	return g, err == nil && g != 0
}

// ppem makes one unit of 26.6 fixed point one unit of a font, so that outlines are exact.
func ppem(f *sfnt.Font) fixed.Int26_6 { return fixed.Int26_6(f.UnitsPerEm()) }

// unit is the length of one unit of a font.
func (f typeface) unit(of *sfnt.Font) vg.Length { return f.size / vg.Length(of.UnitsPerEm()) }

// width is the length of a line of text, as outline draws it.
func (f typeface) width(s string) vg.Length {
	w := vg.Length(0)
	for m := range f.signs(s) {
		w = max(w, m.at+m.wide)
	}
	return w
}
