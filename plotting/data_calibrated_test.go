package plotting

import (
	"math"
	"strings"
	"testing"
)

// searched is constructed data for Calibration.
type searched struct {
	told
	strengths []float64
	b         band
	tries     []int
	sought    float64
	answer    [3]float64
	ok        bool
}

func (s searched) Strengths() []float64          { return s.strengths }
func (s searched) Response() (m, l, h []float64) { return s.b.mean, s.b.lo, s.b.hi }
func (s searched) Sought() float64               { return s.sought }
func (s searched) Tries() []int                  { return s.tries }
func (s searched) Reached() (strength, lo, hi float64, _ bool) {
	return s.answer[0], s.answer[1], s.answer[2], s.ok
}
func (s searched) Unit() string     { return "nats" }
func (s searched) About() string    { return "a divergence of 0.1 nats at most" }
func (s searched) N() (int, string) { return 20, "texts" }

// within is a search for a budget that is met; away is one for a target below the unsteered value.
func within() searched {
	return searched{strengths: []float64{1, 1.125, 1.25, 1.5, 1.93, 1.98, 2}, tries: []int{0, 1, 2, 3, 5, 6, 4}, sought: .1, answer: [3]float64{1.98, 1.9, 2.09}, ok: true,
		b: band{[]float64{0, .0007, .0023, .021, .082, .0971, .13}, []float64{0, .0005, .0013, .011, .052, .0671, .09}, []float64{0, .001, .003, .03, .11, .13, .17}}}
}

func away() searched {
	return searched{strengths: []float64{1, .875, .75, .5, .1, 0}, tries: []int{0, 1, 2, 3, 5, 4}, sought: 0, answer: [3]float64{.1, 0, .2}, ok: true,
		b: band{[]float64{7, 6.5, 5.5, 3, .1, -1.5}, []float64{6, 5.5, 4.5, 2.5, -.4, -2.5}, []float64{8, 7.5, 6.5, 3.5, .6, -.5}}}
}

// TestCalibrationTitle: the title says the answer with what it comes to, or that there is none.
func TestCalibrationTitle(t *testing.T) {
	missed := within()
	missed.ok = false
	for _, c := range []struct {
		x    searched
		want string
	}{
		{within(), "A strength of 1.98 comes to 0.0971 nats, found in 6 tries"},
		{away(), "A strength of 0.1 comes to 0.100 nats, found in 5 tries"},
		{missed, "None of 6 strengths comes close to 0.100 nats"},
	} {
		fig := Calibration(c.x)
		if got := fig.TitleText(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if alt := fig.Alt(); !strings.Contains(alt, c.want) || !strings.Contains(alt, "Sought: ") || strings.Contains(alt, "interval is from") != c.x.ok {
			t.Error(alt)
		}
	}
}

// TestCalibrationAxes: values above zero that begin at zero stand on a logarithmic axis, others do not; and the interval of the
// answer widens the axis of strengths by a decade at most.
func TestCalibrationAxes(t *testing.T) {
	chartOf := func(x searched) *calibrationChart {
		c, err := newCalibrationChart(x)
		if err != nil {
			t.Fatal(err)
		}
		return c.(*calibrationChart)
	}
	if !chartOf(within()).log || chartOf(away()).log {
		t.Error("a divergence stands on a logarithmic axis, a difference on a plain one")
	}
	zero := within()
	zero.b.lo[1] = 0
	if chartOf(zero).log {
		t.Error("zero has no logarithm")
	}
	far := within()
	far.answer[2] = 1e9
	_, right, low, high := chartOf(far).extent()
	if right != 1 || low != math.Log10(.0005) || high != math.Log10(.17) {
		t.Errorf("to %v, from %v to %v", right, low, high)
	}
}

// TestDecades: an axis within one power of ten has twos and fives.
func TestDecades(t *testing.T) {
	at := newSheet(400, 150)
	if got := strings.Join(labels(decades{at}.Ticks(-3.2, -.8)), " "); got != "0.001 0.01 0.1" {
		t.Error(got)
	}
	if got := strings.Join(labels(decades{at}.Ticks(-1.5, -.9)), " "); got != "0.05 0.1" {
		t.Error(got)
	}
}
