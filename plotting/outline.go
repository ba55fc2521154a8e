package plotting

import (
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"
)

// outline returns a line of text as a path to fill: its baseline starts at the point and turns left by the angle.
//
// Every format draws text this way. gonum's PDF canvas encodes text as CP-1252 and has no bold, its SVG canvas
// either relies on an installed font or embeds a megabyte of it; outlines need no font, hold all of Unicode that the
// font holds, and are the same bytes every time.
func (f typeface) outline(s string, at vg.Point, radians float64) vg.Path {
	sin64, cos64 := math.Sincos(radians)
	sin, cos := vg.Length(sin64), vg.Length(cos64)
	var (
		buf  sfnt.Buffer
		path vg.Path
		unit = f.unit()
		pen  vg.Length // from the start of the line, in units of the font
	)
	place := func(p fixed.Point26_6) vg.Point {
		x, y := (pen+vg.Length(p.X))*unit, -vg.Length(p.Y)*unit // the font's y points down, the page's up
		return vg.Point{X: at.X + x*cos - y*sin, Y: at.Y + x*sin + y*cos}
	}
	for _, r := range f.drawable(s) {
		g, ok := f.glyph(&buf, r)
		if !ok {
			continue // drawable has replaced it; kept so that no font can make a box of it
		}
		segments, err := f.font.LoadGlyph(&buf, g, f.ppem(), nil)
		if err == nil {
			path = appendGlyph(path, segments, place)
		}
		pen += f.advance(&buf, g)
	}
	return path
}

// appendGlyph adds the closed contours of one glyph to a path.
func appendGlyph(path vg.Path, segments sfnt.Segments, place func(fixed.Point26_6) vg.Point) vg.Path {
	open := false
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if open {
				path.Close()
			}
			path.Move(place(s.Args[0]))
			open = true
		case sfnt.SegmentOpLineTo:
			path.Line(place(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			path.QuadTo(place(s.Args[0]), place(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			path.CubeTo(place(s.Args[0]), place(s.Args[1]), place(s.Args[2]))
		}
	}
	if open {
		path.Close()
	}
	return path
}
