package plotting

import (
	"image/color"

	"gonum.org/v1/plot/vg"
)

// signedBars draws, for each index, a bar up from zero, a bar down, and a tick at their sum. The bars' width follows
// the axis, so it survives any size.
func signedBars(c canvas, t theme, f frame, up, down []float64) {
	const half = 0.38 // of a place
	bar := func(i int, v float64, fill color.Color) {
		if v == 0 {
			return
		}
		c.rect(vg.Rectangle{
			Min: vg.Point{X: f.x(float64(i) - half), Y: f.y(min(v, 0))},
			Max: vg.Point{X: f.x(float64(i) + half), Y: f.y(max(v, 0))},
		}, fill)
	}
	for i := range up {
		bar(i, up[i], t.pos)
		bar(i, down[i], t.neg)
	}
	for i := range up {
		if up[i] == 0 || down[i] == 0 || f.y(up[i])-f.y(down[i]) < 5 {
			continue // the net is the bar's own end, or the tick would cover what it is about
		}
		from := vg.Point{X: f.x(float64(i) - half), Y: f.y(up[i] + down[i])}
		to := vg.Point{X: f.x(float64(i) + half), Y: from.Y}
		c.line(from, to, 2.6, t.paper) // a halo, to stand out on both colors
		c.line(from, to, 1.3, t.ink)
	}
}
