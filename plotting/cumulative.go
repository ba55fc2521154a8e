package plotting

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Ranking is what [Cumulative] draws: scores, strongest first by size.
//
// What is drawn may also have N() (n int, of string), and Name() string, which stands at the end of its line.
type Ranking interface {
	Ranking() []float64
}

// Cumulative describes a figure of how few units carry most of a score: the share of Σ|score| that the first k have, by k on a
// logarithmic axis, a line for each ranking, beside the dashed line of equal scores. The rankings are asked once, when the figure
// is first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrNaN], [ErrInfinity] or, where scores grow down the ranking, with [ErrRange].
func Cumulative[R Ranking](rankings ...R) *Figure {
	list := make([]Ranking, len(rankings))
	for i, r := range rankings {
		list[i] = r
	}
	return newFigure("plotting.Cumulative", func() (chart, error) { return newCumulativeChart(list) })
}

// cumulativeChart is the checked data of a Cumulative figure.
type cumulativeChart struct {
	source // of the first ranking
	curves []cumulativeCurve
}

// cumulativeCurve is one ranking.
type cumulativeCurve struct {
	name  string
	share []float64 // [K] of the first k+1
	of    string
}

func newCumulativeChart(rankings []Ranking) (chart, error) {
	const where = "plotting.Cumulative"
	if len(rankings) == 0 {
		return nil, problemf(ErrNoData, where, "pass scores or circuits", "no ranking")
	}
	if len(rankings) > maxCurves {
		return nil, problemf(ErrSize, where, "draw them as several figures", "%d rankings, of which %d can be told apart", len(rankings), maxCurves)
	}
	c := &cumulativeChart{}
	for i, r := range rankings {
		at := where
		if len(rankings) > 1 {
			at = fmt.Sprintf("%s: ranking %d", where, i+1)
		}
		if r == nil {
			return nil, problemf(ErrNoData, at, "pass scores or circuits", "got nil")
		}
		scores := r.Ranking()
		if len(scores) == 0 {
			return nil, problemf(ErrNoData, at, "select at least one neuron, e.g. TopK(20)", "no score")
		}
		s := describe(r)
		curve := cumulativeCurve{name: s.name, of: cmp.Or(s.of, "units")}
		total := 0.
		for k, v := range scores {
			if err := finite(fmt.Sprintf("%s: place %d", at, k+1), v); err != nil {
				return nil, err
			}
			if k > 0 && math.Abs(v) > math.Abs(scores[k-1]) {
				return nil, problemf(ErrRange, at, "Ranking() must return the strongest first", "place %d has %s after %s", k+1, signed(v), signed(scores[k-1]))
			}
			total += math.Abs(v)
			curve.share = append(curve.share, total)
		}
		switch {
		case math.IsInf(total, 0):
			return nil, problemf(ErrInfinity, at, "divide the scores by their largest", "the sum of the scores overflows")
		case total == 0:
			return nil, problemf(ErrNoData, at, "pass scores that are not all zero", "all scores are zero")
		}
		for k := range curve.share {
			curve.share[k] /= total
		}
		if curve.name == "" {
			curve.name = "scores"
			if len(rankings) > 1 {
				curve.name = fmt.Sprintf("ranking %d", i+1)
			}
		}
		if i == 0 {
			c.source = s
		} else if s.about != c.about {
			c.about = ""
		}
		c.curves = append(c.curves, curve)
	}
	c.source.name = ""
	return c, nil
}

// takes returns how many of the strongest it takes for a share.
func (c cumulativeCurve) takes(share float64) int {
	k, _ := slices.BinarySearch(c.share, share-1e-12)
	return min(k+1, len(c.share))
}

// title says how many units have half of the score and how many most of it.
func (c *cumulativeChart) title() string {
	first := c.curves[0]
	if len(c.curves) > 1 {
		for _, x := range c.curves[1:] {
			if x.takes(.5) < first.takes(.5) {
				first = x
			}
		}
	}
	n := len(first.share)
	half, most := first.takes(.5), first.takes(mostOf)
	of := ""
	if len(c.curves) > 1 {
		of = fmt.Sprintf(" of “%s”", first.name)
	}
	if n == 1 {
		return "The only score" + of + " has all of the sum"
	}
	return fmt.Sprintf("%s of %s %s%s %s half of the absolute score; 90 %% takes %s", grouped(half), grouped(n), first.of, of,
		map[bool]string{true: "has", false: "have"}[half == 1], grouped(most))
}

func (c *cumulativeChart) subtitle() string {
	t := "Share of Σ|score| in the strongest k"
	if c.about != "" {
		t += ", of " + c.about
	}
	var ns []string
	for _, x := range c.curves {
		if n := grouped(len(x.share)) + " " + x.of; !slices.Contains(ns, n) {
			ns = append(ns, n)
		}
	}
	return t + "; n = " + list(ns) + "; dashed: were all scores equal"
}

// alt tells how many each ranking needs.
func (c *cumulativeChart) alt() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Line chart of the cumulative score by number of units, on a logarithmic axis, %s. %s.", count(len(c.curves), "curve"), c.title())
	for _, x := range c.curves {
		fmt.Fprintf(&b, " %s: the first has %s; half is in %s, 90 %% in %s, of %s %s.", capitalized(x.name), percent(x.share[0]),
			grouped(x.takes(.5)), grouped(x.takes(mostOf)), grouped(len(x.share)), x.of)
	}
	return b.String()
}

func (c *cumulativeChart) size() (w, h vg.Length) { return 6.5 * vg.Inch, 2.1 * vg.Inch }

func (c *cumulativeChart) plot(at *sheet) *plot.Plot {
	p := newPlot("k, strongest first", "Share of Σ|score|")
	p.Add(rules()...)
	n := 0
	var ends []endLabel
	for _, x := range c.curves {
		n = max(n, len(x.share))
	}
	var kx, even []float64
	for _, k := range logSteps(n) {
		kx, even = append(kx, math.Log10(float64(k))), append(even, float64(k)/float64(n))
	}
	p.Add(line(kx, even, .9, mutedInk, 3, 2))
	for i, x := range c.curves {
		var kx, y []float64
		for _, k := range logSteps(len(x.share)) {
			kx, y = append(kx, math.Log10(float64(k))), append(y, x.share[k-1])
		}
		if len(kx) == 1 {
			kx, y = append(kx, kx[0]+.05), append(y, y[0])
		}
		p.Add(line(kx, y, 1.6, lineInk(i), dashes[i]...))
		ends = append(ends, endLabel{x.name, y[len(y)-1], lineInk(i)})
	}
	p.Add(endLabels{ends, at})
	p.X.Min, p.X.Max = padded(0, math.Log10(float64(max(n, 2))), .015)
	p.Y.Min, p.Y.Max = 0, 1.04
	p.X.Tick.Marker, p.Y.Tick.Marker = powers{at}, rounds{at}
	return p
}

// logSteps returns whole numbers from 1 to n, dense enough for a curve over their logarithms.
func logSteps(n int) (out []int) {
	for k := 1; k <= n; k = max(k+1, int(float64(k)*1.03)) {
		out = append(out, k)
	}
	if out[len(out)-1] != n {
		out = append(out, n)
	}
	return out
}

// powers labels 1, 10, 100 … on an axis of logarithms, and 2 and 5 times these where there is room.
type powers struct{ at *sheet }

// Ticks returns the ticks of a range.
func (l powers) Ticks(lo, hi float64) (ticks []plot.Tick) {
	decade := l.at.data.X / vg.Length(hi-lo)
	steps := []int{1}
	if decade*.3 > sans(tickSize).width("10,000")+6 {
		steps = []int{1, 2, 5}
	}
	for e := range 10 {
		for _, m := range steps {
			k := m * int(math.Pow10(e))
			if v := math.Log10(float64(k)); v >= lo && v <= hi {
				ticks = append(ticks, plot.Tick{Value: v, Label: grouped(k)})
			}
		}
	}
	return ticks
}
