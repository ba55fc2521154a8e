package plotting

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Predicted is one side of what [BeforeAfter] draws, a prediction of the next token: the likeliest tokens with their ids and their
// probabilities, and the probability of any token.
//
// What is drawn may also have Interventions() string, which says in words what was done to the model.
type Predicted interface {
	Chances() (ids []int32, tokens []string, probabilities []float64)
	Chance(id int32) float64
}

// BeforeAfter describes a figure of what an intervention does to a prediction: for the likeliest tokens of either, a pale bar of the
// probability before, an arrow to the probability after, and the numbers. The predictions are asked once, when the figure is first
// drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN], [ErrInfinity] or [ErrRange].
func BeforeAfter(before, after Predicted) *Figure {
	return newFigure("plotting.BeforeAfter", func() (chart, error) { return newBeforeAfterChart(before, after) })
}

// changedTokens is how many tokens of each side are drawn.
const changedTokens = 6

// beforeAfterChart is the checked data of a BeforeAfter figure.
type beforeAfterChart struct {
	labels     []string
	from, to   []float64
	was, is    int // rows of the likeliest token before and after
	about, did string
}

func newBeforeAfterChart(before, after Predicted) (chart, error) {
	const where = "plotting.BeforeAfter"
	b := &beforeAfterChart{}
	rows := map[int32]int{}
	for i, x := range []Predicted{before, after} {
		at := where + ": " + []string{"before", "after"}[i]
		if x == nil {
			return nil, problemf(ErrNoData, at, "pass the prediction without the intervention, and the one with it", "got nil")
		}
		ids, tokens, p := x.Chances()
		switch {
		case len(ids) == 0:
			return nil, problemf(ErrNoData, at, "predict at least one token", "no token")
		case len(ids) != len(tokens) || len(ids) != len(p):
			return nil, problemf(ErrShape, at, "Chances() must return one token and one probability an id", "%d ids, %d tokens and %d probabilities", len(ids), len(tokens), len(p))
		}
		for k := range ids[:min(changedTokens, len(ids))] {
			row, known := rows[ids[k]]
			if !known {
				row = len(b.labels)
				rows[ids[k]] = row
				b.labels = append(b.labels, tokenLabels([]string{tokens[k]})[0])
				b.from, b.to = append(b.from, before.Chance(ids[k])), append(b.to, after.Chance(ids[k]))
			}
			if k == 0 && i == 0 {
				b.was = row
			} else if k == 0 {
				b.is = row
			}
		}
	}
	for i, label := range b.labels {
		for _, v := range []float64{b.from[i], b.to[i]} {
			if err := finite(fmt.Sprintf("%s: token %s", where, label), v); err != nil {
				return nil, err
			}
			if v < 0 || v > 1+slack {
				return nil, problemf(ErrRange, fmt.Sprintf("%s: token %s", where, label), "a probability is from 0 to 1", "%v", v)
			}
		}
	}
	b.sort()
	if v, ok := after.(interface{ Interventions() string }); ok {
		b.did = v.Interventions()
	}
	b.about = describe(after).about
	return b, nil
}

// sort puts the rows in the order of the larger probability of either side.
func (b *beforeAfterChart) sort() {
	order := upTo(0, len(b.labels)-1)
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(max(b.from[j], b.to[j]), max(b.from[i], b.to[i])) })
	o := *b
	b.labels, b.from, b.to = nil, nil, nil
	for row, i := range order {
		b.labels, b.from, b.to = append(b.labels, o.labels[i]), append(b.from, o.from[i]), append(b.to, o.to[i])
		if i == o.was {
			b.was = row
		}
		if i == o.is {
			b.is = row
		}
	}
}

// chanceOf prints a probability; a small one is not none.
func chanceOf(p float64) string {
	switch {
	case p > 0 && p < .0005:
		return "<0.1 %"
	case p < .0995:
		return fmt.Sprintf("%.1f %%", 100*p)
	}
	return fmt.Sprintf("%.0f %%", 100*p)
}

// points prints how a probability changes, in percentage points.
func (b *beforeAfterChart) points(i int) string {
	d := 100 * (b.to[i] - b.from[i])
	switch {
	case math.Abs(d) < .05:
		return "±0"
	case math.Abs(d) < 9.95:
		return typeset(fmt.Sprintf("%+.1f", d))
	}
	return typeset(fmt.Sprintf("%+.0f", d))
}

// title says whether the likeliest token changes, and how far the first one moves.
func (b *beforeAfterChart) title() string {
	move := func(i int) string {
		return fmt.Sprintf("from %s to %s", chanceOf(b.from[i]), chanceOf(b.to[i]))
	}
	name := func(i int) string { return "“" + b.labels[i] + "”" }
	if b.was == b.is {
		verb := "stays first and goes"
		if d := b.to[b.is] - b.from[b.is]; math.Abs(d) < .0005 {
			return fmt.Sprintf("%s stays first, at %s", name(b.is), chanceOf(b.to[b.is]))
		}
		return fmt.Sprintf("%s %s %s", name(b.is), verb, move(b.is))
	}
	return fmt.Sprintf("%s takes the place of %s: it goes %s, the other %s", name(b.is), name(b.was), move(b.is), move(b.was))
}

func (b *beforeAfterChart) subtitle() string {
	t := "Probability of the next token before (pale bar) and after (arrow)"
	if b.did != "" {
		t += ": " + b.did
	}
	return t
}

// alt tells every row.
func (b *beforeAfterChart) alt() string {
	var s strings.Builder
	fmt.Fprintf(&s, "Bars of the probability of the next token before and after an intervention, %s. %s. %s.", count(len(b.labels), "token"), b.title(), b.subtitle())
	for i, label := range b.labels {
		fmt.Fprintf(&s, " “%s”: from %s to %s (%s points).", label, chanceOf(b.from[i]), chanceOf(b.to[i]), b.points(i))
	}
	return s.String()
}

func (b *beforeAfterChart) size() (w, h vg.Length) {
	return 6.5 * vg.Inch, max(17*vg.Length(len(b.labels)), smallest+4) + 36
}

func (b *beforeAfterChart) plot(at *sheet) *plot.Plot {
	p := newPlot("Probability (%)", "")
	most := 0.
	for i := range b.from {
		most = max(most, b.from[i], b.to[i])
	}
	p.Add(changes{b})
	p.X.Min, p.X.Max = 0, 100*max(most*1.02, 1e-4)
	p.Y.Min, p.Y.Max = -float64(len(b.labels))+.45, .55
	p.X.Tick.Marker = sideways{at}
	p.Y.Tick.Label.Font, p.Y.Tick.Label.Color = font.From(monoFont, tickSize), textInk
	p.Y.Tick.Marker = methodNames{b.labels, at}
	p.Legend.Add("before", swatch{color: mutedInk.faint(70)})
	p.Legend.Add("after: more", swatch{color: supportInk, stroke: true})
	p.Legend.Add("less", swatch{color: opposeInk, stroke: true})
	return p
}

// changes plots the rows.
type changes struct{ *beforeAfterChart }

// numbers prints both probabilities and the difference.
func (b changes) numbers(i int) string {
	return fmt.Sprintf("%s → %s (%s)", chanceOf(b.from[i]), chanceOf(b.to[i]), b.points(i))
}

// GlyphBoxes returns the room for the numbers.
func (b changes) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	w := vg.Length(0)
	for i := range b.labels {
		w = max(w, sans(tickSize-.5).width(b.numbers(i)))
	}
	return []plot.GlyphBox{{X: 1, Rectangle: vg.Rectangle{Max: vg.Point{X: w + 8}}}}
}

// Plot draws bars, arrows and numbers.
func (b changes) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if x := trX(t.Value); c.ContainsX(x) {
			c.StrokeLine2(draw.LineStyle{Color: gridInk, Width: .6}, x, c.Min.Y, x, c.Max.Y)
		}
	}
	half := min((trY(0)-trY(-1))*.34, 6)
	text := style(sansFont, tickSize-.5, mutedInk)
	text.YAlign = draw.YCenter
	for i := range b.labels {
		y := trY(-float64(i))
		if !c.ContainsY(y) {
			continue
		}
		from, to := trX(100*b.from[i]), trX(100*b.to[i])
		fillRect(c, vg.Rectangle{Min: vg.Point{X: trX(0), Y: y - half}, Max: vg.Point{X: from, Y: y + half}}, mutedInk.faint(70))
		fill := supportInk
		if to < from {
			fill = opposeInk
		}
		arrowTo(c, fill, from, to, y, half)
		c.FillText(text, vg.Point{X: c.Max.X + 8, Y: y}, b.numbers(i))
	}
}

// arrowTo draws one along a row; a short one is its head, and one of no length a stroke across.
func arrowTo(c draw.Canvas, fill ink, from, to, y, half vg.Length) {
	from, to = min(max(from, c.Min.X), c.Max.X), min(max(to, c.Min.X), c.Max.X)
	head := min(5, max(to-from, from-to))
	if head < .8 {
		c.StrokeLine2(draw.LineStyle{Color: textInk, Width: 1.2}, to, max(y-half, c.Min.Y), to, min(y+half, c.Max.Y))
		return
	}
	back := to - head
	if to < from {
		back = to + head
	}
	c.StrokeLine2(draw.LineStyle{Color: fill, Width: 1.8}, from, y, back, y)
	wing := min(half, 3.6)
	var path vg.Path
	path.Move(vg.Point{X: to, Y: y})
	path.Line(vg.Point{X: back, Y: y + wing})
	path.Line(vg.Point{X: back, Y: y - wing})
	path.Close()
	c.SetColor(fill)
	c.Fill(path)
}
