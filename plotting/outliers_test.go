package plotting

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"
)

// TestOutliersLeaveTheOthersSeen: a scale ends near the rest; what goes beyond is marked, and its value is written.
func TestOutliersLeaveTheOthersSeen(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{1, 2, -3, 1000}, 4.8}, {[]float64{1, 2, -1000, 3, 900}, 4.8}, {[]float64{1, 2, 3, 24}, 24}, {[]float64{1, 2, 3, -24.1}, 4.8},
		{[]float64{0, 0, 5}, 5}, {[]float64{7}, 7}, {[]float64{1, 100, 100, 100}, 100},
	} {
		most := 0.
		for _, v := range c.values {
			most = max(most, math.Abs(v))
		}
		if got := withoutOutliers(c.values, most); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v: to %v, want %v", c.values, got, c.want)
		}
	}
	x := spiked(24)
	fig := ByLayer(x)
	if p := fig.Plot(); p.Y.Max > 10 || !strings.Contains(must(fig.drawing()).chart.(*layerChart).clipped(), "cut off") {
		t.Errorf("the axis goes to %v", p.Y.Max)
	}
	if !strings.Contains(fig.Alt(), "+3212") {
		t.Errorf("the alternative text does not tell the value: %s", fig.Alt())
	}
	before := len(must(fig.SVG()))
	x.support[21] = fig.Plot().Y.Max * .99
	if plain := len(must(ByLayer(x).SVG())); plain >= before-200 {
		t.Errorf("a bar that is cut off takes %d bytes, one that is not %d: it has no mark and no value", before, plain)
	}
	g := spikedGrid(12, tokens(12))
	if d := must(HeatMap(g).drawing()).chart.(*gridChart); d.shown() > 3 || d.clipped() == "" {
		t.Errorf("the colors go to %v of %v", d.shown(), d.limit)
	}
}

// TestSymLog: equal steps up and down, zero at zero, ticks that keep their distance, and no scale where there is no axis for it.
func TestSymLog(t *testing.T) {
	s := symlog{unit: 2, most: 2000, up: true, at: newSheet(400, 200)}
	for _, v := range []float64{0, .1, 2, 50, 1999, -3, -1e3} {
		if got := s.back(s.of(v)); math.Abs(got-v) > 1e-9*(1+math.Abs(v)) || s.of(v) != -s.of(-v) {
			t.Errorf("%v comes back as %v", v, got)
		}
	}
	if at := s.Normalize(-2000, 2000, 0); math.Abs(at-.5) > 1e-12 || s.Normalize(-2000, 2000, 2000) != 1 {
		t.Errorf("zero stands at %v", at)
	}
	ticks := s.Ticks(-2000, 2000)
	for i, a := range ticks {
		for _, b := range ticks[:i] {
			if d := math.Abs(s.of(a.Value)-s.of(b.Value)) / 2 / s.of(2000) * float64(s.at.data.Y); d < float64(tickSize) {
				t.Errorf("%s and %s are %v apart", a.Label, b.Label, d)
			}
		}
	}
	if len(ticks) < 5 {
		t.Errorf("%d ticks", len(ticks))
	}
	for name, fig := range map[string]*Figure{"bars": ByLayer(spiked(24)), "dose": DoseResponse(dozen(2)...), "forest": Forest(measuring(9, 0)), "scatter": Scatter(judged{estimates(60, .15), .71, .62, .78})} {
		plain := must(fig.SVG())
		log := must(fig.SymLog().SVG())
		if bytes.Equal(plain, log) || !bytes.Equal(plain, must(fig.SVG())) {
			t.Errorf("%s: the scale has no effect, or one on the figure that it was asked of", name)
		}
	}
	for name, fig := range map[string]*Figure{"heat map": HeatMap(landscape(4, tokens(4))), "panels": DoseResponse(dozen(6)...)} {
		if _, err := fig.SymLog().SVG(); !errors.Is(err, ErrPlot) || !strings.Contains(err.Error(), "leave SymLog() out") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ByLayer(layered{[]float64{0}, []float64{0}}).SymLog().SVG(); err != nil {
		t.Error(err)
	}
}
