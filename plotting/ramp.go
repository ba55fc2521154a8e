package plotting

import "image/color"

// rampLen is odd, so that a signed ramp has an exact middle.
const rampLen = 255

// A ramp is a row of colors from the smallest value to the largest.
type ramp []color.NRGBA

// signed returns the diverging ramp of the theme. Its middle color is t.zero exactly; its ends are not so deep that
// they look alike to anybody (TestSeriesSurviveColorBlindness).
func (t *theme) signed() ramp {
	return gradient(
		mix(t.neg, t.deep, 0.28), t.neg, mix(t.neg, t.zero, 0.6),
		t.zero,
		mix(t.pos, t.zero, 0.6), t.pos, mix(t.pos, t.deep, 0.28),
	)
}

// amounts returns the ramp of what has no sign, from none to much.
func (t *theme) amounts() ramp { return gradient(t.seq[:]...) }

// gradient returns the ramp that passes through the anchors at even distances, and hits each exactly.
func gradient(anchors ...color.NRGBA) ramp {
	r := make(ramp, rampLen)
	for i := range r {
		// The stretches between anchors; integers first, so that anchors are hit exactly.
		at := i * (len(anchors) - 1)
		k := min(at/(rampLen-1), len(anchors)-2)
		r[i] = mix(anchors[k], anchors[k+1], float64(at-k*(rampLen-1))/(rampLen-1))
	}
	return r
}
