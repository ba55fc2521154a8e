package steer_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// numbers are the metrics of a curve made by hand: of every prompt [N], of every size and prompt [K][N], and of the random
// rankings [K][R][N].
type numbers struct {
	sizes            []int // of ten units
	full, empty      []float64
	kept, ablated    [][]float64
	control          []float64
	transplanted     [][]float64
	randomly, remain [][][]float64
}

// curve is what a record with these numbers is read as, its prompts being one word each.
func (n numbers) curve(t *testing.T, words string) steer.FaithfulnessCurve {
	t.Helper()
	var list []steer.Example
	for w := range strings.FieldsSeq(words) {
		list = append(list, steer.Example{Prompt: "The " + w, Target: " Paris", Versus: " Rome", Patch: "The " + w})
	}
	var ten []steer.Neuron
	for i := range 10 {
		ten = append(ten, steer.Neuron{Layer: i / 5, Index: i % 5})
	}
	task := fake.Faithfulness(steer.NewCircuit("ten", ten...), steer.NewExamples(list...)).Ablation(steer.ZeroAblation).Sizes(n.sizes...)
	if n.randomly != nil {
		task = task.Controls(len(n.randomly[0]))
	}
	if n.control != nil {
		task = task.Transplant()
	}
	q, err := task.Request()
	if err != nil {
		t.Fatal(err)
	}
	rec, err := fake.Runner().Run(t.Context(), q, func(steer.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	put := func(name string, data []float64, more ...[]float64) {
		out := rec.Tensors[name]
		out.Data = nil
		for _, x := range slices.Concat(append([][]float64{data}, more...)...) {
			out.Data = append(out.Data, float32(x))
		}
		rec.Tensors[name] = out
	}
	sets := func(name string, own [][]float64, random [][][]float64) {
		var all [][]float64
		for k := range own {
			if all = append(all, own[k]); random != nil {
				all = append(all, random[k]...)
			}
		}
		put(name, nil, all...)
	}
	put("full", n.full)
	put("empty", n.empty)
	sets("kept", n.kept, n.randomly)
	sets("ablated", n.ablated, n.remain)
	if n.control != nil {
		put("control", n.control)
		sets("transplanted", n.transplanted, n.randomly)
	}
	return steer.FaithfulnessTask{}.Result(func() steer.Record { return rec })
}

// byHand is a behavior of 8 logits on three prompts, 2 with nothing kept: two of ten units carry half of it, five all, and all ten
// a fifth too much; without two, five and ten units .2, .04 and nothing are left.
func byHand() numbers {
	around := func(x, by float64) []float64 { return []float64{x - by, x, x + by} }
	return numbers{
		sizes: []int{0, 2, 5, 10}, full: around(8, 1), empty: around(2, .5),
		kept:         [][]float64{around(2, .5), around(5, 2), around(8, 1), around(9.2, 1)},
		ablated:      [][]float64{around(8, 1), around(3.2, 1), around(2.24, .25), around(2, .5)},
		control:      around(-4, 1),
		transplanted: [][]float64{around(-4, 1), around(2, 3), around(5, 1), around(8, 1)},
	}
}

// TestFaithfulnessByHand: f, c, necessity, sufficiency, CPR, CMD and k* of numbers that are worked out on paper.
func TestFaithfulnessByHand(t *testing.T) {
	c := byHand().curve(t, "film city state")
	want := []struct{ f, c, n, s float64 }{{0, 1, 0, 0}, {.5, .2, .8, .5}, {1, .04, .96, .75}, {1.2, 0, 1, 1}}
	for k, r := range c.Rows() {
		for what, x := range map[string][2]float64{"f": {r.Faithfulness.Value, want[k].f}, "c": {r.Completeness.Value, want[k].c},
			"necessity": {r.Necessity.Value, want[k].n}, "sufficiency": {r.Sufficiency.Value, want[k].s}} {
			if !(math.Abs(x[0]-x[1]) < 1e-6) {
				t.Errorf("%s of %d units: %v, want %v", what, r.Units, x[0], x[1])
			}
		}
	}
	// Shares 0, .2, .5, 1: .2·.25 + .3·.75 + .5·1.1, and .2·.75 + .3·.25 + .5·.1.
	if cpr, cmd := c.CPR().Value, c.CMD().Value; math.Abs(cpr-.825) > 1e-6 || math.Abs(cmd-.275) > 1e-6 {
		t.Errorf("CPR %v and CMD %v, want .825 and .275", cpr, cmd)
	}
	if k, ok := c.KStar(); k != 5 || !ok {
		t.Errorf("k* is %d (%v); .96 is the first that reaches .95 of 1", k, ok)
	}
	n := byHand()
	n.ablated[2] = []float64{2.6, 2.6, 2.6} // a necessity of .9
	if k, _ := n.curve(t, "film city state").KStar(); k != 10 {
		t.Errorf("k* is %d", k)
	}
	for k := range n.ablated {
		n.ablated[k] = []float64{9, 9, 9} // more of the behavior than before
	}
	if k, ok := n.curve(t, "film city state").KStar(); ok {
		t.Errorf("k* is %d, though no unit is necessary", k)
	}
}

// resampled are f by size of every way to draw n of the groups of prompts with replacement.
func (n numbers) resampled(groups [][]int, each func(f []float64)) {
	var draw func(chosen []int)
	draw = func(chosen []int) {
		if len(chosen) < len(groups) {
			for g := range groups {
				draw(append(slices.Clone(chosen), g))
			}
			return
		}
		whole, under := 0., make([]float64, len(n.sizes))
		for _, g := range chosen {
			for _, i := range groups[g] {
				whole += n.full[i] - n.empty[i]
				for k := range under {
					under[k] += n.kept[k][i] - n.empty[i]
				}
			}
		}
		for k := range under {
			under[k] /= whole
		}
		each(under)
	}
	draw(nil)
}

// areas are CPR and CMD as the evaluation of MIB computes them: neighboring points of a curve, one after the other.
func (n numbers) areas(f []float64) (cpr, cmd float64) {
	for i := range len(f) - 1 {
		dx := float64(n.sizes[i+1]-n.sizes[i]) / 10
		cpr += dx * (f[i] + f[i+1]) / 2
		cmd += dx * (math.Abs(1-f[i]) + math.Abs(1-f[i+1])) / 2
	}
	return cpr, cmd
}

// TestFaithfulnessAreaIntervals: the intervals of CPR and CMD are those of all ways to draw the prompts, or the groups of prompts
// that share a word.
func TestFaithfulnessAreaIntervals(t *testing.T) {
	few := byHand()
	few.kept[2] = []float64{6, 8, 11} // f below and above 1, which CMD tells apart from CPR
	many := numbers{sizes: few.sizes}
	words, groups := []string{}, [][]int{}
	for g, w := range strings.Fields("film city state key town") {
		words, groups = append(words, w, w), append(groups, []int{2 * g, 2*g + 1})
		for range 2 {
			x := float64(g)
			many.full, many.empty = append(many.full, 8+x), append(many.empty, 2-x/4)
			for k, by := range []float64{0, .4, .9, 1.1} {
				if k == len(many.kept) {
					many.kept, many.ablated = append(many.kept, nil), append(many.ablated, nil)
				}
				many.kept[k], many.ablated[k] = append(many.kept[k], 2+by*(6+x*x/3)), append(many.ablated[k], 8)
			}
		}
	}
	for name, c := range map[string]struct {
		n      numbers
		words  string
		groups [][]int
	}{"three prompts": {few, "film city state", [][]int{{0}, {1}, {2}}}, "ten in five groups": {many, strings.Join(words, " "), groups}} {
		var cpr, cmd []float64
		c.n.resampled(c.groups, func(f []float64) {
			a, b := c.n.areas(f)
			cpr, cmd = append(cpr, a), append(cmd, b)
		})
		got := c.n.curve(t, c.words)
		if got.Clusters() != len(c.groups) {
			t.Errorf("%s: %d groups", name, got.Clusters())
		}
		for what, x := range map[string]struct {
			e   steer.Estimate
			all []float64
		}{"CPR": {got.CPR(), cpr}, "CMD": {got.CMD(), cmd}} {
			slices.Sort(x.all)
			at := func(q float64) float64 { return x.all[int(math.Ceil(q*float64(len(x.all))))-1] }
			// 10,000 draws put a quantile of .025 between those of .018 and .032 with four standard errors to spare.
			const slack = 1e-6
			if x.e.Lo < at(.018)-slack || x.e.Lo > at(.032)+slack || x.e.Hi < at(.968)-slack || x.e.Hi > at(.982)+slack || x.e.N != len(c.n.full) || x.e.Lo >= x.e.Hi {
				t.Errorf("%s: %s %+v, want from %v … %v to %v … %v", name, what, x.e, at(.018), at(.032), at(.968), at(.982))
			}
		}
	}
}

// TestFaithfulnessRandomAreas: CPR and CMD of random rankings are those of each one's own curve.
func TestFaithfulnessRandomAreas(t *testing.T) {
	n := byHand()
	n.control, n.transplanted = nil, nil
	flat := func(x float64) []float64 { return []float64{x, x, x} }
	// f by size: 0, 0, .5, 1 and 0, 1, .5, 1.
	n.randomly = [][][]float64{{flat(2), flat(2)}, {flat(2), flat(8)}, {flat(5), flat(5)}, {flat(8), flat(8)}}
	n.remain = n.randomly
	cpr, cmd := n.curve(t, "film city state").RandomAreas()
	// CPR: .3·.25 + .5·.75 = .45, and .2·.5 + .3·.75 + .5·.75 = .7; CMD, f nowhere above 1: 1 less.
	for what, x := range map[string][2]float64{"CPR, least": {cpr.Min, .45}, "CPR, most": {cpr.Max, .7}, "CMD, least": {cmd.Min, .3}, "CMD, most": {cmd.Max, .55}} {
		if math.Abs(x[0]-x[1]) > 1e-6 {
			t.Errorf("%s: %v, want %v", what, x[0], x[1])
		}
	}
	if cpr.N != 2 || cmd.N != 2 {
		t.Errorf("of %d and %d rankings", cpr.N, cmd.N)
	}
	if text := n.curve(t, "film city state").String(); !strings.Contains(text, "of 2 random rankings CPR [+0.4") {
		t.Errorf("%s", text)
	}
}

// TestFaithfulnessNoiseByHand: shares are refused where |F(M) − F(∅)| is below 1e-6 or a tenth of its standard deviation over prompts.
func TestFaithfulnessNoiseByHand(t *testing.T) {
	for _, d := range [][]float64{{1, 1, 1}, {9e-7, 9e-7, 9e-7}, {-9e-7, -9e-7, -9e-7}, {2e-6, 2e-6, 2e-6}, {-3, -3, -3}, {1, -1, .05}, {1, -1, .5}, {1, -1, .26}, {1, -1, .36}, {-1, 1, -.36}, {0, 0, 0}} {
		mean := (d[0] + d[1] + d[2]) / 3
		deviation := math.Sqrt(((d[0]-mean)*(d[0]-mean) + (d[1]-mean)*(d[1]-mean) + (d[2]-mean)*(d[2]-mean)) / 2)
		want := math.Abs(mean) >= max(1e-6, .1*deviation)
		n := byHand()
		n.full, n.empty = d, []float64{0, 0, 0}
		c := n.curve(t, "film city state")
		if c.Normalized() != want {
			t.Errorf("%v, mean %v ± %v: normalized %v", d, mean, deviation, c.Normalized())
		}
		cpr, cmd := c.RandomAreas()
		_, ok := c.KStar()
		if nothing := fmt.Sprint(c.CPR(), c.CMD(), cpr, cmd, c.Rows()[1].Faithfulness, c.Rows()[1].Completeness, c.Rows()[1].Necessity); !want && (ok || strings.ContainsAny(nothing, "123456789")) {
			t.Errorf("%v: shares of noise: %v, k* %v", d, nothing, ok)
		}
	}
}
