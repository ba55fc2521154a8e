package plotting

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	stddraw "image/draw"
	"image/png"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// strike adds a horizontal line to a figure's plot, in a color that no figure has.
func strike(t *testing.T, fig *Figure, y float64) *plotter.Line {
	t.Helper()
	p := fig.Plot()
	l, err := plotter.NewLine(plotter.XYs{{X: p.X.Min, Y: y}, {X: p.X.Max, Y: y}})
	if err != nil {
		t.Fatal(err)
	}
	l.Color, l.Width = magenta, 3
	p.Add(l)
	return l
}

var magenta = color.NRGBA{R: 255, B: 255, A: 255}

func picture(t *testing.T, fig *Figure) image.Image {
	t.Helper()
	data, err := fig.PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// pixels returns how many pixels have a color, and the rectangle around them.
func pixels(img image.Image, of color.Color) (n int, around image.Rectangle) {
	r, g, b, _ := of.RGBA()
	want := []byte{byte(r >> 8), byte(g >> 8), byte(b >> 8)}
	flat := image.NewRGBA(img.Bounds())
	stddraw.Draw(flat, flat.Rect, img, flat.Rect.Min, stddraw.Src)
	for i := 0; i < len(flat.Pix); i += 4 {
		if bytes.Equal(flat.Pix[i:i+3], want) {
			n++
			x, y := i%flat.Stride/4, i/flat.Stride
			around = around.Union(image.Rect(x, y, x+1, y+1))
		}
	}
	return n, around
}

// TestWhatIsAddedToAPlotIsDrawn holds it of every figure, in every format, and in copies made before and after.
func TestWhatIsAddedToAPlotIsDrawn(t *testing.T) {
	for name, fig := range figures() {
		before := fig.Dark()
		plain, err := fig.SVG()
		if err != nil {
			t.Fatal(err)
		}
		p := fig.Plot()
		strike(t, fig, (p.Y.Min+p.Y.Max)/2)
		note, err := plotter.NewLabels(plotter.XYLabels{
			XYs:    plotter.XYs{{X: (p.X.Min + p.X.Max) / 2, Y: (p.Y.Min + p.Y.Max) / 2}, {X: (p.X.Min + p.X.Max) / 2, Y: (p.Y.Min + 2*p.Y.Max) / 3}},
			Labels: []string{"here", "and here"},
		})
		if err != nil {
			t.Fatal(err)
		}
		note.TextStyle[0] = p.Legend.TextStyle // the other one has gonum's
		p.Add(note)
		for kind, f := range map[string]*Figure{"itself": fig, "dark, made before": before, "larger, made after": fig.Size(8, 6).Title("x")} {
			img := picture(t, f)
			n, around := pixels(img, magenta)
			if wide := img.Bounds().Dx() / 4; around.Dx() < wide || n < 3*around.Dx() {
				t.Errorf("%s, %s: the line has %d pixels within %v", name, kind, n, around)
			}
			svg, err := f.SVG()
			if err != nil || !bytes.Contains(svg, []byte("stroke:#FF00FF")) || bytes.Contains(svg, []byte("<text")) {
				t.Errorf("%s, %s: the SVG has no line or has text that is not outlined, %v", name, kind, err)
			}
			if pdf, err := f.PDF(); err != nil || bytes.Contains(pdf, []byte("/FontFile")) {
				t.Errorf("%s, %s: PDF embeds a font, %v", name, kind, err)
			}
		}
		added, err := fig.SVG()
		if err != nil || bytes.Count(added, []byte("<path")) != bytes.Count(plain, []byte("<path"))+3 {
			t.Errorf("%s: a line and two labels are %d more paths, %v", name, bytes.Count(added, []byte("<path"))-bytes.Count(plain, []byte("<path")), err)
		}
	}
}

// TestALegendMovesIntoThePlot: above it by default, with what is added; within it once it has a place.
func TestALegendMovesIntoThePlot(t *testing.T) {
	fig := ByLayer(profile(12))
	fig.Plot().Legend.Add("level", strike(t, fig, 3))
	place := func() image.Rectangle {
		_, around := pixels(picture(t, fig), opposeInk.in(light)) // bars are low, so the uppermost is the swatch
		return around
	}
	above := place()
	fig.Plot().Legend.Top = true
	right := place()
	fig.Plot().Legend.Left = true
	left := place()
	if above.Min.Y >= right.Min.Y || right.Min.Y != left.Min.Y {
		t.Errorf("the legend begins %d pixels from the top above the plot, %d and %d within", above.Min.Y, right.Min.Y, left.Min.Y)
	}
	if left.Min.X >= right.Min.X {
		t.Errorf("at the left it begins at %d, at the right at %d", left.Min.X, right.Min.X)
	}
}

// TestDefaultBlackFollowsTheTheme: gonum's lines are black, which nobody sees on a dark page.
func TestDefaultBlackFollowsTheTheme(t *testing.T) {
	fig := HeatMap(grid{[][]float64{{0, 0}}, []string{"a", "b"}})
	l := strike(t, fig, 0)
	for _, f := range []*Figure{fig, fig.Dark()} {
		l.Color = magenta
		without, _ := pixels(picture(t, f), f.theme.ink)
		for _, l.Color = range []color.Color{color.Black, nil} {
			if with, _ := pixels(picture(t, f), f.theme.ink); with < without+3*300 {
				t.Errorf("the line in %v has %d pixels of ink", l.Color, with-without)
			}
		}
	}
}

func TestAPlotsTitleIsTheFigures(t *testing.T) {
	fig := ByLayer(profile(6))
	p := fig.Plot()
	if p.Title.Text != fig.TitleText() {
		t.Errorf("the plot's title is %q, the figure's %q", p.Title.Text, fig.TitleText())
	}
	finding := p.Title.Text
	p.Title.Text = "Mine"
	if alt := fig.Alt(); fig.TitleText() != "Mine" || !strings.HasPrefix(alt, "Mine. Bar chart") || !strings.Contains(alt, finding) {
		t.Errorf("%q, %q", fig.TitleText(), alt)
	}
	if got := fig.Title("Yours").TitleText(); got != "Yours" {
		t.Errorf("the figure's own title is %q", got)
	}
	p.Title.Text = ""
	if fig.TitleText() != finding {
		t.Errorf("without a title it is named %q", fig.TitleText())
	}
	if _, err := fig.PNG(); err != nil {
		t.Error(err)
	}
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

// TestAPlotStaysWithinItsAxes: whatever range somebody sets, nothing is painted over heading and labels.
func TestAPlotStaysWithinItsAxes(t *testing.T) {
	for name, fig := range figures() {
		p := fig.Plot()
		dx, dy := p.X.Max-p.X.Min, p.Y.Max-p.Y.Min
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = p.X.Min+dx/3, p.X.Max-dx/3, p.Y.Min+dy/3, p.Y.Max-dy/3
		p.BackgroundColor = nil
		inside := &edge{t: t, name: name}
		d := must(fig.drawing())
		c := draw.NewCanvas(inside, 400, 300)
		inside.data = d.plot.DataCanvas(c).Rectangle
		d.plot.Draw(c)
		for _, f := range []*Figure{fig, fig.Size(4, 4)} {
			if _, err := f.SVG(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// An edge complains about large marks that leave the rectangle of the data. Text and ticks are small.
type edge struct {
	vg.Canvas
	t    *testing.T
	name string
	data vg.Rectangle
}

func (f *edge) SetColor(color.Color)               {}
func (f *edge) SetLineWidth(vg.Length)             {}
func (f *edge) SetLineDash([]vg.Length, vg.Length) {}
func (f *edge) Fill(p vg.Path)                     { f.check(p) }
func (f *edge) Stroke(p vg.Path)                   { f.check(p) }

func (f *edge) check(p vg.Path) {
	var lo, hi vg.Point
	for i, k := range p {
		switch {
		case k.Type == vg.CurveComp:
			return // a letter
		case k.Type == vg.CloseComp:
			continue
		case i == 0:
			lo, hi = k.Pos, k.Pos
		}
		lo, hi = vg.Point{X: min(lo.X, k.Pos.X), Y: min(lo.Y, k.Pos.Y)}, vg.Point{X: max(hi.X, k.Pos.X), Y: max(hi.Y, k.Pos.Y)}
	}
	const slop = 1e-6
	out := lo.X < f.data.Min.X-slop || lo.Y < f.data.Min.Y-slop || hi.X > f.data.Max.X+slop || hi.Y > f.data.Max.Y+slop
	crosses := hi.X > f.data.Min.X && lo.X < f.data.Max.X && hi.Y > f.data.Min.Y && lo.Y < f.data.Max.Y
	if out && crosses {
		f.t.Errorf("%s: a mark from %v to %v leaves %v", f.name, lo, hi, f.data)
	}
}

// TestAPlotOfABadFigureIsEmpty: a user may add to it all the same, and drawing says what is wrong.
func TestAPlotOfABadFigureIsEmpty(t *testing.T) {
	fig := ByLayer(layered{})
	p := fig.Plot()
	p.Legend.Top = true
	p.Add(plotter.NewGrid())
	if _, err := fig.PNG(); !errors.Is(err, ErrNoData) {
		t.Errorf("got %v", err)
	}
	if fig.TitleText() != "This figure cannot be drawn" {
		t.Error(fig.TitleText())
	}
}

// TestAPlottersPanicIsAnError: gonum's panic where a scale has no value.
func TestAPlottersPanicIsAnError(t *testing.T) {
	fig := ByLayer(profile(6))
	fig.Plot().Y.Scale = plot.LogScale{}
	for _, encode := range []func() ([]byte, error){fig.PNG, fig.SVG, fig.PDF} {
		if data, err := encode(); !errors.Is(err, ErrPlot) || data != nil || !strings.Contains(err.Error(), "log scale") {
			t.Errorf("got %d bytes and %v", len(data), err)
		}
	}
	fig.Plot().Y.Scale = plot.LinearScale{}
	if _, err := fig.PNG(); err != nil {
		t.Errorf("after that: %v", err)
	}
}

// TestAMarkThatLiesNowhereIsAnError: a range or a point that is not a number would keep the rasterizer busy for hours.
func TestAMarkThatLiesNowhereIsAnError(t *testing.T) {
	for what, spoil := range map[string]func(*plot.Plot){
		"range": func(p *plot.Plot) { p.Y.Min = math.NaN() },
		"point": func(p *plot.Plot) {
			dots := &plotter.Line{XYs: plotter.XYs{{X: 1, Y: 1}, {X: 2, Y: math.NaN()}, {X: 3, Y: 1}}, LineStyle: plotter.DefaultLineStyle}
			p.Add(dots)
		},
	} {
		fig := DoseResponse(sigmoid("a", .5, 8, 20))
		spoil(fig.Plot())
		for _, encode := range []func() ([]byte, error){fig.SVG, fig.PNG, fig.PDF} {
			if data, err := encode(); !errors.Is(err, ErrPlot) || data != nil || !strings.Contains(err.Error(), "finite") {
				t.Errorf("%s: %d bytes, %v", what, len(data), err)
			}
		}
	}
}

// TestAPlotIsDrawnByGonumToo: with its own Save, without heading.
func TestAPlotIsDrawnByGonumToo(t *testing.T) {
	for name, fig := range figures() {
		for _, format := range []string{"svg", "eps"} {
			w, err := fig.Plot().WriterTo(6*vg.Inch, 4*vg.Inch, format)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if _, err := w.WriteTo(&out); err != nil || format == "svg" && bytes.Contains(out.Bytes(), []byte("<text")) {
				t.Errorf("%s: %s: %v", name, format, err)
			}
		}
	}
}

// TestDrawingLeavesThePlot: the next size starts from what the user sees, not from what the last one needed.
func TestDrawingLeavesThePlot(t *testing.T) {
	for name, fig := range figures() {
		p := fig.Plot()
		before := *p
		small := must(fig.Size(4, 3.3).SVG())
		_ = must(fig.Size(9, 9).Dark().PNG())
		if p.X.Min != before.X.Min || p.X.Tick.Label.Font != before.X.Tick.Label.Font || p.Y.Label.TextStyle.Font != before.Y.Label.TextStyle.Font ||
			p.X.Tick.Length != before.X.Tick.Length || p.Title.Text != before.Title.Text || p.BackgroundColor != before.BackgroundColor {
			t.Errorf("%s: drawing changed the plot", name)
		}
		if again := must(fig.Size(4, 3.3).SVG()); !bytes.Equal(small, again) {
			t.Errorf("%s: drawn again it differs", name)
		}
	}
}
