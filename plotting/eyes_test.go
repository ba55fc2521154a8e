package plotting

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

var eyes = flag.String("eyes", "", "write the figures as color-blind eyes and gray printers see them to this folder")

// The least distances in OKLab, where 0.02 is just noticeable: of what is told apart by color alone, and of a mark from its ground.
const (
	apartAlone  = 0.15
	apartGround = 0.20
)

// seenBy returns a color as an eye sees it; that of a gray printer keeps the luminance alone.
func seenBy(eye string, c color.NRGBA) oklab {
	if eye != "gray" {
		return simulate(c, deficiencies[eye])
	}
	l := gamma(luminance(c))
	return toOKLab(color.NRGBA{l, l, l, 255})
}

var allEyes = []string{"none", "protanopia", "deuteranopia", "tritanopia", "gray"}

func (c oklab) from(d oklab) float64 {
	return math.Sqrt((c.l-d.l)*(c.l-d.l) + (c.a-d.a)*(c.a-d.a) + (c.b-d.b)*(c.b-d.b))
}

// carriers says, for every kind of figure in which two colors stand that some eye takes for one, what else tells them apart, and
// whether it is so. Its keys are the functions; a figure that has two such colors and no entry fails.
var carriers = map[string]struct {
	what string
	see  func(f *Figure, p *palette, a, b color.NRGBA) bool
}{
	"plotting.ByLayer":      {"bars go up or down from zero", func(f *Figure, _ *palette, _, _ color.NRGBA) bool { return f.Plot().Y.Min <= 0 && f.Plot().Y.Max > 0 }},
	"plotting.Forest":       {"a row lies left or right of zero", func(f *Figure, _ *palette, _, _ color.NRGBA) bool { return f.Plot().X.Min < 0 && f.Plot().X.Max > 0 }},
	"plotting.Profiles":     {"bars go left or right, and cells have strokes: TestSignsAreSeenInGray", func(f *Figure, _ *palette, _, _ color.NRGBA) bool { return strings.ContainsAny(f.Alt(), "−+") }},
	"plotting.HeatMap":      {"TestSignsAreSeenInGray", inGray},
	"plotting.ByPrompt":     {"TestSignsAreSeenInGray", inGray},
	"plotting.TokenStrip":   {"TestSignsAreSeenInGray", inGray},
	"plotting.BeforeAfter":  {"arrows point up or down the axis, beside numbers with signs", printsChanges},
	"plotting.Graph":        {"edges that oppose are dashed", dashed},
	"plotting.DoseResponse": {"lines differ by dashes", dashed},
	"plotting.Cumulative":   {"lines differ by dashes", dashed},
	"plotting.Faithfulness": {"lines differ by dashes", dashed},
}

// dashed reports whether what is stroked in two colors has other dashes.
func dashed(_ *Figure, p *palette, a, b color.NRGBA) bool {
	for pattern := range p.strokes[a] {
		if p.strokes[b][pattern] {
			return false
		}
	}
	return len(p.strokes[a]) > 0 && len(p.strokes[b]) > 0
}

func printsChanges(f *Figure, _ *palette, _, _ color.NRGBA) bool {
	b := must(f.drawing()).chart.(*beforeAfterChart)
	for i := range b.labels {
		if s := (changes{b}).numbers(i); b.from[i]-b.to[i] > .001 && !strings.Contains(s, minus) || b.to[i]-b.from[i] > .001 && !strings.Contains(s, "+") {
			return false
		}
	}
	return true
}

// inGray stands for what a test of its own holds.
func inGray(*Figure, *palette, color.NRGBA, color.NRGBA) bool { return true }

// TestSignsAreSeenInGray: of a figure and the one with all signs turned, printed in gray, the strongest places differ: by a number
// with its sign or a stroke, not by a shade.
func TestSignsAreSeenInGray(t *testing.T) {
	turn := func(z [][]float64) (out [][]float64) {
		for _, row := range z {
			out = append(out, negated(row))
		}
		return out
	}
	small, large, acts, many, strip := landscape(6, tokens(8)), landscape(60, tokens(60)), acting(12, 9), acting(40, 120), tinting(tokens(24))
	turned := func(p prompted) prompted { p.z = turn(p.z); return p }
	read := reading(tokens(8), tokens(11), 12, 7, 4)
	back := read // the bars stay, the cells turn
	back.reads, back.writes = turn(read.reads), turn(read.writes)
	other := strip
	other.v = negated(strip.v)
	for name, pair := range map[string][2]*Figure{
		"HeatMap": {HeatMap(small), HeatMap(grid{turn(small.z), small.labels})}, "HeatMap large": {HeatMap(large), HeatMap(grid{turn(large.z), large.labels})},
		"ByPrompt": {ByPrompt(acts), ByPrompt(turned(acts))}, "ByPrompt large": {ByPrompt(many), ByPrompt(turned(many))},
		"TokenStrip": {TokenStrip(strip), TokenStrip(other)}, "Profiles": {Profiles(read), Profiles(back)},
	} {
		for what, look := range map[string]func(*Figure) *Figure{"light": (*Figure).Untitled, "dark": func(f *Figure) *Figure { return f.Untitled().Dark() }} {
			a, b := picture(t, look(pair[0])), picture(t, look(pair[1]))
			if a.Bounds() != b.Bounds() {
				t.Fatalf("%s: %v and %v", name, a.Bounds(), b.Bounds())
			}
			differ := 0
			for y := range a.Bounds().Dy() {
				for x := range a.Bounds().Dx() * 17 / 20 { // without the color bar
					if p, q := a.At(x, y), b.At(x, y); p != q {
						l := func(c color.Color) float64 { return math.Cbrt(luminance(color.NRGBAModel.Convert(c).(color.NRGBA))) }
						if math.Abs(l(p)-l(q)) > .3 {
							differ++
						}
					}
				}
			}
			if differ < 40 {
				t.Errorf("%s, %s: with all signs turned %d pixels differ in gray", name, what, differ)
			}
		}
	}
}

// TestSeriesSurviveColorBlindness holds the lines of a figure apart, for every eye, by color or by dashes and points, and from paper.
func TestSeriesSurviveColorBlindness(t *testing.T) {
	for name, th := range map[string]*theme{"light": light, "dark": dark} {
		for _, eye := range allEyes {
			paper := seenBy(eye, th.paper)
			for i, a := range th.cat {
				if d := seenBy(eye, a).from(paper); d < apartGround {
					t.Errorf("%s, %s: series %d is %.3f from paper", name, eye, i, d)
				}
				for j, b := range th.cat[:i] {
					d := seenBy(eye, a).from(seenBy(eye, b))
					if d < apartAlone && (slices.Equal(dashes[i], dashes[j]) || shapes[i] == shapes[j]) {
						t.Errorf("%s, %s: series %d and %d are %.3f apart, and have the same dashes or points", name, eye, j, i, d)
					}
				}
			}
			for what, c := range map[string]color.NRGBA{"supports": th.pos, "opposes": th.neg, "muted": th.muted} {
				if d := seenBy(eye, c).from(paper); d < apartGround {
					t.Errorf("%s, %s: what %s is %.3f from paper", name, eye, what, d)
				}
			}
			for i, c := range th.signed() { // the two ends of the signed scale, at the same size of a score
				if half := rampLen / 2; i <= half/2 && eye != "gray" { // from half of the limit on
					if d := seenBy(eye, c).from(seenBy(eye, th.signed()[rampLen-1-i])); d < apartAlone {
						t.Errorf("%s, %s: scores of ±%d/%d are %.3f apart", name, eye, half-i, half, d)
						break
					}
				}
			}
		}
	}
}

// TestFiguresSurviveColorBlindness: every figure that has two colors with a meaning that some eye does not tell apart says the same
// by something else.
func TestFiguresSurviveColorBlindness(t *testing.T) {
	told := map[string]bool{}
	for name, fig := range figures() {
		for what, f := range map[string]*Figure{"light": fig, "dark": fig.Dark()} {
			page := colorsOf(t, f)
			used := page.used
			means := append([]color.NRGBA{f.theme.pos, f.theme.neg}, f.theme.cat[:]...)
			for i, a := range means {
				for _, b := range means[:i] {
					if a == b || !used[a] || !used[b] {
						continue
					}
					for _, eye := range allEyes {
						if seenBy(eye, a).from(seenBy(eye, b)) >= apartAlone {
							continue
						}
						c, ok := carriers[f.where]
						if told[f.where] = true; !ok {
							t.Errorf("%s, %s: %v and %v are alike to %s, and nothing else tells them apart", name, what, a, b, eye)
						} else if !c.see(f, page, a, b) {
							t.Errorf("%s, %s: %v and %v are alike to %s, and it is not so that %s", name, what, a, b, eye, c.what)
						}
					}
				}
			}
		}
		if *eyes != "" {
			writeEyes(t, name, fig)
		}
	}
	for where := range carriers {
		if !told[where] {
			t.Errorf("%s has no two colors that some eye takes for one: the test looks at nothing", where)
		}
	}
}

// A palette is a page that keeps the colors that were drawn with.
type palette struct {
	vg.Canvas
	now     color.NRGBA
	dashes  string
	used    map[color.NRGBA]bool
	strokes map[color.NRGBA]map[string]bool // the dashes of long lines
}

func (p *palette) SetColor(c color.Color) {
	p.now = color.NRGBAModel.Convert(c).(color.NRGBA)
	p.now.A = 255
}
func (p *palette) Fill(vg.Path) { p.used[p.now] = true }
func (p *palette) Stroke(path vg.Path) {
	p.used[p.now] = true
	long := false // no point and no node
	for _, c := range path[1:] {
		long = long || c.Type != vg.CloseComp && math.Abs(float64(c.Pos.X-path[0].Pos.X)) > 16
	}
	if !long {
		return
	}
	if p.strokes[p.now] == nil {
		p.strokes[p.now] = map[string]bool{}
	}
	p.strokes[p.now][p.dashes] = true
}
func (p *palette) SetLineWidth(vg.Length)                 {}
func (p *palette) SetLineDash(d []vg.Length, _ vg.Length) { p.dashes = fmt.Sprint(d) }
func (p *palette) Push()                                  {}
func (p *palette) Pop()                                   {}
func (p *palette) Translate(vg.Point)                     {}
func (p *palette) Scale(float64, float64)                 {}

func colorsOf(t *testing.T, f *Figure) *palette {
	t.Helper()
	d, key := must(f.drawing()), new(lacking)
	_, layout, err := f.page(d, key)
	p := &palette{used: map[color.NRGBA]bool{}, strokes: map[color.NRGBA]map[string]bool{}}
	if err == nil {
		err = f.draw(p, d, key, layout.X, layout.Y)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// writeEyes writes a figure as every eye sees it.
func writeEyes(t *testing.T, name string, fig *Figure) {
	t.Helper()
	src := picture(t, fig)
	for _, eye := range allEyes[1:] {
		out := image.NewNRGBA(src.Bounds())
		known := map[color.NRGBA]color.NRGBA{}
		for y := range src.Bounds().Dy() {
			for x := range src.Bounds().Dx() {
				c := color.NRGBAModel.Convert(src.At(x, y)).(color.NRGBA)
				seen, ok := known[c]
				if !ok {
					seen = seenBy(eye, c).nrgba()
					known[c] = seen
				}
				out.SetNRGBA(x, y, seen)
			}
		}
		var b bytes.Buffer
		path := filepath.Join(*eyes, fmt.Sprintf("%s_%s.png", strings.ReplaceAll(name, " ", "_"), eye))
		if err := png.Encode(&b, out); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestBarsCarryTheirNumbers: the number within a bar of LayerFlow is read on it in both themes.
func TestBarsCarryTheirNumbers(t *testing.T) {
	for name, th := range map[string]*theme{"light": light, "dark": dark} {
		bar, paper := mutedInk.faint(flowBar).in(th), th.paper
		mixed := func(a, b uint8) uint8 { return uint8((int(a)*int(bar.A) + int(b)*(255-int(bar.A))) / 255) }
		on := color.NRGBA{mixed(bar.R, paper.R), mixed(bar.G, paper.G), mixed(bar.B, paper.B), 255}
		if c := contrast(flowNumber.in(th), on); c < 4.5 {
			t.Errorf("%s: a contrast of %.1f", name, c)
		}
	}
}
