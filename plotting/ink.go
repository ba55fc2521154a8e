package plotting

import (
	"image/color"
	"math"
)

// An ink is a color that the theme decides. A plot names inks; the page that it is drawn on has their colors, so one plot
// serves light and dark pages. Drawn by other means than a [Figure] it has the colors of the light theme.
type ink struct {
	of    tone
	step  uint8 // on a ramp, or among the lines of a figure
	sheer uint8 // how much of what is below shines through; 0 is nothing
	on    bool  // not the color itself, but that of text on it
}

// The plain inks.
var (
	paperInk   = ink{of: paperTone}
	textInk    = ink{of: textTone}
	mutedInk   = ink{of: mutedTone}
	gridInk    = ink{of: gridTone}
	supportInk = ink{of: supportTone}
	opposeInk  = ink{of: opposeTone}
)

type tone uint8

const (
	paperTone tone = iota
	textTone
	mutedTone
	gridTone
	supportTone
	opposeTone
	lineTone   // by step
	signedTone // by step, the ramp from −max to +max
	amountTone // by step, the ramp from none to much
)

// lineInk is the color of the i-th line of a figure.
func lineInk(i int) ink { return ink{of: lineTone, step: uint8(i)} }

// signedInk is the color of v on a scale from −limit to +limit; what lies outside takes the end's color.
func signedInk(v, limit float64) ink {
	const half = (rampLen - 1) / 2
	return ink{of: signedTone, step: uint8(half + math.Round(half*min(max(v/limit, -1), 1)))}
}

// amountInk is the color of an amount v on a scale from 0 to limit; what lies outside takes the end's color.
func amountInk(v, limit float64) ink {
	return ink{of: amountTone, step: uint8(math.Round((rampLen - 1) * min(max(v/limit, 0), 1)))}
}

// faint lets what is below shine through.
func (k ink) faint(alpha uint8) ink { k.sheer = 255 - alpha; return k }

// text is the ink that is read best on this one.
func (k ink) text() ink { k.on = true; return k }

// in returns the color in a theme.
func (k ink) in(t *theme) (c color.NRGBA) {
	switch r, many := t.ramps(); k.of {
	case lineTone:
		c = t.cat[int(k.step)%len(t.cat)]
	case signedTone:
		c = r[k.step]
	case amountTone:
		c = many[k.step]
	default:
		c = [...]color.NRGBA{t.paper, t.ink, t.muted, t.grid, t.pos, t.neg}[k.of]
	}
	if k.on {
		return t.on(c)
	}
	c.A = 255 - k.sheer
	return c
}

// RGBA returns the color in the light theme.
func (k ink) RGBA() (r, g, b, a uint32) { return k.in(light).RGBA() }
