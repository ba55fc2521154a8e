package plotting

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Dosed is what [DoseResponse] draws: for every multiplier of a circuit the mean response over prompts, with its 95 %
// interval. Each slice has one value a multiplier [M]; an interval of no width is that of a single prompt.
//
// What is drawn may also have
//
//	RandomBand() (mean, lo, hi []float64, n int)   // of n random circuits: mean and middle 95 %, each [M]
//	Prompts() [][]float64                          // the response of every prompt [N][M]; drawn where N is small
//	PromptedBand() (mean, lo, hi float64, ok bool) // of the unsteered model after an instruction; ok is false without one
type Dosed interface {
	Multipliers() []float64 // rising
	Response() (mean, lo, hi []float64)
}

// DoseResponse describes a figure of what scaling circuits does: a line through the mean response to every multiplier
// with its interval, beside random circuits in gray, and a dashed line where the model is unsteered, at the multiplier 1. What
// an instruction in the prompt does in place of the circuit is a level of its own, dashed, with its interval.
// Several curves share the axes, so they should measure the same; more than four have a panel each, on the same scales. Each is asked for its numbers once, when the figure is
// first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN], [ErrInfinity] or [ErrRange].
func DoseResponse(curves ...Dosed) *Figure {
	curves = slices.Clone(curves)
	return newFigure("plotting.DoseResponse", func() (chart, error) { return newDoseChart(curves) })
}

// doseChart is the checked data of a DoseResponse figure.
type doseChart struct {
	source // of the first curve
	curves []doseCurve
}

// doseCurve is one circuit.
type doseCurve struct {
	name    string
	x       []float64 // [M] multipliers
	band              // of the mean over prompts
	prompts [][]float64
	random  band // empty without random circuits
	randoms int  // how many there are

	instruction band // of the unsteered model after an instruction, one value; empty without
}

// A band is a line with an interval around it, each [M].
type band struct{ mean, lo, hi []float64 }

// paneled reports whether each curve has a panel of its own.
func (d *doseChart) paneled() bool { return len(d.curves) > maxCurves }

// maxCurves is how many curves can be told apart by their colors.
const maxCurves = 4

func newDoseChart(curves []Dosed) (chart, error) {
	const where = "plotting.DoseResponse"
	if len(curves) == 0 {
		return nil, problemf(ErrNoData, where, "pass the result of a sweep", "no curve")
	}
	if len(curves) > mostPanels {
		return nil, problemf(ErrSize, where, "draw them as several figures", "%d curves, at most %d", len(curves), mostPanels)
	}
	d := &doseChart{}
	for i, x := range curves {
		at := where
		if len(curves) > 1 {
			at = fmt.Sprintf("%s: curve %d", where, i+1)
		}
		if x == nil {
			return nil, problemf(ErrNoData, at, "pass the result of a sweep", "got nil")
		}
		c, err := newDoseCurve(at, x)
		if err != nil {
			return nil, err
		}
		s := describe(x)
		if i == 0 {
			d.source = s
		} else if s.about != d.about {
			d.about = "" // they share no more than the axis
		}
		c.name = s.name
		if c.name == "" && len(curves) == 1 {
			c.name = "circuit"
		} else if c.name == "" {
			c.name = fmt.Sprintf("circuit %d", i+1)
		}
		d.curves = append(d.curves, c)
	}
	d.source.name = "" // names stand at the lines
	return d, nil
}

func newDoseCurve(where string, x Dosed) (c doseCurve, err error) {
	c.x = x.Multipliers()
	if len(c.x) == 0 {
		return c, problemf(ErrNoData, where, "sweep at least one multiplier, e.g. 0, 1, 2", "no multiplier")
	}
	if err := finite(where+": multipliers", c.x...); err != nil {
		return c, err
	}
	for i := 1; i < len(c.x); i++ {
		if c.x[i] <= c.x[i-1] {
			return c, problemf(ErrRange, where, "Multipliers() must rise", "×%s comes after ×%s", multiplier(c.x[i]), multiplier(c.x[i-1]))
		}
	}
	c.mean, c.lo, c.hi = x.Response()
	if err := c.band.check(where+": response", c.x); err != nil {
		return c, err
	}
	if r, ok := x.(interface {
		RandomBand() (mean, lo, hi []float64, n int)
	}); ok {
		c.random.mean, c.random.lo, c.random.hi, c.randoms = r.RandomBand()
		if c.randoms > 0 {
			if err := c.random.check(where+": random circuits", c.x); err != nil {
				return c, err
			}
		}
	}
	if p, ok := x.(interface {
		PromptedBand() (mean, lo, hi float64, ok bool)
	}); ok {
		if mean, lo, hi, ok := p.PromptedBand(); ok {
			c.instruction = band{[]float64{mean}, []float64{lo}, []float64{hi}}
			if err := c.instruction.holds(where, 1, "instruction", func(int) string { return "the instruction" }); err != nil {
				return c, err
			}
		}
	}
	if p, ok := x.(interface{ Prompts() [][]float64 }); ok {
		c.prompts = p.Prompts()
		for i, v := range c.prompts {
			at := fmt.Sprintf("%s: prompt %d", where, i+1)
			if len(v) != len(c.x) {
				return c, problemf(ErrShape, at, "Prompts() must return one value a multiplier", "%d values for %s", len(v), count(len(c.x), "multiplier"))
			}
			if err := finite(at, v...); err != nil {
				return c, err
			}
		}
	}
	return c, nil
}

// check holds a band to its multipliers.
func (b band) check(where string, x []float64) error {
	return b.holds(where, len(x), "multiplier", func(i int) string { return "×" + multiplier(x[i]) })
}

// holds reports whether a band has a value for each of n places, each being one of what it is called, and named at.
func (b band) holds(where string, n int, one string, at func(i int) string) error {
	if len(b.mean) != n || len(b.lo) != n || len(b.hi) != n {
		return problemf(ErrShape, where, "mean, lo and hi must have one value a "+one, "%d, %d and %d values for %s",
			len(b.mean), len(b.lo), len(b.hi), count(n, one))
	}
	for i := range n {
		at := fmt.Sprintf("%s at %s", where, at(i))
		if err := finite(at, b.mean[i], b.lo[i], b.hi[i]); err != nil {
			return err
		}
		if b.lo[i] > b.hi[i] {
			return problemf(ErrRange, at, "lo must not be above hi", "the interval is from %s to %s", signed(b.lo[i]), signed(b.hi[i]))
		}
		if size := math.Abs(b.lo[i]) + math.Abs(b.hi[i]); size > math.MaxFloat64/8 {
			return problemf(ErrInfinity, at, "measure it in a larger unit", "the values overflow")
		}
	}
	return nil
}

// multiplier formats a dose.
func multiplier(x float64) string { return typeset(fmt.Sprintf("%.4g", x)) }

// moved is by how much the response changes from the first dose to the last.
func (c doseCurve) moved() float64 { return c.mean[len(c.mean)-1] - c.mean[0] }

// level is the part of a curve's range that does not count as a way up or down.
const level = 0.02

// goes reports whether the mean never turns back, against a sign, by more than the level.
func (c doseCurve) goes(sign float64) bool {
	limit := level * (slices.Max(c.mean) - slices.Min(c.mean))
	for i := 1; i < len(c.mean); i++ {
		if sign*(c.mean[i]-c.mean[i-1]) < -limit {
			return false
		}
	}
	return sign*c.moved() > 0
}

// beyond counts the doses other than 1 that lie outside the random band: with the whole interval, which is what can be
// said, and by the mean alone.
func (c doseCurve) beyond() (whole, mean, of int) {
	for i, x := range c.x {
		if x == 1 || c.randoms == 0 {
			continue
		}
		of++
		if c.hi[i] < c.random.lo[i] || c.lo[i] > c.random.hi[i] {
			whole++
		}
		if c.mean[i] < c.random.lo[i] || c.mean[i] > c.random.hi[i] {
			mean++
		}
	}
	return whole, mean, of
}

// title says how far the response goes and whether random circuits would do the same. Of several curves it is about the
// one that moves most, among those that have random circuits beside them if any has.
func (d *doseChart) title() string {
	c := d.curves[0]
	for _, x := range d.curves[1:] {
		if known := x.randoms > 0; known != (c.randoms > 0) {
			if known {
				c = x
			}
		} else if math.Abs(x.moved()) > math.Abs(c.moved()) {
			c = x
		}
	}
	subject := "the response"
	if len(d.curves) > 1 {
		subject = "the response to “" + c.name + "”"
	}
	return capitalized(d.finding(c, subject) + c.besideChance())
}

// besideChance says, after the finding, where the response lies beside the random band. A response whose interval
// overlaps the band is not outside of it, wherever its mean lies.
func (c doseCurve) besideChance() string {
	switch whole, mean, of := c.beyond(); {
	case slices.Equal(c.x, []float64{1}):
		return ""
	case c.randoms == 0:
		return "; no random circuit was measured"
	case whole == of:
		return ", outside the random band throughout"
	case whole > 0:
		return fmt.Sprintf(", outside the random band at %d of %d multipliers", whole, of)
	case mean > 0 && of == 1:
		return "; its 95 % interval overlaps the random band"
	case mean > 0:
		return "; its 95 % interval overlaps the random band throughout"
	}
	return ", no more than random circuits move it"
}

// finding says how the mean goes with the dose.
func (d *doseChart) finding(c doseCurve, subject string) string {
	last := len(c.x) - 1
	lo, hi := multiplier(c.x[0]), multiplier(c.x[last])
	top, low := largest(c.mean), largest(negated(c.mean))
	switch {
	case last == 0:
		return fmt.Sprintf("at ×%s %s is %s", lo, subject, d.with(signed(c.mean[0])))
	case c.mean[top] == c.mean[low]:
		return fmt.Sprintf("from ×%s to ×%s %s does not change", lo, hi, subject)
	case c.goes(1):
		return fmt.Sprintf("from ×%s to ×%s %s rises by %s", lo, hi, subject, d.with(significant(c.moved())))
	case c.goes(-1):
		return fmt.Sprintf("from ×%s to ×%s %s falls by %s", lo, hi, subject, d.with(significant(-c.moved())))
	}
	return fmt.Sprintf("%s is highest at ×%s, %s, and lowest at ×%s, %s", subject,
		multiplier(c.x[top]), signed(c.mean[top]), multiplier(c.x[low]), d.with(signed(c.mean[low])))
}

func (d *doseChart) subtitle() string {
	what := d.about
	if what == "" {
		what = "response"
	}
	switch {
	case d.of == "":
	case d.n > 1:
		what = fmt.Sprintf("mean of %s over %s %s", what, grouped(d.n), d.of)
	default:
		what = fmt.Sprintf("%s, %d %s", what, d.n, d.of)
	}
	if d.interval() {
		what += " with its 95 % interval"
	}
	for _, c := range d.curves {
		if c.randoms > 0 {
			what += fmt.Sprintf("; gray: %s (95 %%)", count(c.randoms, "random circuit"))
			break
		}
	}
	if d.paneled() {
		what += "; dashed line: unsteered (×1)"
	}
	if slices.ContainsFunc(d.curves, doseCurve.instructed) {
		what += "; dashed: an instruction in the prompt"
	}
	return capitalized(what)
}

// instructed reports whether the curve has an instruction beside it.
func (c doseCurve) instructed() bool { return len(c.instruction.mean) > 0 }

// interval reports whether any interval has a width.
func (d *doseChart) interval() bool {
	return slices.ContainsFunc(d.curves, func(c doseCurve) bool { return !slices.Equal(c.lo, c.hi) })
}

// alt tells first, unsteered and last response of every curve, beside the random ones.
func (d *doseChart) alt() string {
	var s strings.Builder
	fmt.Fprintf(&s, "Line chart of dose and response, %s. %s. %s.", count(len(d.curves), "curve"), d.title(), d.subtitle())
	for _, c := range d.curves {
		fmt.Fprintf(&s, " %s:", capitalized(c.name))
		sep := " "
		for i, x := range c.x {
			if i > 0 && i < len(c.x)-1 && x != 1 {
				continue
			}
			fmt.Fprintf(&s, "%s×%s %s", sep, multiplier(x), d.with(signed(c.mean[i])))
			if c.lo[i] < c.hi[i] {
				fmt.Fprintf(&s, " [%s, %s]", signed(c.lo[i]), signed(c.hi[i]))
			}
			if c.randoms > 0 {
				fmt.Fprintf(&s, " (random %s to %s)", signed(c.random.lo[i]), signed(c.random.hi[i]))
			}
			sep = "; "
		}
		if c.instructed() {
			fmt.Fprintf(&s, "; after an instruction, unsteered %s [%s, %s]", d.with(signed(c.instruction.mean[0])), signed(c.instruction.lo[0]), signed(c.instruction.hi[0]))
		}
		s.WriteByte('.')
	}
	return s.String()
}
