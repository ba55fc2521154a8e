package plotting

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Tokened is what [TokenStrip] draws: the tokens of a text and a score of each, [T].
type Tokened interface {
	TokenScores() (tokens []string, scores []float64)
}

// TokenStrip describes a figure of a text whose tokens are tinted by their scores: blue supports, vermillion opposes, white is zero;
// below a token stands its score where that is at least a tenth of the largest. x is asked for its numbers once, when the figure is
// first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN] or [ErrInfinity].
func TokenStrip(x Tokened) *Figure {
	return newFigure("plotting.TokenStrip", func() (chart, error) { return newStripChart(x) })
}

// stripChart is the checked data of a TokenStrip figure.
type stripChart struct {
	source
	v      []float64 // [T]
	labels []string  // [T], as drawn
	limit  float64   // the largest |v|
}

func newStripChart(x Tokened) (chart, error) {
	const where = "plotting.TokenStrip"
	if x == nil {
		return nil, problemf(ErrNoData, where, "pass the scores of one prompt", "got nil")
	}
	tokens, scores := x.TokenScores()
	s := &stripChart{v: scores, labels: tokenLabels(tokens)}
	switch {
	case len(s.v) == 0:
		return nil, problemf(ErrNoData, where, "pass the scores of one prompt", "no token has a score")
	case len(s.v) != len(s.labels):
		return nil, problemf(ErrShape, where, "TokenScores() must return one score a token",
			"%s for %s", count(len(s.v), "score"), count(len(s.labels), "token"))
	}
	total := 0.
	for i, v := range s.v {
		if err := finite(fmt.Sprintf("%s: token %d (%s)", where, i, s.labels[i]), v); err != nil {
			return nil, err
		}
		s.limit, total = max(s.limit, math.Abs(v)), total+math.Abs(v)
	}
	if math.IsInf(2*total, 0) {
		return nil, problemf(ErrInfinity, where, "divide the scores by their largest", "the sum of the scores overflows")
	}
	s.source = describe(x)
	return s, nil
}

// sizes returns the scores without their signs.
func (s *stripChart) sizes() []float64 {
	out := make([]float64, len(s.v))
	for i, v := range s.v {
		out[i] = math.Abs(v)
	}
	return out
}

// title names the tokens that have most of the score by size.
func (s *stripChart) title() string {
	if s.limit == 0 {
		return "No token supports or opposes"
	}
	top, share, found := leaders(s.sizes())
	names := make([]string, len(top))
	for i, t := range top {
		names[i] = fmt.Sprintf("“%s” (%s)", s.labels[t], signed(s.v[t]))
	}
	switch {
	case len(s.v) == 1:
		return fmt.Sprintf("The only token, %s, has all of the score", names[0])
	case !found:
		return fmt.Sprintf("The score is spread over %d tokens; most, %s, is at %s", len(s.v), percent(share), names[0])
	case len(top) == 1:
		return fmt.Sprintf("%s has %s of the absolute score", names[0], percent(share))
	}
	return fmt.Sprintf("%s have %s of the absolute score", list(names), percent(share))
}

func (s *stripChart) subtitle() string {
	t := s.source.subtitle("score by token") + ", " + count(len(s.v), "token")
	if s.unit != "" {
		t += ", in " + s.unit
	}
	return t
}

// alt tells the strongest tokens on either side and the sum.
func (s *stripChart) alt() string {
	lo, hi := largest(negated(s.v)), largest(s.v)
	t := fmt.Sprintf("Text of %s, tinted by the score. %s.", count(len(s.v), "token"), s.title())
	if s.v[hi] > 0 {
		t += fmt.Sprintf(" The largest is %s, at token %d, “%s”.", s.with(signed(s.v[hi])), hi+1, s.labels[hi])
	}
	if s.v[lo] < 0 {
		t += fmt.Sprintf(" The smallest is %s, at token %d, “%s”.", s.with(signed(s.v[lo])), lo+1, s.labels[lo])
	}
	return t + fmt.Sprintf(" The sum is %s.", s.with(signed(sum(s.v))))
}

// Sizes of the strip: a token with the room below it for its score, and the white between two.
const (
	stripRow  = vg.Length(27)
	stripCell = vg.Length(15)
	stripGap  = vg.Length(2)
	stripText = vg.Length(8.5)
)

// place is where a token stands: its line from the top, its left edge and its width.
type stripPlace struct {
	row        int
	left, wide vg.Length
}

// lay breaks the tokens into lines of a width.
func (s *stripChart) lay(width vg.Length) (places []stripPlace, rows int) {
	f := typeface{mono().font, stripText}
	x := vg.Length(0)
	for i, label := range s.labels {
		w := f.width(label) + 6
		if s.strong(i) {
			w = max(w, sans(tickSize-1).width(s.value(i))+2)
		}
		w = min(w, width)
		if x > 0 && x+w > width {
			x, rows = 0, rows+1
		}
		places = append(places, stripPlace{rows, x, w})
		x += w + stripGap
		if label == `\n` || label == `\n\n` {
			x, rows = 0, rows+1
		}
	}
	return places, places[len(places)-1].row + 1
}

// strong reports whether the score of a token is written.
func (s *stripChart) strong(i int) bool { return s.limit > 0 && math.Abs(s.v[i]) >= s.limit/10 }

func (s *stripChart) value(i int) string { return cellValue(s.v[i], s.limit/100) }

func (s *stripChart) size() (w, h vg.Length) { return 6.5 * vg.Inch, s.tall(6.5*vg.Inch - 2*margin) }

// tall returns the height that the lines take on a page of a width.
func (s *stripChart) tall(width vg.Length) vg.Length {
	_, rows := s.lay(width)
	return max(vg.Length(rows)*stripRow, smallest) + 15
}

func (s *stripChart) plot(*sheet) *plot.Plot {
	p := newPlot("", "")
	p.HideAxes()
	p.Add(strip{s})
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
	p.Legend.Add("supports", swatch{color: supportInk})
	p.Legend.Add("opposes", swatch{color: opposeInk})
	return p
}

// strip plots the tokens.
type strip struct{ *stripChart }

// GlyphBoxes returns some room below, where a legend may stand.
func (strip) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	return []plot.GlyphBox{{Rectangle: vg.Rectangle{Min: vg.Point{Y: -7}}}}
}

// Plot fills and writes them, line by line from the top, as many lines as there is room for.
func (s strip) Plot(c draw.Canvas, _ *plot.Plot) {
	places, rows := s.lay(c.Size().X)
	row := min(stripRow, c.Size().Y/vg.Length(rows))
	limit := s.limit
	if limit == 0 {
		limit = 1
	}
	text, note := style(monoFont, stripText, textInk), style(sansFont, tickSize-1, textInk)
	text.XAlign, text.YAlign = draw.XCenter, draw.YCenter
	note.XAlign, note.YAlign = draw.XCenter, draw.YTop
	for i, k := range places {
		left, top := c.Min.X+k.left, c.Max.Y-row*vg.Length(k.row)
		fill := signedInk(s.v[i], limit)
		box := vg.Rectangle{Min: vg.Point{X: left, Y: top - min(stripCell, row)}, Max: vg.Point{X: left + k.wide, Y: top}}
		fillRect(c, box, fill)
		text.Color = fill.text()
		mid := vg.Point{X: (box.Min.X + box.Max.X) / 2, Y: (box.Min.Y + box.Max.Y) / 2}
		if row < tickSize { // the colors alone
			continue
		}
		c.FillText(text, mid, oneLine(face(text.Font), s.labels[i], k.wide))
		if s.strong(i) && row >= stripCell+tickSize {
			c.FillText(note, vg.Point{X: mid.X, Y: box.Min.Y - 2.5}, s.value(i))
		}
	}
}
