package plotting

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Prompted is what [ByPrompt] draws: the score of each of U units on each of P prompts, [U][P], and what these are.
type Prompted interface {
	ByPrompt() (units, prompts []string, scores [][]float64)
}

// ByPrompt describes a figure of how alike units act on the prompts of a behavior: a row for each unit, a column for each prompt,
// white is zero. Of more than 40 units the first are drawn. x is asked for its numbers once, when the figure is first drawn or its
// text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN] or [ErrInfinity].
func ByPrompt(x Prompted) *Figure {
	return newFigure("plotting.ByPrompt", func() (chart, error) { return newPromptChart(x) })
}

// promptChart is the checked data of a ByPrompt figure.
type promptChart struct {
	source
	units   []string    // [U] that are drawn, the first at the top
	prompts []string    // [P], as drawn
	z       [][]float64 // [U][P], the first row at the bottom
	limit   float64
	all     int // units that there are
	steady  int // of all, those with one sign on all prompts
}

func newPromptChart(x Prompted) (chart, error) {
	const where = "plotting.ByPrompt"
	if x == nil {
		return nil, problemf(ErrNoData, where, "pass the scores of units by prompt", "got nil")
	}
	units, prompts, scores := x.ByPrompt()
	c := &promptChart{source: describe(x), all: len(units)}
	switch {
	case len(units) == 0 || len(prompts) == 0:
		return nil, problemf(ErrNoData, where, "select at least one neuron and one prompt", "%s and %s", count(len(units), "unit"), count(len(prompts), "prompt"))
	case len(scores) != len(units):
		return nil, problemf(ErrShape, where, "ByPrompt() must return one row a unit", "%d rows for %s", len(scores), count(len(units), "unit"))
	}
	for i, p := range apartNames(sans(tickSize), prompts, promptMost) {
		c.prompts = append(c.prompts, fmt.Sprintf("%d  %s", i+1, p))
	}
	for u, row := range scores {
		at := fmt.Sprintf("%s: unit %d (%s)", where, u, units[u])
		if len(row) != len(prompts) {
			return nil, problemf(ErrShape, at, "ByPrompt() must return one score a prompt", "%s for %s", count(len(row), "score"), count(len(prompts), "prompt"))
		}
		if err := finite(at, row...); err != nil {
			return nil, err
		}
		up, down := 0, 0
		for _, v := range row {
			if math.Abs(v) > math.MaxFloat64/8 {
				return nil, problemf(ErrInfinity, at, "divide the scores by their largest", "the score overflows")
			}
			if v > 0 {
				up++
			} else if v < 0 {
				down++
			}
			if u < mostRows {
				c.limit = max(c.limit, math.Abs(v))
			}
		}
		if up == len(row) || down == len(row) {
			c.steady++
		}
	}
	drawn := min(len(units), mostRows)
	c.units = units[:drawn]
	for u := drawn - 1; u >= 0; u-- {
		c.z = append(c.z, scores[u])
	}
	return c, nil
}

// promptMost is the longest label of a prompt.
const promptMost = vg.Length(90)

// title says how many units keep their sign, and which acts most.
func (c *promptChart) title() string {
	if c.limit == 0 {
		return "No unit supports or opposes on any prompt"
	}
	n := len(c.prompts)
	means := make([]float64, len(c.units)) // by size
	for i := range c.units {
		means[i] = math.Abs(c.mean(i))
	}
	top := largest(means)
	most := fmt.Sprintf("%s does most, %s on the mean", c.units[top], c.with(signed(c.mean(top))))
	switch {
	case n == 1:
		return most + " of one prompt"
	case c.all == 1 && c.steady == 1:
		return fmt.Sprintf("%s has one sign on all %d prompts, %s on the mean", c.units[0], n, c.with(signed(c.mean(0))))
	case c.all == 1:
		return fmt.Sprintf("%s changes its sign over %d prompts, %s on the mean", c.units[0], n, c.with(signed(c.mean(0))))
	case c.steady == c.all:
		return fmt.Sprintf("All %d units have one sign on all %d prompts; %s", c.all, n, most)
	}
	return fmt.Sprintf("%d of %d units %s one sign on all %d prompts; %s", c.steady, c.all, map[bool]string{true: "has", false: "have"}[c.steady == 1], n, most)
}

// mean is that of a unit that is drawn.
func (c *promptChart) mean(u int) float64 {
	row := c.z[len(c.z)-1-u]
	return sum(row) / float64(len(row))
}

func (c *promptChart) subtitle() string {
	t := c.source.subtitle("score by unit and prompt")
	t += fmt.Sprintf("; n = %s", count(len(c.prompts), "prompt"))
	if len(c.units) < c.all {
		t += fmt.Sprintf("; the first %d of %d units", len(c.units), c.all)
	}
	return t
}

// alt tells the mean and the range of the first units.
func (c *promptChart) alt() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Heat map of the score, %s by %s. %s.", count(c.all, "unit"), count(len(c.prompts), "prompt"), c.title())
	for i, name := range c.units {
		if i == pairsTold {
			fmt.Fprintf(&b, " %d more units.", c.all-i)
			break
		}
		row := c.z[len(c.z)-1-i]
		fmt.Fprintf(&b, " %s: mean %s, from %s to %s.", name, c.with(signed(c.mean(i))), signed(row[largest(negated(row))]), signed(row[largest(row)]))
	}
	return b.String()
}

func (c *promptChart) size() (w, h vg.Length) {
	units, prompts := vg.Length(len(c.units)), vg.Length(len(c.prompts))
	w = min(max(150+40*prompts, 3.25*vg.Inch), 6.5*vg.Inch)
	return w, max(13*units, 50) + newSlantedAxis(sansFont, c.prompts, (w-150)/prompts, nil).height()
}

func (c *promptChart) plot(at *sheet) *plot.Plot {
	p := newPlot("", "")
	limit := c.limit
	bar := colorBar{lo: -limit, hi: limit, name: c.quantity(), at: at}
	if limit == 0 {
		limit = 1
	}
	bar.color = func(v float64) ink { return signedInk(v, limit) }
	p.Add(cells{c.z, limit}, bar)
	slantedNames{sansFont, func() []string { return c.prompts }, nil, at}.on(&p.X)
	p.Y.Tick.Label.Color = textInk
	p.Y.Tick.Marker = unitNames{c, at}
	return p
}

// unitNames labels the rows from the top.
type unitNames struct {
	*promptChart
	at *sheet
}

// Ticks returns the names in a range of places.
func (n unitNames) Ticks(lo, hi float64) (ticks []plot.Tick) {
	for i, s := range apartNames(sans(tickSize), n.units, min(nameMost, n.at.page*.3)) {
		ticks = append(ticks, plot.Tick{Value: float64(len(n.units) - 1 - i), Label: s})
	}
	return apart(ticks, n.at.data.Y/vg.Length(hi-lo))
}
