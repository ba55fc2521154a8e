package pagecheck

import (
	"math"
	"strconv"
	"strings"
)

// A color is in sRGB, each part from 0 to 1, not multiplied by its alpha.
type color struct{ r, g, b, a float64 }

var (
	white   = color{1, 1, 1, 1}
	black   = color{0, 0, 0, 1}
	nothing = color{}
)

// over lays c over an opaque color.
func (c color) over(back color) color {
	mix := func(x, y float64) float64 { return x*c.a + y*(1-c.a) }
	return color{mix(c.r, back.r), mix(c.g, back.g), mix(c.b, back.b), 1}
}

func (c color) luminance() float64 {
	lin := func(x float64) float64 {
		if x <= .04045 {
			return x / 12.92
		}
		return math.Pow((x+.055)/1.055, 2.4)
	}
	return .2126*lin(c.r) + .7152*lin(c.g) + .0722*lin(c.b)
}

// ratio is the contrast ratio of two opaque colors (WCAG 2.2).
func ratio(a, b color) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + .05) / (min(x, y) + .05)
}

// named are the colors by name that pages use.
var namedColors = map[string]uint32{"black": 0, "white": 0xffffff, "red": 0xff0000, "green": 0x008000, "blue": 0x0000ff, "gray": 0x808080, "grey": 0x808080,
	"silver": 0xc0c0c0, "maroon": 0x800000, "navy": 0x000080, "teal": 0x008080, "orange": 0xffa500, "yellow": 0xffff00, "purple": 0x800080,
	"dimgray": 0x696969, "darkgray": 0xa9a9a9, "lightgray": 0xd3d3d3, "whitesmoke": 0xf5f5f5}

func rgb(x uint32) color {
	return color{float64(x>>16&255) / 255, float64(x>>8&255) / 255, float64(x&255) / 255, 1}
}

// parseColor reads a color of CSS without variables; ink is that of currentColor. It reports false for what it does not know.
func parseColor(s string, ink color) (color, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	switch s {
	case "currentcolor", "inherit", "canvastext":
		return ink, true
	case "transparent", "none":
		return nothing, true
	}
	if x, ok := namedColors[s]; ok {
		return rgb(x), true
	}
	if h, ok := strings.CutPrefix(s, "#"); ok {
		return hexColor(h)
	}
	name, args, ok := call(s)
	if !ok {
		return color{}, false
	}
	switch name {
	case "rgb", "rgba":
		return functional(args)
	case "color-mix":
		return mixed(args, ink)
	}
	return color{}, false
}

func hexColor(h string) (color, bool) {
	if len(h) == 3 || len(h) == 4 {
		var b strings.Builder
		for _, r := range h {
			b.WriteString(strings.Repeat(string(r), 2))
		}
		h = b.String()
	}
	x, err := strconv.ParseUint(h, 16, 64)
	switch {
	case err != nil:
		return color{}, false
	case len(h) == 6:
		return rgb(uint32(x)), true
	case len(h) == 8:
		c := rgb(uint32(x >> 8))
		c.a = float64(x&255) / 255
		return c, true
	}
	return color{}, false
}

// call splits "name(a, b)" into its name and what is between its brackets.
func call(s string) (name, args string, ok bool) {
	name, args, ok = strings.Cut(s, "(")
	args, closed := strings.CutSuffix(args, ")")
	return strings.TrimSpace(name), args, ok && closed
}

// commas splits at commas that stand in no brackets.
func commas(s string) (out []string) {
	depth, from := 0, 0
	for i, r := range s {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				out, from = append(out, strings.TrimSpace(s[from:i])), i+1
			}
		}
	}
	return append(out, strings.TrimSpace(s[from:]))
}

func functional(args string) (color, bool) {
	f := strings.FieldsFunc(args, func(r rune) bool { return r == ',' || r == '/' || r == ' ' })
	if len(f) < 3 {
		return color{}, false
	}
	c := color{a: 1}
	for i, to := range []*float64{&c.r, &c.g, &c.b, &c.a}[:min(len(f), 4)] {
		of := 255.
		if i == 3 {
			of = 1
		}
		n, percent := strings.CutSuffix(f[i], "%")
		if percent {
			of = 100
		}
		x, err := strconv.ParseFloat(n, 64)
		if err != nil {
			return color{}, false
		}
		*to = min(max(x/of, 0), 1)
	}
	return c, true
}

// mixed is color-mix(in srgb, A p%, B q%).
func mixed(args string, ink color) (color, bool) {
	parts := commas(args)
	if len(parts) != 3 || parts[0] != "in srgb" {
		return color{}, false
	}
	var cs [2]color
	share := [2]float64{-1, -1}
	for i, p := range parts[1:] {
		if at := strings.LastIndex(p, " "); at > 0 && strings.HasSuffix(p, "%") {
			x, err := strconv.ParseFloat(p[at+1:len(p)-1], 64)
			if err != nil {
				return color{}, false
			}
			share[i], p = x/100, p[:at]
		}
		c, ok := parseColor(p, ink)
		if !ok {
			return color{}, false
		}
		cs[i] = c
	}
	switch {
	case share[0] < 0 && share[1] < 0:
		share = [2]float64{.5, .5}
	case share[0] < 0:
		share[0] = 1 - share[1]
	case share[1] < 0:
		share[1] = 1 - share[0]
	}
	a, b := share[0]*cs[0].a, share[1]*cs[1].a
	if a+b == 0 {
		return nothing, true
	}
	mix := func(x, y float64) float64 { return (x*a + y*b) / (a + b) }
	return color{mix(cs[0].r, cs[1].r), mix(cs[0].g, cs[1].g), mix(cs[0].b, cs[1].b), (a + b) / (share[0] + share[1])}, true
}
