package plotting

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// tinted is constructed data for TokenStrip.
type tinted struct {
	told
	v      []float64
	tokens []string
}

func (x tinted) TokenScores() ([]string, []float64) { return x.tokens, x.v }

// tinting returns a score for each of some tokens, most of it at two of them.
func tinting(tokens []string) tinted {
	r := rand.New(rand.NewPCG(5, 6))
	x := tinted{tokens: tokens}
	for i := range tokens {
		v := .08 * r.NormFloat64()
		switch i {
		case len(tokens) / 2:
			v = 1.3
		case len(tokens) / 3:
			v = -.6
		}
		x.v = append(x.v, v)
	}
	return x
}

// measured is constructed data for Forest.
type measured struct {
	told
	names   []string
	b, r    band
	randoms int
}

func (x measured) Estimates() (names []string, mean, lo, hi []float64) {
	return x.names, x.b.mean, x.b.lo, x.b.hi
}
func (x measured) RandomBand() (mean, lo, hi []float64, n int) {
	return x.r.mean, x.r.lo, x.r.hi, x.randoms
}

// measuring returns n effects from large to small, the last ones below zero.
func measuring(n, randoms int) measured {
	x := measured{randoms: randoms}
	for i := range n {
		v := 2.2*math.Exp(-float64(i)/4) - .35
		x.names = append(x.names, fmt.Sprintf("L%d/N%d", i%12, 37*i+298))
		x.b = x.b.and(v, .25+.02*float64(i%5))
		x.r = x.r.and(.02, .2)
	}
	return x
}

func (b band) and(v, half float64) band {
	return band{append(b.mean, v), append(b.lo, v-half), append(b.hi, v+half)}
}

// members is constructed data for UpSet.
type members struct {
	name string
	in   []string
}

func (m members) Name() string      { return m.name }
func (m members) Members() []string { return m.in }

// sharing returns n sets of numbers that share some.
func sharing(n int) (sets []members) {
	names := []string{"relevance", "contrast", "control vector", "gradient", "patching"}
	r := rand.New(rand.NewPCG(7, 8))
	for i := range n {
		m := members{name: names[i%len(names)]}
		if i >= len(names) {
			m.name = fmt.Sprintf("circuit %d", i+1)
		}
		for k := range 300 {
			if d := k % (i + 3); d == 0 || k < 40 && r.Float64() < .8 {
				m.in = append(m.in, fmt.Sprint(k))
			}
		}
		sets = append(sets, m)
	}
	return sets
}

// rankedScores is constructed data for Cumulative.
type rankedScores struct {
	told
	name string
	v    []float64
}

func (r rankedScores) Ranking() []float64 { return r.v }
func (r rankedScores) Name() string       { return r.name }
func (r rankedScores) N() (int, string)   { return len(r.v), "neurons" }

// steep returns n scores that fall by a power.
func steep(name string, n int, power float64) rankedScores {
	r := rankedScores{name: name}
	for k := range n {
		v := math.Pow(float64(k+1), -power)
		if k%3 == 1 {
			v = -v
		}
		r.v = append(r.v, v)
	}
	return r
}

// distribution is constructed data for BeforeAfter.
type distribution struct {
	tokens []string
	p      []float64
	did    string
}

func (d distribution) Chances() (ids []int32, tokens []string, p []float64) {
	order := upTo(0, len(d.tokens)-1)
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(d.Chance(int32(j)), d.Chance(int32(i))) })
	for _, i := range order[:min(5, len(order))] {
		ids, tokens = append(ids, int32(i)), append(tokens, d.tokens[i])
		if i < len(d.p) {
			p = append(p, d.p[i])
		}
	}
	return ids, tokens, p
}
func (d distribution) Chance(id int32) float64 {
	if int(id) < len(d.p) {
		return d.p[id]
	}
	return 0
}
func (d distribution) Interventions() string { return d.did }

var words = []string{" wonderful", " great", " terrible", " bad", " awful", " good", " dull", "\n"}

// changed returns a prediction and what an intervention makes of it.
func changed() (before, after distribution) {
	return distribution{tokens: words, p: []float64{.52, .2, .002, .01, .0001, .11, .004, .03}},
		distribution{tokens: words, p: []float64{.06, .04, .41, .22, .09, .1, .02, .03}, did: "praise ×0"}
}

// prompted is constructed data for ByPrompt.
type prompted struct {
	told
	units, prompts []string
	z              [][]float64
}

func (p prompted) ByPrompt() (units, prompts []string, scores [][]float64) {
	return p.units, p.prompts, p.z
}

// acting returns the scores of u units on n prompts, the first ones steady.
func acting(u, n int) prompted {
	r := rand.New(rand.NewPCG(9, 10))
	p := prompted{}
	for k := range n {
		p.prompts = append(p.prompts, fmt.Sprintf("%s film was so %s that I", []string{"The", "This", "Her last"}[k%3], []string{"warm", "lively", "slow"}[k%3]))
	}
	for i := range u {
		p.units = append(p.units, fmt.Sprintf("L%d/N%d", i%12, 41*i+298))
		row := make([]float64, n)
		for k := range row {
			row[k] = 1.5/float64(i+1)*math.Pow(-1, float64(i%2)) + .25*r.NormFloat64()
		}
		p.z = append(p.z, row)
	}
	return p
}
