package plotting

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Lensed is what [LogitLens] draws: what a model would say next if it ended after a layer, at every position: the most likely token
// and its probability, each by layer and position [L][T]; and the token of the prompt at each position [T].
type Lensed interface {
	Lens() (tokens [][]string, probabilities [][]float64)
	Labels() []string
}

// LogitLens describes a figure of how an answer forms: the most likely next token after every layer at every position, layers up,
// tokens of the prompt across, colored by its probability; bold is the token that the last layer says there. x is asked for its
// numbers once, when the figure is first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN], [ErrInfinity] or [ErrRange].
func LogitLens(x Lensed) *Figure {
	return newFigure("plotting.LogitLens", func() (chart, error) { return newLensChart(x) })
}

// lensChart is the checked data of a LogitLens figure.
type lensChart struct {
	source
	tokens [][]string  // [L][T], as drawn
	same   [][]bool    // [L][T] whether it is the token of the last layer
	p      [][]float64 // [L][T]
	labels []string    // [T]
}

func newLensChart(x Lensed) (chart, error) {
	const where = "plotting.LogitLens"
	if x == nil {
		return nil, problemf(ErrNoData, where, "pass the logit lens of a prompt", "got nil")
	}
	tokens, p := x.Lens()
	l := &lensChart{p: p, labels: tokenLabels(x.Labels())}
	n := len(l.labels)
	switch {
	case len(tokens) == 0 && len(p) == 0 || n == 0:
		return nil, problemf(ErrNoData, where, "pass the logit lens of a prompt", "no layer or no position")
	case len(tokens) != len(p):
		return nil, problemf(ErrShape, where, "Lens() must return as many layers of both", "%d layers of tokens and %d of probabilities", len(tokens), len(p))
	}
	for i, row := range tokens {
		at := fmt.Sprintf("%s: layer %d", where, i)
		if len(row) != n || len(p[i]) != n {
			return nil, problemf(ErrShape, at, "Lens() must return one token and one probability a token of Labels()",
				"%d tokens and %d probabilities for %s", len(row), len(p[i]), count(n, "token"))
		}
		if err := finite(at, p[i]...); err != nil {
			return nil, err
		}
		drawn, same := make([]string, n), make([]bool, n)
		for t, s := range row {
			if v := p[i][t]; v < 0 || v > 1+slack {
				return nil, problemf(ErrRange, fmt.Sprintf("%s, position %d (%s)", at, t, l.labels[t]), "a probability is from 0 to 1", "%v", v)
			}
			drawn[t], same[t] = tokenLabels([]string{s})[0], s == tokens[len(tokens)-1][t]
		}
		l.tokens, l.same = append(l.tokens, drawn), append(l.same, same)
	}
	l.source = describe(x)
	return l, nil
}

// settled returns the layer from which on the token of the last one is said at a position.
func (l *lensChart) settled(t int) int {
	for i := range slices.Backward(l.same) {
		if !l.same[i][t] {
			return i + 1
		}
	}
	return 0
}

// title says from which layer on the answer at the last token stands.
func (l *lensChart) title() string {
	t, last := len(l.labels)-1, len(l.p)-1
	answer := fmt.Sprintf("“%s” (%s at the end)", l.tokens[last][t], part(l.p[last][t]))
	switch from := l.settled(t); from {
	case 0:
		return "The answer, " + answer + ", stands from the first layer on"
	case last:
		return "The answer, " + answer + ", comes in the last layer"
	default:
		return fmt.Sprintf("The answer, %s, stands from layer %d of %d on", answer, from, len(l.p))
	}
}

func (l *lensChart) subtitle() string {
	return l.source.subtitle("logit lens: the most likely next token after each layer; bold: that of the last")
}

// alt tells how the answer at the last token forms.
func (l *lensChart) alt() string {
	t := len(l.labels) - 1
	s := fmt.Sprintf("Logit lens, %s by %s: the most likely next token after each layer. %s. At the last token, “%s”:",
		count(len(l.p), "layer"), count(len(l.labels), "token"), l.title(), l.labels[t])
	var told []string
	for i := range l.tokens {
		if i == 0 || i == len(l.tokens)-1 || l.tokens[i][t] != l.tokens[i-1][t] { // where it changes
			told = append(told, fmt.Sprintf("layer %d “%s” (%s)", i, l.tokens[i][t], part(l.p[i][t])))
		}
	}
	if more := len(told) - pairsTold; more > 0 {
		told = append([]string{fmt.Sprintf("%d other guesses", more)}, told[more:]...)
	}
	return s + " " + strings.Join(told, ", ") + "."
}

func (l *lensChart) size() (w, h vg.Length) {
	layers, positions := vg.Length(len(l.p)), vg.Length(len(l.labels))
	w = min(max(100+62*positions, 3.25*vg.Inch), 6.5*vg.Inch)
	rows := min(max(10.5*layers, min(30+18*layers, 110)), 380)
	return w, rows + newSlantedAxis(monoFont, l.labels, (w-100)/positions, nil).height()
}

func (l *lensChart) plot(at *sheet) *plot.Plot {
	p := newPlot("", "Layer")
	p.Add(lensCells{l}, colorBar{hi: 1, color: func(v float64) ink { return amountInk(v, 1) }, name: "Probability", at: at})
	slantedNames{monoFont, func() []string { return l.labels }, []int{len(l.labels) - 1}, at}.on(&p.X)
	p.Y.Tick.Marker = counts{n: len(l.p), at: at, up: true}
	return p
}

// lensCells plots the tokens in their cells, layer 0 at the bottom.
type lensCells struct{ *lensChart }

// DataRange returns the places of the cells.
func (l lensCells) DataRange() (xmin, xmax, ymin, ymax float64) {
	return -.5, float64(len(l.labels)) - .5, -.5, float64(len(l.p)) - .5
}

// Plot fills the cells, and writes the tokens where cells have room for some letters.
func (l lensCells) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	wide, high := trX(1)-trX(0), trY(1)-trY(0)
	size := min(tickSize-.5, high*.74, max(wide*.22, 5.5))
	gap := vg.Length(0)
	if high > 7 && wide > 14 {
		gap = .4
	}
	for i, row := range l.p {
		for t, v := range row {
			fill := amountInk(v, 1)
			low := vg.Point{X: trX(float64(t)-.5) + gap, Y: trY(float64(i)-.5) + gap}
			top := vg.Point{X: trX(float64(t)+.5) - gap, Y: trY(float64(i)+.5) - gap}
			if gap == 0 {
				top = top.Add(vg.Point{X: seam, Y: seam})
			}
			fillRect(c, vg.Rectangle{Min: low, Max: top}, fill)
			at := vg.Point{X: trX(float64(t)), Y: trY(float64(i))}
			if size < 5 || wide < 16 || !c.Contains(at) {
				continue
			}
			sty := style(monoFont, size, fill.text())
			if l.same[i][t] {
				sty.Font = font.From(monoBold, size)
			}
			sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
			c.FillText(sty, at, oneLine(face(sty.Font), l.tokens[i][t], wide-3))
		}
	}
}
