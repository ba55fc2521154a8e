package plotting

import (
	"image/color"
	"sync"

	"gonum.org/v1/plot/vg"
)

// A theme is every visual decision of a figure in one value: no figure names a color or a size itself.
type theme struct {
	paper, ink, muted, grid color.NRGBA
	pos, neg, zero          color.NRGBA    // signed quantities; zero is the exact middle
	deep                    color.NRGBA    // where the two ends of the signed ramp lead
	seq                     [5]color.NRGBA // anchors of the ramp of amounts, from none to much
	cat                     [4]color.NRGBA // lines of one figure, in this order

	ramps func() (signed, amounts ramp) // made when first needed
}

// The type sizes of every figure, and the white around it.
const (
	titleSize = vg.Length(10.5)
	labelSize = vg.Length(9)
	noteSize  = vg.Length(8.5) // subtitle
	tickSize  = vg.Length(8)
	margin    = vg.Length(8)
)

// light is for paper and light notebooks, dark for dark ones. The pair of signs stays apart under protanopia,
// deuteranopia and tritanopia, and a little in gray (TestPairSurvivesColorBlindness).
var (
	light = newTheme(theme{
		paper: hex(0xffffff), ink: hex(0x1f2328), muted: hex(0x59636e), grid: hex(0xe4e7eb),
		pos: hex(0x1f6fb4), neg: hex(0xd55e00), zero: hex(0xf6f6f4), deep: hex(0x101418),
		seq: [5]color.NRGBA{hex(0xf4f7fa), hex(0xb5d1e8), hex(0x4f93c7), hex(0x124f8a), hex(0x082a54)},
		cat: [4]color.NRGBA{hex(0x0072b2), hex(0xd55e00), hex(0x009e73), hex(0xb5508a)},
	})
	dark = newTheme(theme{
		paper: hex(0x0d1117), ink: hex(0xe6edf3), muted: hex(0x9da7b1), grid: hex(0x2b3139),
		pos: hex(0x5ab0f2), neg: hex(0xde7421), zero: hex(0x1a2027), deep: hex(0xffffff),
		seq: [5]color.NRGBA{hex(0x161b22), hex(0x1d466e), hex(0x2f7dbd), hex(0x86bde8), hex(0xe2f0fb)},
		cat: [4]color.NRGBA{hex(0x56b4e9), hex(0xe69f00), hex(0x2fc397), hex(0xe09ac4)},
	})
)

func newTheme(t theme) *theme {
	t.ramps = sync.OnceValues(func() (signed, amounts ramp) { return t.signed(), t.amounts() })
	return &t
}

// hex returns the opaque color 0xRRGGBB.
func hex(rgb uint32) color.NRGBA {
	return color.NRGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 255}
}

// on returns whichever of ink and paper has the higher contrast on a background (WCAG 2.2, contrast ratio).
func (t *theme) on(background color.NRGBA) color.NRGBA {
	if contrast(background, t.ink) >= contrast(background, t.paper) {
		return t.ink
	}
	return t.paper
}
