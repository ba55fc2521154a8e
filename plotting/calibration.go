package plotting

import (
	"fmt"
	"math"
	"strings"
)

// Calibrated is what [Calibration] draws: the strengths of an intervention that were tried, by their distance from the first, which
// does nothing, with what each came to and its 95 % interval, and what was sought. Each slice has one value a strength [K].
//
// What is drawn may also have
//
//	Tries() []int                                    // in which order they were tried, from 1; the first strength is 0
//	Reached() (strength, lo, hi float64, ok bool)    // the answer with its interval; ok is false where there is none
type Calibrated interface {
	Strengths() []float64
	Response() (mean, lo, hi []float64)
	Sought() float64
}

// Calibration describes a figure of how the strength of an intervention was found: a line through the strengths that were tried,
// each with the number of its try, what was sought as a dashed line across, and the answer with its interval as one upright. The
// axis of strengths is logarithmic in their distance from the one that does nothing, which has no place on it; that of the values
// is logarithmic too where all are above zero and the unsteered one is zero, as those of a divergence are. The calibration is
// asked for its numbers once, when the figure is first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN], [ErrInfinity] or [ErrRange].
func Calibration(x Calibrated) *Figure {
	return newFigure("plotting.Calibration", func() (chart, error) { return newCalibrationChart(x) })
}

// calibrationChart is the checked data of a Calibration figure.
type calibrationChart struct {
	source
	strengths []float64 // [K−1] without the first
	x         []float64 // [K−1] decimal logarithms of their distances from the first
	band                // [K−1]
	from      float64   // what the first came to
	sought    float64
	tries     []int // [K−1]; nil: not known
	answer    band  // strength, one value; empty: none
	zero      float64
	log       bool // values are drawn on a logarithmic axis
}

func newCalibrationChart(x Calibrated) (chart, error) {
	const where = "plotting.Calibration"
	if x == nil {
		return nil, problemf(ErrNoData, where, "pass the result of a calibration", "got nil")
	}
	d := &calibrationChart{source: describe(x)}
	all := x.Strengths()
	if len(all) < 2 {
		return nil, problemf(ErrNoData, where, "pass the result of a calibration that was run", "no strength was tried")
	}
	if err := finite(where+": strengths", all...); err != nil {
		return nil, err
	}
	var b band
	b.mean, b.lo, b.hi = x.Response()
	name := func(i int) string { return "strength " + multiplier(all[i]) }
	if err := b.holds(where+": response", len(all), "strength", name); err != nil {
		return nil, err
	}
	d.zero, d.from, d.sought, d.strengths, d.band = all[0], b.mean[0], x.Sought(), all[1:], b.from(1)
	if err := finite(where+": sought", d.sought); err != nil {
		return nil, err
	}
	for i, s := range d.strengths {
		away := math.Abs(s - d.zero)
		if away <= 0 || i > 0 && !(away > math.Abs(d.strengths[i-1]-d.zero)) {
			return nil, problemf(ErrRange, where, "Strengths() must go away from the first", "%s comes after %s", multiplier(s), multiplier(all[i]))
		}
		d.x = append(d.x, math.Log10(away))
	}
	if t, ok := x.(interface{ Tries() []int }); ok {
		if d.tries = t.Tries(); len(d.tries) != len(all) {
			return nil, problemf(ErrShape, where, "Tries() must return one number a strength", "%d numbers for %s", len(d.tries), count(len(all), "strength"))
		}
		d.tries = d.tries[1:]
	}
	if r, ok := x.(interface {
		Reached() (strength, lo, hi float64, ok bool)
	}); ok {
		if s, lo, hi, ok := r.Reached(); ok {
			d.answer = band{[]float64{s}, []float64{lo}, []float64{hi}}
			if err := d.answer.holds(where, 1, "answer", func(int) string { return "the answer" }); err != nil {
				return nil, err
			}
			if s == d.zero {
				return nil, problemf(ErrRange, where, "Reached() must return one of Strengths()", "the answer does nothing")
			}
		}
	}
	d.log = d.from == 0 && d.sought > 0
	for i := range d.mean {
		d.log = d.log && d.lo[i] > 0
	}
	return d, nil
}

// title says what was found and what it comes to.
func (d *calibrationChart) title() string {
	if len(d.answer.mean) == 0 {
		return fmt.Sprintf("None of %s comes close to %s", count(len(d.strengths), "strength"), d.with(significant(d.sought)))
	}
	s := fmt.Sprintf("A strength of %s", multiplier(d.answer.mean[0]))
	if i := d.found(); i >= 0 {
		s += " comes to " + d.with(significant(d.mean[i]))
	}
	return s + fmt.Sprintf(", found in %s", counted(len(d.strengths), "try", "tries"))
}

// counted is a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

// found returns the place of the answer among the strengths; −1: it is none of them.
func (d *calibrationChart) found() int {
	for i, s := range d.strengths {
		if len(d.answer.mean) > 0 && s == d.answer.mean[0] {
			return i
		}
	}
	return -1
}

func (d *calibrationChart) subtitle() string {
	what := "strengths of the intervention"
	if d.about != "" {
		what += " for " + d.about
	}
	if d.of != "" {
		what += fmt.Sprintf(", mean over %s %s", grouped(d.n), d.of)
	}
	if d.n > 1 {
		what += " with its 95 % interval"
	}
	if d.tries != nil {
		what += "; numbers: the order in which they were tried"
	}
	return capitalized(what)
}

// alt tells every strength that was tried.
func (d *calibrationChart) alt() string {
	var s strings.Builder
	fmt.Fprintf(&s, "Line chart of what strengths of an intervention come to, on a logarithmic axis. %s. %s. Sought: %s; unsteered: %s.", d.title(), d.subtitle(),
		d.with(significant(d.sought)), d.with(significant(d.from)))
	if len(d.answer.mean) > 0 {
		fmt.Fprintf(&s, " The answer's interval is from %s to %s.", multiplier(d.answer.lo[0]), multiplier(d.answer.hi[0]))
	}
	sep := " "
	for i, x := range d.strengths {
		fmt.Fprintf(&s, "%s%s: %s", sep, multiplier(x), significant(d.mean[i]))
		sep = "; "
	}
	s.WriteByte('.')
	return s.String()
}
