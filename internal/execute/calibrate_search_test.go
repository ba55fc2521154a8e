package execute

import (
	"math"
	"slices"
	"testing"
)

// walk runs a search on a function.
func walk(s search, f func(float64) float64) search {
	for {
		dose, ok := s.next()
		if !ok {
			return s
		}
		s.tries = append(s.tries, try{dose, f(dose)})
	}
}

func budget(limit float64) search { return search{aim: .975, lo: .95, hi: 1, order: 2, limit: limit} }

// TestSearchReaches: curves as steering gives them (powers, with a late wall, saturating, with a step) are met within the
// accepted band by eleven doses at most, wherever they cross from a five-hundredth of what was given to the limit.
func TestSearchReaches(t *testing.T) {
	shapes := map[string]func(float64) float64{
		"quadratic":  func(d float64) float64 { return d * d },
		"linear":     func(d float64) float64 { return d },
		"cubic":      func(d float64) float64 { return d * d * d },
		"wall":       func(d float64) float64 { return d*d*.2 + .8*math.Pow(d, 9) },
		"cliff":      func(d float64) float64 { return d*d*.1 + .9*math.Pow(d, 30) },
		"saturating": func(d float64) float64 { return 1.2 * d * d / (.2 + d*d) },
		"logistic":   func(d float64) float64 { return 2 / (1 + math.Exp(-12*(d-1))) },
	}
	for name, f := range shapes {
		for at := .002; at < 15; at *= 1.03 {
			s := walk(budget(16), func(d float64) float64 { return f(d / at) })
			if k, ok := s.found(); !ok || len(s.tries) > maxDoses || f(s.tries[k].dose/at) < .95 || f(s.tries[k].dose/at) > 1 {
				t.Errorf("%s crossing at %.4g: %v", name, at, s.tries)
			}
		}
	}
}

// TestSearchSteps: a step so steep that a tenth of a percent of the dose is what the budget allows is met wherever eleven doses
// can; where they cannot, the last bracket is about the step. Nine tenths of them are met.
func TestSearchSteps(t *testing.T) {
	met, all := 0, 0
	for at := .002; at < 15; at *= 1.03 {
		s := walk(budget(16), func(d float64) float64 { return 1.5 / (1 + .5*math.Exp(-30*(d/at-1))) })
		all++
		if _, ok := s.found(); ok {
			met++
			continue
		}
		by := s.sorted()
		k := slices.IndexFunc(by, func(t try) bool { return t.value >= .95 })
		if k < 1 || by[k].dose/by[k-1].dose > 1.3 {
			t.Errorf("a step at %.4g: %v", at, by)
		}
	}
	if met*10 < all*9 {
		t.Errorf("%d of %d steps are met", met, all)
	}
}

// TestSearchSmallest: where a curve reaches the value, falls and reaches it again, the answer is the first.
func TestSearchSmallest(t *testing.T) {
	f := func(d float64) float64 { return 1.5*math.Exp(-math.Pow(math.Log(d/.7), 2)*6) + math.Pow(d/12, 4) }
	s := walk(budget(16), f)
	at, ok := s.found()
	if !ok || s.tries[at].dose > .7 {
		t.Errorf("%v, %v of %v", at, ok, s.tries)
	}
}

// TestSearchStops: a curve that never reaches the value ends at the limit, which is tried once and not passed; and one that
// jumps past it ends after eleven doses, the last of them about the jump.
func TestSearchStops(t *testing.T) {
	s := walk(budget(3), func(d float64) float64 { return .01 * d })
	if _, ok := s.found(); ok || s.tries[len(s.tries)-1].dose != 3 || s.tries[len(s.tries)-2].dose >= 3 {
		t.Errorf("%v", s.tries)
	}
	asked := 0
	s = walk(budget(16), func(d float64) float64 {
		if asked++; asked > 100 {
			t.Fatal("it goes on and on")
		}
		if d < 1.3 {
			return .1
		}
		return 5
	})
	if _, ok := s.found(); ok || len(s.tries) != maxDoses || math.Abs(s.tries[maxDoses-1].dose-1.3) > .2 {
		t.Errorf("a jump: %v", s.tries)
	}
	s = walk(search{aim: 1, lo: .95, hi: 1.05, order: 1, limit: 16}, func(d float64) float64 { return -d })
	if _, ok := s.found(); ok || s.tries[len(s.tries)-1].dose != 16 || len(s.tries) > maxDoses {
		t.Errorf("away from the value: %v", s.tries)
	}
}

// TestSearchUp: the next dose follows the power of the last two where the value grows, and the curve's own power where it has fallen or
// was nothing before.
func TestSearchUp(t *testing.T) {
	s := search{aim: 1, lo: .95, hi: 1.05, order: 1, limit: 100}
	for _, c := range []struct {
		by   []try
		want float64
	}{
		{[]try{{2, .8}}, 2.5}, {[]try{{1, 0}, {2, .8}}, 2.5}, {[]try{{1, .9}, {2, .8}}, 2.5}, {[]try{{1, .2}, {2, .8}}, 2 * math.Sqrt(1.25)},
		{[]try{{2, .01}}, 4}, {[]try{{2, 0}}, 8}, {[]try{{2, -1}}, 8}, {[]try{{2, .99}}, 2.04}, {[]try{{99, .8}}, 100},
	} {
		if got, ok := s.up(c.by); !ok || math.Abs(got-c.want) > 1e-12 {
			t.Errorf("after %v comes %v, want %v", c.by, got, c.want)
		}
	}
	if got, ok := s.up([]try{{100, .8}}); ok {
		t.Errorf("after the limit comes %v", got)
	}
}
