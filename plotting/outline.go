package plotting

import (
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"
)

// outline returns a line of text as a path to fill: its baseline starts at the point and turns left by the angle.
//
// Every format draws text this way. gonum's SVG canvas either relies on an installed font or embeds a megabyte of it; outlines need no font where they are looked at, hold whatever
// script a font here has, and are the same bytes every time. What no font has is a box with a number, whose meaning
// number is asked for.
func (f typeface) outline(s string, at vg.Point, radians float64, number func(lacking string) string) vg.Path {
	sin64, cos64 := math.Sincos(radians)
	sin, cos := vg.Length(sin64), vg.Length(cos64)
	turn := func(x, y vg.Length) vg.Point { return vg.Point{X: at.X + x*cos - y*sin, Y: at.Y + x*sin + y*cos} }
	var path vg.Path
	for m := range f.signs(s) {
		path = f.appendSign(path, m, number, turn)
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
