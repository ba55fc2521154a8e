package execute

import (
	"cmp"
	"math"
	"slices"
)

// search looks for the smallest dose that reaches a value, by few tries. It begins with a small dose and doubles it, goes four
// times as far where the value is next to nothing, and less far where the power law through the last tries says that less is
// enough; where the first dose is too large already it goes down by steps that grow. Once a dose reaches the value, the
// bracket closes by secants in the logarithms of dose and value, the weight of an end that stays being halved (the Illinois
// rule; Dowell and Jarratt, BIT 11, 1971), and by halves while the curve is flat above it, which tells a secant nothing of where
// it turns. It is always the bracket of the smallest dose that reaches the value, whatever the
// curve does above it.
type search struct {
	aim    float64 // what a secant is drawn to
	lo, hi float64 // a value between them will do
	order  float64 // the power of the dose that the value goes with near 0
	limit  float64 // the largest dose
	tries  []try   // in order
}

// try is a dose with what it came to, in units of what is sought.
type try struct{ dose, value float64 }

const (
	firstDose = 1. / 8
	maxDoses  = 11 // with the unsteered pass twelve
	leastTry  = 1e-9

	nextToNothing = 1e-3 // of the value sought
	flatOrder     = .1   // the power of the dose below which a curve counts as flat
)

// sorted returns the tries by dose.
func (s search) sorted() []try {
	out := slices.Clone(s.tries)
	slices.SortFunc(out, func(a, b try) int { return cmp.Compare(a.dose, b.dose) })
	return out
}

// found returns the place in tries of the smallest dose that reaches the value, where its value will do.
func (s search) found() (at int, ok bool) {
	by := s.sorted()
	k := slices.IndexFunc(by, func(t try) bool { return t.value >= s.lo })
	if k < 0 || by[k].value > s.hi {
		return -1, false
	}
	return slices.Index(s.tries, by[k]), true
}

// next returns the dose to try; ok is false where the search is over.
func (s search) next() (dose float64, ok bool) {
	if _, done := s.found(); done || len(s.tries) >= maxDoses {
		return 0, false
	}
	if len(s.tries) == 0 {
		return min(firstDose, s.limit), true
	}
	by := s.sorted()
	k := slices.IndexFunc(by, func(t try) bool { return t.value >= s.lo })
	switch {
	case k < 0:
		return s.up(by)
	case k == 0:
		return by[0].dose * s.down(by[0].value, len(by)), true
	}
	if k+1 < len(by) && order(by[k], by[k+1]) < flatOrder {
		return math.Sqrt(by[k-1].dose * by[k].dose), true
	}
	return s.within(by[k-1], by[k]), true
}

// order returns the power of the dose with which the value goes from a to b.
func order(a, b try) float64 { return math.Log(b.value/a.value) / math.Log(b.dose/a.dose) }

// down returns the factor from the smallest dose, which goes too far, to the next. A curve that is flat there says little of
// how far down it turns, so each of the tries before makes the step larger.
func (s search) down(value float64, tries int) float64 {
	return min(math.Pow(2, -float64(tries)), max(1./64, math.Pow(s.aim/value, 1/s.order)))
}

// up goes beyond the largest dose.
func (s search) up(by []try) (float64, bool) {
	last := by[len(by)-1]
	if last.dose >= s.limit {
		return 0, false
	}
	widest, power := 2., s.order
	if last.value < nextToNothing {
		widest = 4
	}
	factor := widest
	if n := len(by); n > 1 && by[n-2].value > leastTry && last.value > by[n-2].value {
		power = order(by[n-2], last)
	}
	if last.value > leastTry {
		factor = min(widest, max(1.02, math.Pow(s.aim/last.value, 1/power)))
	}
	return min(last.dose*factor, s.limit), true
}

// within returns a dose between one that falls short and one that goes too far.
func (s search) within(below, above try) float64 {
	a, b := math.Log(max(below.value, leastTry)/s.aim), math.Log(above.value/s.aim)
	side := s.tries[len(s.tries)-1].value >= s.lo
	for i := len(s.tries) - 2; i >= 0 && (s.tries[i].value >= s.lo) == side; i-- { // the end on the other side stands still
		if side {
			a /= 2
		} else {
			b /= 2
		}
	}
	t := .5
	if b > a {
		t = min(.95, max(.05, -a/(b-a)))
	}
	return below.dose * math.Pow(above.dose/below.dose, t)
}
