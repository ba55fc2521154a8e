package plotting

import (
	"bytes"
	"errors"
	"image/color"
	"strings"
	"testing"
)

func TestWidthIsInInchesOrPixels(t *testing.T) {
	fig := ByLayer(profile(12))
	for _, c := range []struct {
		fig    *Figure
		pixels int
	}{
		{fig, 624}, {fig.Width(3.25), 312}, {fig.Width(500), 500}, {fig.Size(500, 300), 500}, {fig.Size(5, 3), 480},
		{fig.Width(500).Width(0), 624}, {fig.FontSize(14), 624}, {fig.FontSize(14).Width(400), 400},
	} {
		if got := c.fig.CSSWidth(); got != c.pixels {
			t.Errorf("%+v is %d pixels wide, want %d", c.fig.look, got, c.pixels)
		}
		if got := picture(t, c.fig).Bounds().Dx(); got != 2*c.pixels {
			t.Errorf("%+v is drawn %d pixels wide, want %d", c.fig.look, got, 2*c.pixels)
		}
	}
	if a, b := picture(t, fig.Height(4)).Bounds(), picture(t, fig.Height(384)).Bounds(); a != b || a.Dy() != 768 {
		t.Errorf("4 inches are %v, 384 pixels %v", a, b)
	}
}

// TestFontSizeScalesAllText: at twice the size the same figure, laid out on half the page, is twice as high, and what it says
// stays.
func TestFontSizeScalesAllText(t *testing.T) {
	for name, fig := range figures() {
		small, large := picture(t, fig.Width(4)).Bounds(), picture(t, fig.Width(8).FontSize(18)).Bounds()
		if large.Dx() != 2*small.Dx() || large.Dy() < 2*small.Dy()-4 || large.Dy() > 2*small.Dy()+4 {
			t.Errorf("%s: %v, and at twice the size %v", name, small, large)
		}
		if fig.FontSize(18).Alt() != fig.Alt() {
			t.Errorf("%s: the alternative text changes with the size of the font", name)
		}
	}
}

// TestUntitledHasNoHeading: what stands above the plot goes, and the finding stays where it is not drawn.
func TestUntitledHasNoHeading(t *testing.T) {
	fig := ByLayer(toldLayered{layered: profile(12)})
	bare := fig.Untitled()
	if h, w := picture(t, fig).Bounds().Dy(), picture(t, bare).Bounds().Dy(); w >= h {
		t.Errorf("it is %d pixels high, with a heading %d", w, h)
	}
	if bare.TitleText() != fig.TitleText() || bare.Alt() != fig.Alt() {
		t.Errorf("the finding is %q and %q", bare.TitleText(), bare.Alt())
	}
	d := must(bare.drawing())
	if h := bare.heading(d, new(lacking), 400); len(h.title) != 0 || len(h.subtitle) != 0 || h.row == 0 {
		t.Errorf("the heading is %q, %q, legend %v", h.title, h.subtitle, h.row)
	}
	if h := bare.Subtitle("own").heading(d, new(lacking), 400); len(h.title) != 0 || strings.Join(h.subtitle, "") != "own" {
		t.Errorf("with a subtitle of its own: %q, %q", h.title, h.subtitle)
	}
	if h := bare.Title("own").heading(d, new(lacking), 400); strings.Join(h.title, "") != "own" {
		t.Errorf("titled again: %q", h.title)
	}
	map1 := HeatMap(landscape(6, tokens(5))).Untitled()
	if h := map1.heading(must(map1.drawing()), new(lacking), 400).height(); h != 0 {
		t.Errorf("an empty heading is %v high", h)
	}
}

func TestTransparentHasNoPaper(t *testing.T) {
	img := picture(t, ByLayer(profile(12)).Transparent())
	if _, _, _, a := img.At(0, 0).RGBA(); a != 0 {
		t.Errorf("the corner is %v", img.At(0, 0))
	}
	if n, _ := pixels(img, supportInk.in(light)); n == 0 {
		t.Error("no bar")
	}
}

// TestVariantsAreTheFigureInBothThemes, whichever it is in, and the numbers are asked for once.
func TestVariantsAreTheFigureInBothThemes(t *testing.T) {
	var asked, told int
	fig := ByLayer(counter{profile(4), &asked, &told})
	for _, f := range []*Figure{fig, fig.Dark()} {
		l, d, err := f.Variants()
		if err != nil || !bytes.Equal(l, must(fig.PNG())) || !bytes.Equal(d, must(fig.Dark().PNG())) || bytes.Equal(l, d) {
			t.Errorf("light and dark differ from the figure's own, %v", err)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	if l, d, err := ByLayer(nil).Variants(); l != nil || d != nil || !errors.Is(err, ErrNoData) {
		t.Errorf("of nothing: %d and %d bytes, %v", len(l), len(d), err)
	}
	if at := picture(t, fig.Dark().Light()).At(0, 0); color.NRGBAModel.Convert(at) != light.paper {
		t.Errorf("light again, its paper is %v", at)
	}
}

// side is any circuit that compares itself with others.
type side struct{ name string }

func (s side) OverlapWith(others ...side) interface {
	Len() int
	Names() []string
	Sizes() []int
	Jaccard(i, j int) float64
	Expected(i, j int) float64
} {
	x := sets(len(others) + 1)
	x.names = nil
	for _, o := range append([]side{s}, others...) {
		x.names = append(x.names, o.name)
	}
	return tested{x, .001}
}

// TestOverlapTakesCircuits: one after the other, as a list, or compared already; the figure is the same.
func TestOverlapTakesCircuits(t *testing.T) {
	list := []side{{"a"}, {"b"}, {"c"}}
	compared := Overlap(Overlapping(list[0].OverlapWith(list[1:]...)))
	want := must(compared.SVG())
	for how, fig := range map[string]*Figure{"one by one": Overlap(list[0], list[1], list[2]), "as a list": Overlap(list...)} {
		if got := must(fig.SVG()); !bytes.Equal(got, want) || !strings.Contains(fig.Alt(), "p = 0.001") {
			t.Errorf("%s: another figure, %s", how, fig.Alt())
		}
	}
	fig := Overlap(list...)
	list[0].name = "changed"
	if fig.TitleText() != compared.TitleText() {
		t.Error("the figure changes with the list that it was made from")
	}
	if _, err := Overlap(side{"a"}).SVG(); !errors.Is(err, ErrNoData) {
		t.Errorf("one circuit: %v", err)
	}
}
