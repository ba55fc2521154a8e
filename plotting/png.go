package plotting

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"

	"gonum.org/v1/plot/vg/vgimg"
)

// fewColors returns the bitmap with at most 256 colors, one byte each instead of four: a figure has a few hundred, most of which are
// the edges of its letters and lines, and the file is a quarter. Colors that fill areas stay within 4 of 255 where that makes 256;
// those of edges move to one that is near, so that the rows of the file repeat. None moves by more than a step that nobody sees, or
// the picture is returned as it is. The same picture gives the same bytes.
func fewColors(src *image.RGBA) image.Image {
	colors := shadesOf(src)
	for step := 4; step <= mostStep; step *= 2 {
		palette, at := palettize(colors, step)
		if palette == nil {
			continue
		}
		out := image.NewPaletted(src.Rect, palette)
		eachRun(src, func(c color.RGBA, from, n int) {
			p, to := out.Pix[from:from+n], at[c]
			for i := range p {
				p[i] = to
			}
		})
		return out
	}
	return src
}

// mostStep is the largest difference that a channel of a color may be changed by, of 255.
const mostStep = 16

// A shade is a color of a bitmap.
type shade struct {
	color.RGBA
	n    int  // points
	area bool // nearly all of them continue one of the same color, to the left or above: a tint, not the edge of a letter
}

// shadesOf returns the colors, those of areas first, and the frequent before the rare.
func shadesOf(src *image.RGBA) []shade {
	points, lone := map[color.RGBA]int{}, map[color.RGBA]int{}
	w := src.Rect.Dx()
	eachRun(src, func(c color.RGBA, from, n int) {
		points[c] += n
		x, y := from%w, from/w
		if above := src.Pix[max(0, y-1)*src.Stride+4*x:]; y == 0 || [4]byte(above) != [4]byte{c.R, c.G, c.B, c.A} {
			lone[c]++
		}
	})
	shades := make([]shade, 0, len(points))
	for c, n := range points {
		shades = append(shades, shade{c, n, 10*lone[c] <= n})
	}
	slices.SortFunc(shades, func(a, b shade) int {
		if a.area != b.area {
			return map[bool]int{true: -1, false: 1}[a.area]
		}
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(packed(a.RGBA), packed(b.RGBA)))
	})
	return shades
}

// palettize returns at most 256 of the colors, so that each of an area is within step of one of them in every channel and each other
// within mostStep, and which one that is; nil where 256 do not do.
func palettize(colors []shade, step int) (color.Palette, map[color.RGBA]uint8) {
	var chosen []color.RGBA
	at := make(map[color.RGBA]uint8, len(colors))
	for _, c := range colors {
		best, least := -1, mostStep+1
		if c.area {
			least = step + 1
		}
		for i, p := range chosen {
			if d := channelsApart(c.RGBA, p); d < least {
				best, least = i, d
			}
		}
		if best < 0 {
			if len(chosen) == 256 {
				return nil, nil
			}
			best, chosen = len(chosen), append(chosen, c.RGBA)
		}
		at[c.RGBA] = uint8(best)
	}
	palette := make(color.Palette, len(chosen))
	for i, c := range chosen {
		palette[i] = c
	}
	return palette, at
}

// channelsApart is the largest difference of a channel.
func channelsApart(a, b color.RGBA) int {
	d := func(x, y uint8) int { return max(int(x)-int(y), int(y)-int(x)) }
	return max(d(a.R, b.R), d(a.G, b.G), d(a.B, b.B), d(a.A, b.A))
}

func packed(c color.RGBA) uint32 {
	return uint32(c.R)<<24 | uint32(c.G)<<16 | uint32(c.B)<<8 | uint32(c.A)
}

// eachRun calls f for every run of equal pixels, by the place of its first among all pixels.
func eachRun(src *image.RGBA, f func(c color.RGBA, from, n int)) {
	w := src.Rect.Dx()
	for y := range src.Rect.Dy() {
		row := src.Pix[y*src.Stride:][:4*w]
		for x := 0; x < w; {
			n := 1
			for x+n < w && [4]byte(row[4*(x+n):]) == [4]byte(row[4*x:]) {
				n++
			}
			p := row[4*x:]
			f(color.RGBA{p[0], p[1], p[2], p[3]}, y*w+x, n)
			x += n
		}
	}
}

// pngPage is a bitmap that is written with few colors.
type pngPage struct{ *vgimg.Canvas }

func (p pngPage) WriteTo(w io.Writer) (int64, error) {
	img := image.Image(p.Image())
	if rgba, ok := img.(*image.RGBA); ok {
		img = fewColors(rgba)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return 0, err
	}
	return out.WriteTo(w)
}
