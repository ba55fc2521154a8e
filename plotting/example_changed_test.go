package plotting_test

import (
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/plotting"
)

// told is any type of yours that knows a score of every token.
type told struct {
	tokens []string
	scores []float64
}

func (t told) TokenScores() (tokens []string, scores []float64) { return t.tokens, t.scores }

func ExampleTokenStrip() {
	fig := plotting.TokenStrip(told{[]string{"I", " loved", " it", "\n"}, []float64{0.1, 1.2, 0.1, -0.7}})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// “·loved” (+1.20) and “\n” (−0.700) have 90 % of the absolute score
	// Text of 4 tokens, tinted by the score. “·loved” (+1.20) and “\n” (−0.700) have 90 % of the absolute score. The largest is +1.20, at token 2, “·loved”. The smallest is −0.700, at token 4, “\n”. The sum is +0.700.
}

// effects is any type of yours that knows effects with their intervals.
type effects map[string][3]float64

func (e effects) Estimates() (names []string, mean, lo, hi []float64) {
	for name := range e {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		mean, lo, hi = append(mean, e[name][0]), append(lo, e[name][1]), append(hi, e[name][2])
	}
	return names, mean, lo, hi
}

func ExampleForest() {
	fig := plotting.Forest(effects{"L5/N298": {1.2, 0.8, 1.6}, "L7/N12": {-0.1, -0.4, 0.2}})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// 1 of 2 effects is beyond zero; the largest is +1.20 of “L5/N298”
	// Forest plot of 2 effects. 1 of 2 effects is beyond zero; the largest is +1.20 of “L5/N298”. Effects, with 95 % intervals. L5/N298: +1.20 [+0.800, +1.60]. L7/N12: −0.100 [−0.400, +0.200].
}

// set is any type of yours with a name and members.
type set struct {
	name string
	in   []string
}

func (s set) Name() string      { return s.name }
func (s set) Members() []string { return s.in }

func ExampleUpSet() {
	fig := plotting.UpSet(
		set{"found", []string{"L5/N298", "L5/N7", "L6/N1"}},
		set{"contrast", []string{"L5/N298", "L5/N7"}},
		set{"gradient", []string{"L5/N298"}},
	)
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// 1 of 3 neurons is in all 3 circuits; most, 1, only in “found”
	// Bars of what 3 circuits have in common: found (n=3), contrast (n=2) and gradient (n=1). 1 of 3 neurons is in all 3 circuits; most, 1, only in “found”. Only in “found”: 1. Only in “found” and “contrast”: 1. In all 3 circuits: 1.
}

// strongest is any type of yours that knows scores, strongest first.
type strongest []float64

func (s strongest) Ranking() []float64 { return s }
func (s strongest) N() (int, string)   { return len(s), "neurons" }

func ExampleCumulative() {
	fig := plotting.Cumulative(strongest{5, -3, 1, 0.5, 0.5})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// 1 of 5 neurons has half of the absolute score; 90 % takes 3
	// Line chart of the cumulative score by number of units, on a logarithmic axis, 1 curve. 1 of 5 neurons has half of the absolute score; 90 % takes 3. Scores: the first has 50 %; half is in 1, 90 % in 3, of 5 neurons.
}

// next is any type of yours that knows the probabilities of the next token.
type next struct {
	tokens []string // by id
	p      []float64
}

func (n next) Chances() (ids []int32, tokens []string, p []float64) {
	for i := range n.tokens {
		ids = append(ids, int32(i))
	}
	return ids, n.tokens, n.p
}
func (n next) Chance(id int32) float64 { return n.p[id] }
func (n next) Interventions() string   { return "praise ×0" }

func ExampleBeforeAfter() {
	tokens := []string{" wonderful", " terrible"}
	fig := plotting.BeforeAfter(next{tokens, []float64{0.7, 0.05}}, next{tokens, []float64{0.2, 0.05}})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// “·wonderful” stays first and goes from 70 % to 20 %
	// Bars of the probability of the next token before and after an intervention, 2 tokens. “·wonderful” stays first and goes from 70 % to 20 %. Probability of the next token before (pale bar) and after (arrow): praise ×0. “·wonderful”: from 70 % to 20 % (−50 points). “·terrible”: from 5.0 % to 5.0 % (±0 points).
}

// byPrompt is any type of yours that knows the scores of units on prompts.
type byPrompt struct {
	units, prompts []string
	scores         [][]float64 // [U][P]
}

func (b byPrompt) ByPrompt() (units, prompts []string, scores [][]float64) {
	return b.units, b.prompts, b.scores
}

func ExampleByPrompt() {
	fig := plotting.ByPrompt(byPrompt{[]string{"L5/N298", "L7/N12"}, []string{"I loved it. It was", "So good. It was"}, [][]float64{{1.2, 0.9}, {0.4, -0.1}}})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// 1 of 2 units has one sign on all 2 prompts; L5/N298 does most, +1.05 on the mean
	// Heat map of the score, 2 units by 2 prompts. 1 of 2 units has one sign on all 2 prompts; L5/N298 does most, +1.05 on the mean. L5/N298: mean +1.05, from +0.900 to +1.20. L7/N12: mean +0.150, from −0.100 to +0.400.
}
