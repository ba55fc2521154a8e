package plotting

import "testing"

// unequal is constructed data for Faithfulness.
type unequal struct {
	told
	sizes   []int
	f, c, r band
	randoms int
}

func (u unequal) Sizes() []int                           { return u.sizes }
func (u unequal) Faithfulness() (m, l, h []float64)      { return u.f.mean, u.f.lo, u.f.hi }
func (u unequal) Completeness() (m, l, h []float64)      { return u.c.mean, u.c.lo, u.c.hi }
func (u unequal) RandomBand() (m, l, h []float64, n int) { return u.r.mean, u.r.lo, u.r.hi, u.randoms }

// carrying is a behavior that some hundred units carry, with or without random sets.
func carrying(randoms int) unequal {
	wide := func(mean []float64, by float64) band {
		b := band{mean: mean}
		for _, x := range mean {
			b.lo, b.hi = append(b.lo, x-by), append(b.hi, x+by)
		}
		return b
	}
	return unequal{sizes: []int{0, 3, 7, 15, 30, 76, 153, 307, 768, 1075, 1536}, randoms: randoms,
		f: wide([]float64{0, .02, .05, .11, .27, .58, .81, .93, .99, 1.01, 1}, .08), c: wide([]float64{1, .93, .88, .72, .51, .29, .15, .07, .03, .01, 0}, .06),
		r: wide([]float64{0, 0, 0, .01, .01, .02, .05, .09, .31, .62, 1}, .05)}
}

// TestFaithfulnessTitle: the title says how few units carry the behavior, or that no size does, and what random ones carry.
func TestFaithfulnessTitle(t *testing.T) {
	weak := carrying(0)
	weak.f = flat(len(weak.sizes), .3)
	for _, c := range []struct {
		x    unequal
		want string
	}{
		{carrying(19), "307 units carry 93 % of the behavior; as many random ones 9 %"},
		{carrying(0), "307 units carry 93 % of the behavior"},
		{weak, "No size carries more than 30 % of the behavior, at 3 units"},
	} {
		if got := Faithfulness(c.x).TitleText(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
