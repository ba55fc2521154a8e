package plotting

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// methods is constructed data for Methods.
type methods struct {
	names           []string
	effect, random  band
	randoms         int
	r               band
	jaccard, chance []float64
	profiles        [][]float64
}

func (m methods) Methods() []string                 { return m.names }
func (m methods) Effects() (mean, lo, hi []float64) { return m.effect.mean, m.effect.lo, m.effect.hi }
func (m methods) RandomBand() (a, lo, hi []float64, n int) {
	return m.random.mean, m.random.lo, m.random.hi, m.randoms
}
func (m methods) Correlations() (r, lo, hi []float64)   { return m.r.mean, m.r.lo, m.r.hi }
func (m methods) Overlaps() (jaccard, chance []float64) { return m.jaccard, m.chance }
func (m methods) Profiles() [][]float64                 { return m.profiles }
func (m methods) Unit() string                          { return "logits" }
func (m methods) About() string                         { return `logit(" wonderful") − logit(" terrible")` }
func (m methods) N() (int, string)                      { return 24, "prompts" }

// compared are n methods in a model of L layers, worse from the first to the last; the last correlation is unknown.
func compared(n, L int) (m methods) {
	r := rand.New(rand.NewPCG(15, 16))
	known := []string{"RelP", "Frozen", "Gradient", "Integrated gradients", "Contrast", "Control vector", "Random"}
	m.randoms = 20
	for i := range n {
		name := fmt.Sprintf("Method %d", i)
		if i < len(known) {
			name = known[i]
		}
		m.names = append(m.names, name)
		e, w := -4.2+4.1*float64(i)/float64(max(n-1, 1)), .2+.4*r.Float64()
		m.effect.mean, m.effect.lo, m.effect.hi = append(m.effect.mean, e), append(m.effect.lo, e-w), append(m.effect.hi, e+w)
		m.random.mean, m.random.lo, m.random.hi = append(m.random.mean, -.1), append(m.random.lo, -.35), append(m.random.hi, .2)
		c := .8 - .9*float64(i)/float64(max(n-1, 1))
		if i == n-1 {
			c = math.NaN()
		}
		m.r.mean, m.r.lo, m.r.hi = append(m.r.mean, c), append(m.r.lo, c-.1), append(m.r.hi, c+.1)
		m.jaccard, m.chance = append(m.jaccard, 1/(1+float64(i))), append(m.chance, .01)
		row := make([]float64, L)
		for l := range row {
			row[l] = math.Exp(-20*math.Pow((float64(l)+.5)/float64(L)-.2-.6*float64(i)/float64(n), 2)) * (.6 + .4*r.Float64())
		}
		m.profiles = append(m.profiles, row)
	}
	return m
}

// multiverse is constructed data for Specifications.
type multiverse struct {
	b       band
	lo, hi  []float64
	names   []string
	options [][]string
	of      [][]int
}

func (m multiverse) Effects() (mean, lo, hi []float64) { return m.b.mean, m.b.lo, m.b.hi }
func (m multiverse) Choices() (names []string, options [][]string, of [][]int) {
	return m.names, m.options, m.of
}
func (m multiverse) Null() (lo, hi []float64) { return m.lo, m.hi }
func (m multiverse) Unit() string             { return "logits" }
func (m multiverse) About() string            { return `logit(" wonderful") − logit(" terrible")` }
func (m multiverse) Method() string           { return "effect of ablation" }

// specified are all combinations of rules, selections, sizes and resamples, with or without a null.
func specified(resamples int, null bool) (m multiverse) {
	r := rand.New(rand.NewPCG(17, 18))
	m.names = []string{"Rule", "Selection", "Size", "Resample"}
	m.options = [][]string{{"RelP", "Frozen", "Gradient"}, {"TopK", "Positive"}, {"10", "20", "50"}, nil}
	for i := range resamples {
		m.options[3] = append(m.options[3], fmt.Sprint(i+1))
	}
	for a := range m.options[0] {
		for b := range m.options[1] {
			for c := range m.options[2] {
				for d := range m.options[3] {
					v := -.2 - float64(c+1)*[]float64{1, .8, .15}[a] - .2*float64(b) + .2*r.NormFloat64()
					w := .3 + .2*r.Float64()
					m.b.mean, m.b.lo, m.b.hi = append(m.b.mean, v), append(m.b.lo, v-w), append(m.b.hi, v+w)
					if null {
						m.lo, m.hi = append(m.lo, -.2-.05*float64(c)), append(m.hi, .15+.05*float64(c))
					}
					m.of = append(m.of, []int{a, b, c, d})
				}
			}
		}
	}
	return m
}

// TestMethodsTitle: the method that does most is named, with those that it cannot be told from, and chance.
func TestMethodsTitle(t *testing.T) {
	three := methods{names: []string{"RelP", "Gradient", "IG"}, effect: band{[]float64{-1, -3, 2}, []float64{-1.2, -3.5, 1}, []float64{-.8, -2.5, 2.5}}}
	near, chance, alone := three, three, methods{names: []string{"RelP"}, effect: flat(1, 2)}
	near.effect.lo = []float64{-2.6, -3.5, 1}
	chance.randoms, chance.random = 20, band{[]float64{0, -1, 0}, []float64{-1, -2.6, -1}, []float64{1, 0, 1}}
	for _, c := range []struct {
		x    methods
		want string
	}{
		{three, "The neurons of Gradient do most, −3.00 logits"},
		{near, "The neurons of Gradient do most, −3.00 logits; not to be told from RelP"},
		{chance, "The neurons of Gradient do most, −3.00 logits; random ones −1.00, which is within chance"},
		{alone, "The neurons of RelP do +2.00 logits"},
		{methods{names: []string{"a", "b"}, effect: flat(2, 0)}, "No method finds neurons that do anything"},
	} {
		if got := Methods(c.x).TitleText(); got != c.want {
			t.Errorf("\n got %q\nwant %q", got, c.want)
		}
	}
}

// TestSpecificationsTitle: an estimate counts as beyond chance by its whole interval, whichever order they come in.
func TestSpecificationsTitle(t *testing.T) {
	three := multiverse{b: band{[]float64{3, 1, 2}, []float64{2.5, -.5, 1.5}, []float64{3.5, 2.5, 2.5}}, of: make([][]int, 3)}
	null, none := three, three
	null.lo, null.hi = []float64{-1, -1, -1}, []float64{1, 1, 1.6}
	none.lo, none.hi = []float64{-9, -9, -9}, []float64{9, 9, 9}
	for _, c := range []struct {
		x    multiverse
		want string
	}{
		{three, "2 of 3 specifications are beyond zero: from +1.00 to +3.00, median +2.00 logits"},
		{null, "1 of 3 specifications is beyond chance: from +1.00 to +3.00, median +2.00 logits"},
		{none, "None of 3 specifications is beyond chance: from +1.00 to +3.00, median +2.00 logits"},
		{multiverse{b: flat(4, 1), of: make([][]int, 4)}, "All 4 specifications are beyond zero: from +1.00 to +1.00, median +1.00 logits"},
		{multiverse{b: flat(1, 0), of: make([][]int, 1)}, "The only specification gives 0 logits, not beyond zero"},
	} {
		if got := Specifications(c.x).TitleText(); got != c.want {
			t.Errorf("\n got %q\nwant %q", got, c.want)
		}
	}
}
