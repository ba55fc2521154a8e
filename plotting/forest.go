package plotting

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Estimated is what [Forest] draws: effects with their 95 % intervals and what each is of, [N] each. An interval of no width is that
// of a single measurement.
//
// What is drawn may also have
//
//	RandomBand() (mean, lo, hi []float64, n int)   // what n random circuits come to beside each: mean and middle 95 %, [N]
type Estimated interface {
	Estimates() (names []string, mean, lo, hi []float64)
}

// Forest describes a figure of effects with intervals: a row for each, a dot on its interval, the numbers beside it, a line at zero,
// and what chance gives in gray. Of more than 40 the largest by size are drawn. x is asked for its numbers once, when the figure is
// first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN], [ErrInfinity] or [ErrRange].
func Forest(x Estimated) *Figure {
	return newFigure("plotting.Forest", func() (chart, error) { return newForestChart(x) })
}

// mostRows is how many rows are drawn.
const mostRows = 40

// forestChart is the checked data of a Forest figure.
type forestChart struct {
	source
	names []string // of what is drawn
	band           // of the same
	random
	all    int // how many there were
	beyond int // of all, whose interval lies on one side of zero
}

// random is what chance gives beside each row; empty where unknown.
type random struct {
	chance  band
	randoms int
}

func newForestChart(x Estimated) (chart, error) {
	const where = "plotting.Forest"
	if x == nil {
		return nil, problemf(ErrNoData, where, "pass effects with intervals", "got nil")
	}
	f := &forestChart{source: describe(x)}
	f.names, f.mean, f.lo, f.hi = x.Estimates()
	f.all = len(f.names)
	if f.all == 0 && len(f.mean) == 0 {
		return nil, problemf(ErrNoData, where, "measure at least one effect", "no effect")
	}
	name := func(i int) string { return f.names[i] }
	if err := f.holds(where+": effect", f.all, "name", name); err != nil {
		return nil, err
	}
	if r, ok := x.(interface {
		RandomBand() (mean, lo, hi []float64, n int)
	}); ok {
		if f.chance.mean, f.chance.lo, f.chance.hi, f.randoms = r.RandomBand(); f.randoms > 0 {
			if err := f.chance.holds(where+": random circuits", f.all, "name", name); err != nil {
				return nil, err
			}
		}
	}
	for i := range f.lo {
		if f.lo[i] > 0 || f.hi[i] < 0 {
			f.beyond++
		}
	}
	f.most()
	return f, nil
}

// most leaves the largest rows, in their order.
func (f *forestChart) most() {
	keep := upTo(0, f.all-1)
	if f.all > mostRows {
		slices.SortStableFunc(keep, func(i, j int) int { return cmp.Compare(math.Abs(f.mean[j]), math.Abs(f.mean[i])) })
		keep = keep[:mostRows]
		slices.Sort(keep)
	}
	take := func(v []float64) (out []float64) {
		for _, i := range keep {
			out = append(out, v[i])
		}
		return out
	}
	names := f.names
	f.names = nil
	for _, i := range keep {
		f.names = append(f.names, names[i])
	}
	f.band = band{take(f.mean), take(f.lo), take(f.hi)}
	if f.randoms > 0 {
		f.chance = band{take(f.chance.mean), take(f.chance.lo), take(f.chance.hi)}
	}
}

// outside reports whether the interval of a row lies outside of what chance gives, or of zero where that is unknown.
func (f *forestChart) outside(i int) bool {
	if f.randoms > 0 {
		return f.lo[i] > f.chance.hi[i] || f.hi[i] < f.chance.lo[i]
	}
	return f.lo[i] > 0 || f.hi[i] < 0
}

// title says how many effects lie beyond zero, and which is the largest.
func (f *forestChart) title() string {
	at := 0
	for i, v := range f.mean {
		if math.Abs(v) > math.Abs(f.mean[at]) {
			at = i
		}
	}
	largest := fmt.Sprintf("%s of “%s”", f.with(signed(f.mean[at])), f.names[at])
	chance := ""
	if f.randoms > 0 {
		chance = ", outside of what chance gives"
		if !f.outside(at) {
			chance = ", no more than chance gives"
		}
	}
	switch {
	case f.all == 1 && f.beyond == 1:
		return fmt.Sprintf("The effect of “%s” is %s%s", f.names[0], f.with(signed(f.mean[0])), chance)
	case f.all == 1:
		return fmt.Sprintf("The effect of “%s”, %s, cannot be told from zero", f.names[0], f.with(signed(f.mean[0])))
	case f.beyond == 0:
		return fmt.Sprintf("None of %d effects can be told from zero; the largest is %s", f.all, largest)
	case f.beyond == f.all:
		return fmt.Sprintf("All %d effects are beyond zero; the largest is %s%s", f.all, largest, chance)
	}
	return fmt.Sprintf("%d of %d effects %s beyond zero; the largest is %s%s", f.beyond, f.all, map[bool]string{true: "is", false: "are"}[f.beyond == 1], largest, chance)
}

func (f *forestChart) subtitle() string {
	t := f.source.subtitle("effects")
	if !slices.Equal(f.lo, f.hi) {
		t += ", with 95 % intervals"
	}
	if f.randoms > 0 {
		t += fmt.Sprintf("; gray: %s (95 %%)", count(f.randoms, "random circuit"))
	}
	if n := len(f.names); n < f.all {
		t += fmt.Sprintf("; the largest %d of %d", n, f.all)
	}
	return t
}

// alt tells the rows.
func (f *forestChart) alt() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Forest plot of %s. %s. %s.", count(f.all, "effect"), f.title(), f.subtitle())
	for i, name := range f.names {
		if i == pairsTold {
			fmt.Fprintf(&b, " %d more.", f.all-i)
			break
		}
		fmt.Fprintf(&b, " %s: %s.", name, f.numbers(i))
	}
	return b.String()
}

// numbers prints an effect with its interval.
func (f *forestChart) numbers(i int) string {
	if f.lo[i] == f.hi[i] {
		return f.with(signed(f.mean[i]))
	}
	return fmt.Sprintf("%s [%s, %s]", f.with(signed(f.mean[i])), signed(f.lo[i]), signed(f.hi[i]))
}

// forestRow is the height of a row.
const forestRow = vg.Length(14)

func (f *forestChart) size() (w, h vg.Length) {
	return 6.5 * vg.Inch, max(forestRow*vg.Length(len(f.names)), smallest+4) + 36
}

func (f *forestChart) plot(at *sheet) *plot.Plot {
	p := newPlot(f.named("Effect"), "")
	lo, hi := 0., 0.
	for _, v := range [][]float64{f.lo, f.hi, f.chance.lo, f.chance.hi} {
		for _, x := range v {
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	p.Add(forestRows{f, at})
	p.X.Min, p.X.Max = padded(lo, hi, .04)
	p.Y.Min, p.Y.Max = -float64(len(f.names))+.4, .6
	p.X.Tick.Marker = sideways{at}
	p.Y.Tick.Label.Color = textInk
	p.Y.Tick.Marker = methodNames{f.names, at}
	if f.randoms > 0 {
		p.Legend.Add("random", swatch{color: mutedInk.faint(90)})
	}
	return p
}

// forestRows plots the effects.
type forestRows struct {
	*forestChart
	at *sheet
}

// wide is the room that the numbers take right of the data; none where there is little.
func (f forestRows) wide() (w vg.Length) {
	for i := range f.names {
		w = max(w, sans(tickSize-.5).width(f.numbers(i)))
	}
	if w > f.at.page*.35 {
		return 0
	}
	return w
}

// GlyphBoxes returns the room for the numbers.
func (f forestRows) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	return []plot.GlyphBox{{X: 1, Rectangle: vg.Rectangle{Max: vg.Point{X: f.wide() + 8}}}}
}

// Plot draws rules, what chance gives, intervals, dots and numbers. A row beyond zero has a full dot, another a hollow one.
func (f forestRows) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if x := trX(t.Value); c.ContainsX(x) {
			c.StrokeLine2(draw.LineStyle{Color: gridInk, Width: .6}, x, c.Min.Y, x, c.Max.Y)
		}
	}
	row := trY(0) - trY(-1)
	half := min(row*.32, 5)
	for i := range f.chance.mean {
		y := trY(-float64(i))
		fillRect(c, vg.Rectangle{Min: vg.Point{X: trX(f.chance.lo[i]) - .5, Y: y - half}, Max: vg.Point{X: trX(f.chance.hi[i]) + .5, Y: y + half}}, mutedInk.faint(70))
	}
	if x := trX(0); c.ContainsX(x) {
		c.StrokeLine2(draw.LineStyle{Color: mutedInk, Width: .8}, x, c.Min.Y, x, c.Max.Y)
	}
	text := style(sansFont, tickSize-.5, mutedInk)
	text.YAlign = draw.YCenter
	for i, v := range f.mean {
		y := trY(-float64(i))
		if !c.ContainsY(y) {
			continue
		}
		fill := supportInk
		if v < 0 {
			fill = opposeInk
		}
		from, to := max(trX(f.lo[i]), c.Min.X), min(trX(f.hi[i]), c.Max.X)
		if from < to {
			c.StrokeLine2(draw.LineStyle{Color: fill, Width: 1.4}, from, y, to, y)
		}
		if at := (vg.Point{X: trX(v), Y: y}); c.Contains(at) {
			c.DrawGlyph(draw.GlyphStyle{Color: fill, Radius: min(2.8, row*.3), Shape: draw.CircleGlyph{}}, at)
			if f.lo[i] <= 0 && f.hi[i] >= 0 {
				c.DrawGlyph(draw.GlyphStyle{Color: paperInk, Radius: min(1.6, row*.17), Shape: draw.CircleGlyph{}}, at)
			}
		}
		if f.wide() > 0 && row >= tickSize {
			c.FillText(text, vg.Point{X: c.Max.X + 8, Y: y}, f.numbers(i))
		}
	}
}
