package plotting

import (
	"image/color"
	"math"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

func TestRampMiddleIsNeutral(t *testing.T) {
	for _, th := range []*theme{light, dark} {
		r := th.signed()
		if r[len(r)/2] != th.zero {
			t.Errorf("middle is %v, want %v", r[len(r)/2], th.zero)
		}
		at := func(v, limit float64) color.NRGBA { return signedInk(v, limit).in(th) }
		if at(0, 3) != th.zero || at(math.Copysign(0, -1), 3) != th.zero {
			t.Error("zero is not neutral")
		}
		if at(1, 1) != r[254] || at(-1, 1) != r[0] || at(9, 1) != r[254] || at(-9, 1) != r[0] {
			t.Error("the limits are not the ends")
		}
		for i := 1; i <= 127; i++ { // blue on one side and vermillion on the other, and more of it with every step
			p, n := toOKLab(r[127+i]), toOKLab(r[127-i])
			if p.b >= n.b {
				t.Errorf("step %d: %v supports, %v opposes", i, r[127+i], r[127-i])
			}
			if rising := (p.l > toOKLab(r[126+i]).l) == (th.paper == dark.paper); !rising && r[127+i] != r[126+i] {
				t.Errorf("step %d: %v after %v", i, r[127+i], r[126+i])
			}
		}
	}
}

func TestZeroCellsAreNeutralPixels(t *testing.T) {
	for _, th := range []*theme{light, dark} {
		img := vgimg.NewWith(vgimg.UseWH(90, 90), vgimg.UseDPI(72))
		p := plot.New()
		z := [][]float64{{0, 1, 0}, {-2, 0, 2}, {1e-9, -1e-9, 0}}
		p.Add(cells{z, 2})
		cells{z, 2}.Plot(draw.NewCanvas(canvas{img, th, new(bool), new(lacking)}, 90, 90), p)
		for l, row := range z {
			for p, v := range row {
				got := color.NRGBAModel.Convert(img.Image().At(15+30*p, 75-30*l)).(color.NRGBA) // layer 0 below
				if want := signedInk(v, 2).in(th); got != want {
					t.Errorf("layer %d, position %d, score %v: %v, want %v", l, p, v, got, want)
				}
				if v == 0 && got != th.zero {
					t.Errorf("zero is %v", got)
				}
			}
		}
	}
}

// Color vision deficiency of severity 1.0, on linear RGB (Machado, Oliveira and Fernandes, A physiologically-based
// model for simulation of color vision deficiency, IEEE TVCG 15(6), 2009, table 1).
var deficiencies = map[string][9]float64{
	"none":         {1, 0, 0, 0, 1, 0, 0, 0, 1},
	"protanopia":   {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
	"deuteranopia": {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
	"tritanopia":   {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
}

func simulate(c color.NRGBA, m [9]float64) oklab {
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	return toOKLab(color.NRGBA{
		gamma(m[0]*r + m[1]*g + m[2]*b), gamma(m[3]*r + m[4]*g + m[5]*b), gamma(m[6]*r + m[7]*g + m[8]*b), 255,
	})
}

// TestPairSurvivesColorBlindness holds the two signs apart in OKLab, where 0.02 is just noticeable. In gray they
// come close, which is why bars also point up and down and large cells print their sign.
func TestPairSurvivesColorBlindness(t *testing.T) {
	for name, th := range map[string]*theme{"light": light, "dark": dark} {
		for eye, m := range deficiencies {
			p, n := simulate(th.pos, m), simulate(th.neg, m)
			if d := math.Sqrt((p.l-n.l)*(p.l-n.l) + (p.a-n.a)*(p.a-n.a) + (p.b-n.b)*(p.b-n.b)); d < 0.22 {
				t.Errorf("%s, %s: distance %.3f", name, eye, d)
			}
		}
		if d := math.Abs(math.Cbrt(luminance(th.pos)) - math.Cbrt(luminance(th.neg))); d < 0.07 {
			t.Errorf("%s, gray: distance %.3f", name, d)
		}
		for what, c := range map[string]color.NRGBA{"supports": th.pos, "opposes": th.neg} {
			if r := contrast(c, th.paper); r < 3 { // WCAG 2.2, 1.4.11
				t.Errorf("%s: %s on paper has contrast %.2f", name, what, r)
			}
		}
		for what, c := range map[string]color.NRGBA{"ink": th.ink, "muted": th.muted} {
			if r := contrast(c, th.paper); r < 4.5 { // WCAG 2.2, 1.4.3
				t.Errorf("%s: %s on paper has contrast %.2f", name, what, r)
			}
		}
		for i, c := range th.signed() {
			if r := contrast(c, th.on(c)); r < 3.9 {
				t.Errorf("%s: a value on color %d has contrast %.2f", name, i, r)
			}
		}
	}
}
