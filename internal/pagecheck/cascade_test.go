package pagecheck

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestCascade: which of a sheet's colors an element has, by what is selected, by specificity and order, and by what a theme asks for.
func TestCascade(t *testing.T) {
	const body = `<section id="s" class="a b" data-k="v"><div class="d"><p id="x" class="one two" data-k="v" lang="en">text</p></div></section>`
	for css, want := range map[string][2]string{ // in the light theme and in the dark one
		`p { color: red }`:                                                                 {"red", "red"},
		`P { COLOR: red }`:                                                                 {"", ""}, // tags are as HTML writes them
		`p { COLOR: red }`:                                                                 {"red", "red"},
		`* { color: red } p { color: blue }`:                                               {"blue", "blue"},
		`p { color: blue } * { color: red }`:                                               {"blue", "blue"}, // a tag is more than any
		`p { color: red } p { color: blue }`:                                               {"blue", "blue"}, // the later of two alike
		`.one { color: red } p { color: blue }`:                                            {"red", "red"},
		`.one.three { color: red }`:                                                        {"", ""},
		`.one.two { color: red } .one { color: blue }`:                                     {"red", "red"},
		`#x { color: red } .one.two { color: blue }`:                                       {"red", "red"},
		`#y { color: red }`:                                                                {"", ""},
		`[data-k] { color: red } p { color: blue }`:                                        {"red", "red"},
		`[data-k="v"] { color: red }`:                                                      {"red", "red"},
		`[data-k="w"] { color: red } [data-z] { color: blue }`:                             {"", ""},
		`p:not(.q) { color: red } p { color: blue }`:                                       {"red", "red"},
		`:root { color: red }`:                                                             {"", ""},
		`:root p { color: red }`:                                                           {"red", "red"},
		`p:hover, p::before { color: red }`:                                                {"", ""},
		`h1, p, h2 { color: red }`:                                                         {"red", "red"},
		`section p { color: red }`:                                                         {"red", "red"},
		`section > p { color: red }`:                                                       {"", ""},
		`div>p { color: red }`:                                                             {"red", "red"},
		`section > div > p { color: red }`:                                                 {"red", "red"},
		`section > div p { color: red }`:                                                   {"red", "red"},
		`body > div > p { color: red }`:                                                    {"", ""},
		`div section p { color: red }`:                                                     {"", ""},
		`.d .a p { color: red }`:                                                           {"", ""},
		`div + p { color: red } div ~ p { color: blue }`:                                   {"", ""},
		`section { color: red }`:                                                           {"", ""}, // inherited, not its own
		`/* p { color: blue } */ p { color: /* blue */ red }`:                              {"red", "red"},
		`@import "x.css"; p { color: red }`:                                                {"red", "red"},
		`@charset "utf-8"; @media print { p { color: red } }`:                              {"", ""},
		`@media screen { p { color: red } } p { background: #fff }`:                        {"red", "red"},
		`@media (prefers-color-scheme: dark) { p { color: red } }`:                         {"", "red"},
		`@media (prefers-color-scheme: light) { p { color: red } }`:                        {"red", ""},
		`@media print and (prefers-color-scheme: dark) { p { color: red } }`:               {"", ""},
		`p { color: blue } @media (prefers-color-scheme:dark) { p { color: red } }`:        {"blue", "red"},
		`@supports (color: red) { p { color: red } } @layer a { p { margin: 0 } }`:         {"red", "red"},
		`@layer a { p { color: red } }`:                                                    {"red", "red"},
		`@keyframes k { p { color: red } } @font-face { src: url(a;b) } h1 { color: red }`: {"", ""},
		`@font-face { color: blue } p { color: red }`:                                      {"red", "red"},
		`p { background: url(a;color:blue;b); color: red !important; margin }`:             {"red", "red"},
		`p { --Ink: red; --ink: blue; color: var(--Ink) }`:                                 {"var(--Ink)", "var(--Ink)"},
		`{ color: red }`:                                                                   {"", ""},
		`p { color: red`:                                                                   {"red", "red"},
	} {
		doc, err := html.Parse(strings.NewReader("<style>" + css + "</style>" + body))
		if err != nil {
			t.Fatal(err)
		}
		var x *html.Node
		elements(doc, func(n *html.Node) {
			if attr(n, "id") == "x" {
				x = n
			}
		}, "p")
		for i, th := range documentThemes(doc) {
			if got := th.styleOf(x)["color"]; got != want[i] {
				t.Errorf("%s: %q in the %s theme, want %q", css, got, th.name, want[i])
			}
			if th.dark != (th.name == "dark") {
				t.Errorf("the theme %s is dark: %v", th.name, th.dark)
			}
		}
		x.Attr = append(x.Attr, html.Attribute{Key: "style", Val: "color: green"})
		if got := documentThemes(doc)[0].styleOf(x)["color"]; got != "green" {
			t.Errorf("%s: the element's own color gives way to %q", css, got)
		}
	}
}

// TestColors: every way to write a color, and what is none.
func TestColors(t *testing.T) {
	ink := color{.5, .25, 0, 1}
	for s, want := range map[string]color{
		"#f00": rgb(0xff0000), "#F008": {1, 0, 0, 136. / 255}, "#ff000080": {1, 0, 0, 128. / 255}, "#123456": rgb(0x123456), " RED ": rgb(0xff0000),
		"currentColor": ink, "inherit": ink, "transparent": nothing, "none": nothing,
		"rgb(255, 0, 0)": rgb(0xff0000), "rgba(255,0,0,.5)": {1, 0, 0, .5}, "rgb(100% 0% 50% / 50%)": {1, 0, .5, .5}, "rgb(300 -5 0)": rgb(0xff0000), "rgb(51 102 153)": {.2, .4, .6, 1},
		"color-mix(in srgb, red, blue)": {.5, 0, .5, 1}, "color-mix(in srgb, red 25%, blue)": {.25, 0, .75, 1}, "color-mix(in srgb, red, blue 25%)": {.75, 0, .25, 1},
		"color-mix(in srgb, red 20%, blue 20%)": {.5, 0, .5, 1}, "color-mix(in srgb, red 100%, blue 0%)": {1, 0, 0, 1}, "color-mix(in srgb, red 0%, blue 100%)": {0, 0, 1, 1},
		"color-mix(in srgb, red, transparent)": {1, 0, 0, .5}, "color-mix(in srgb, transparent, none)": nothing,
		"color-mix(in srgb, currentColor 50%, rgb(0, 0, 0))": {.25, .125, 0, 1},
	} {
		got, ok := parseColor(s, ink)
		for _, d := range []float64{got.r - want.r, got.g - want.g, got.b - want.b, got.a - want.a} {
			if !ok || d > 1e-9 || d < -1e-9 {
				t.Errorf("%s is %v (%v), want %v", s, got, ok, want)
				break
			}
		}
	}
	for _, s := range []string{"", "#", "#12", "#12345", "#1234567", "#123456789", "#ggg", "reddish", "rgb(1,2", "rgb 1,2,3)", "rgb(1,2)", "rgb(a,b,c)", "hsl(0,0%,0%)",
		"color-mix(in srgb, red)", "color-mix(in oklab, red, blue)", "color-mix(in srgb, red x%, blue)", "color-mix(in srgb, reddish, blue)", "color-mix(in srgb, red, 25%)"} {
		if got, ok := parseColor(s, ink); ok {
			t.Errorf("%s is %v", s, got)
		}
	}
}

// TestResolve: variables, what stands in for one that is not there, and one that is its own.
func TestResolve(t *testing.T) {
	vars := map[string]string{"--a": "red", "--b": "var(--a)", "--c": "var(--c)", "--d": "rgb(1,2,3)"}
	for s, want := range map[string]string{
		"blue": "blue", "var(--a)": "red", "var( --a )": "red", "var(--b)": "red", "var(--z, blue)": "blue", "var(--z, var(--a))": "red", "var(--z)": "",
		"color-mix(in srgb, var(--a) 50%, var(--z, rgb(4, 5, 6)))": "color-mix(in srgb, red 50%, rgb(4, 5, 6))", "x var(--d) y": "x rgb(1,2,3) y", "var(--a": "red",
	} {
		if got := resolve(s, vars); got != want {
			t.Errorf("%s is %q, want %q", s, got, want)
		}
	}
	vars["--e"] = "var(--f) var(--f) var(--f) var(--f)"
	vars["--f"] = "var(--e, x) var(--e) var(--e) var(--e)"
	if got := resolve("var(--c)a var(--e)", vars); strings.Contains(got, "var(") || !strings.HasPrefix(got, "a x") {
		t.Errorf("a variable that is its own is %q", got)
	}
}

// TestLooks: what is looked at for its contrast, and what is not: each line has one thing that is pale, or none.
func TestLooks(t *testing.T) {
	for body, want := range map[string]int{
		`<p style="color:#aaa">x</p><p style="color:#aaa">y</p>`: 1, // once for each pair of colors
		`<p style="color:#aaa">x</p><p style="color:#bbb">y</p>`: 2,
		`<p style="color:#aaa"> </p>`:                            0,
		`<p style="color:#aaa"><!-- x --></p>`:                   0,
		`<p style="color:#aaa"><b style="color:#000">x</b></p>`:  0,
		`<div style="color:#aaa"><script>x</script><style>x</style><template>x</template><svg aria-label="a"><text>x</text></svg></div>`: 0,
		`<p style="color:#aaa" hidden>x</p>`:                                                                          0,
		`<p style="color:#aaa;display:none">x</p>`:                                                                    0,
		`<p style="color:#aaa;visibility:hidden">x</p>`:                                                               0,
		`<p style="color:initial;color:unset">x</p>`:                                                                  0,
		`<p style="color:#aaa;background-color:#000">x</p>`:                                                           0,
		`<p style="color:#aaa;background:#000"><b>x</b></p>`:                                                          0,
		`<p style="background:#777;background-color:#fff">x</p>`:                                                      0,
		`<p style="background:rgba(0,0,0,.9)">x</p>`:                                                                  1, // laid over the paper
		`<p style="background:linear-gradient(#000,#000)">x</p>`:                                                      0, // no color
		`<p style="background:url(a.png)">x</p>`:                                                                      0,
		`<p style="background:lab(0 0 0)">x</p>`:                                                                      1, // not one that can be checked
		`<p style="--ink:#aaa;color:var(--ink)">x</p>`:                                                                1,
		`<div style="--ink:#000"><p style="--other:#aaa;color:var(--ink)">x</p></div>`:                                0,
		`<div style="--ink:#aaa"><p style="--ink:#000;color:var(--ink)">x</p><p style="color:var(--ink)">y</p></div>`: 1,
		`<p style="color:#767676">x</p>`:                                                                              0, // 4.54
		`<p style="color:#777777">x</p>`:                                                                              1, // 4.48
	} {
		found := Page("f", page("", body))
		n := 0
		for _, f := range found {
			if f.Rule != "contrast" {
				t.Errorf("%s: %v", body, f)
			}
			if strings.Contains(f.What, "light theme") || strings.Contains(f.What, "checked") {
				n++
			}
		}
		if strings.Contains(body, "lab(") {
			n /= 2 // said of both themes
		}
		if n != want {
			t.Errorf("%s: %d findings, want %d: %v", body, n, want, found)
		}
	}
}
