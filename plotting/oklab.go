package plotting

import (
	"image/color"
	"math"
)

// oklab is a color whose distances are about as large as they look: lightness, green to red, blue to yellow
// (B. Ottosson, A perceptual color space for image processing, 2020).
type oklab struct{ l, a, b float64 }

// toOKLab converts from sRGB.
func toOKLab(c color.NRGBA) oklab {
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	return oklab{
		l: 0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		a: 1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		b: 0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
	}
}

// nrgba converts to sRGB; what lies outside is clipped.
func (c oklab) nrgba() color.NRGBA {
	cube := func(x float64) float64 { return x * x * x }
	l := cube(c.l + 0.3963377774*c.a + 0.2158037573*c.b)
	m := cube(c.l - 0.1055613458*c.a - 0.0638541728*c.b)
	s := cube(c.l - 0.0894841775*c.a - 1.2914855480*c.b)
	return color.NRGBA{
		R: gamma(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		G: gamma(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		B: gamma(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
		A: 255,
	}
}

// mix returns the color the fraction x of the way from a to b; at 0 and 1 it is a and b exactly.
func mix(a, b color.NRGBA, x float64) color.NRGBA {
	switch x {
	case 0:
		return a
	case 1:
		return b
	}
	p, q := toOKLab(a), toOKLab(b)
	return oklab{p.l + (q.l-p.l)*x, p.a + (q.a-p.a)*x, p.b + (q.b-p.b)*x}.nrgba()
}

// linear undoes the sRGB transfer function (IEC 61966-2-1).
func linear(v uint8) float64 {
	c := float64(v) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}

// gamma applies the sRGB transfer function.
func gamma(c float64) uint8 {
	c = min(max(c, 0), 1)
	if c <= 0.0031308 {
		c *= 12.92
	} else {
		c = 1.055*math.Pow(c, 1/2.4) - 0.055
	}
	return uint8(math.Round(c * 255))
}

// luminance is the relative luminance of WCAG 2.2, from 0 to 1.
func luminance(c color.NRGBA) float64 {
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
