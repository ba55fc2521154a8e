package steer_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// between are examples whose prompts have one length, with prompts to patch from.
func between() steer.ExampleSet {
	return steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome", Patch: italy},
		steer.Example{Prompt: italy, Target: " Rome", Versus: " Paris", Patch: france})
}

// TestFaithfulnessCurve: what a curve says is what follows from the metrics of its prompts.
func TestFaithfulnessCurve(t *testing.T) {
	found := run(t, fake.Behavior(between()))
	c := run(t, fake.Faithfulness(found, between()).Ablation(steer.ZeroAblation).Percentages(0, 10, 50, 100).Controls(4).Transplant())
	full, empty, kept, ablated := c.Prompts()
	mean := func(v []float64) float64 { return (v[0] + v[1]) / 2 }
	whole := mean(full) - mean(empty)
	rows := c.Rows()
	if !c.Normalized() || len(rows) != 4 || rows[0].Units != 0 || rows[3].Share != 1 {
		t.Fatalf("%v", c)
	}
	area, distance := 0., 0.
	for k, r := range rows {
		f, left := (mean(kept[k])-mean(empty))/whole, (mean(ablated[k])-mean(empty))/whole
		for what, x := range map[string][2]float64{"f": {r.Faithfulness.Value, f}, "c": {r.Completeness.Value, left}, "necessity": {r.Necessity.Value, 1 - left},
			"F(C)": {r.Kept.Value, mean(kept[k])}, "F(C̄)": {r.Ablated.Value, mean(ablated[k])}} {
			if math.Abs(x[0]-x[1]) > 1e-9 {
				t.Errorf("%s of %d units: %v, want %v", what, r.Units, x[0], x[1])
			}
		}
		if r.RandomKept.N != 4 || r.P < .2-1e-9 || r.P > 1 || r.Sufficiency.N != 2 {
			t.Errorf("%d units: %+v", r.Units, r)
		}
		if k > 0 {
			dx := r.Share - rows[k-1].Share
			area += dx * (f + rows[k-1].Faithfulness.Value) / 2
			distance += dx * (math.Abs(1-f) + math.Abs(1-rows[k-1].Faithfulness.Value)) / 2
		}
	}
	if math.Abs(c.CPR().Value-area) > 1e-9 || math.Abs(c.CMD().Value-distance) > 1e-9 {
		t.Errorf("CPR %v and CMD %v, want %v and %v", c.CPR().Value, c.CMD().Value, area, distance)
	}
	if rows[0].Sufficiency.Value != 0 {
		t.Errorf("no unit is sufficient for %v", rows[0].Sufficiency)
	}
	most := slices.MaxFunc(rows, func(a, b steer.FaithfulnessRow) int {
		return int(math.Copysign(1, a.Necessity.Value-b.Necessity.Value))
	}).Necessity.Value
	k, ok := c.KStar()
	for _, r := range rows {
		if ok && (r.Units < k && r.Necessity.Value >= .95*most || r.Units == k && r.Necessity.Value < .95*most) {
			t.Errorf("k* is %d, but %d units have the necessity %v of %v", k, r.Units, r.Necessity.Value, most)
		}
	}
}

// TestFaithfulnessRankings: scores rank as TopK does, a behavior by its mean, a circuit by its strongest entries.
func TestFaithfulnessRankings(t *testing.T) {
	b := run(t, fake.Behavior(between()))
	request := func(r steer.Ranking) string {
		q, err := fake.Faithfulness(r, between()).Request()
		if err != nil {
			t.Fatal(err)
		}
		return string(q.Settings)
	}
	if request(b) != request(b.Mean()) || request(b) != request(b.Mean().TopK(1<<30)) {
		t.Error("a behavior, its mean and all that TopK ranks are not the same ranking")
	}
	if request(b.Mean().TopEntries(1<<30)) == request(b) {
		t.Error("the strongest entries rank as sums over positions do")
	}
}

// TestFaithfulnessRefuses: what means nothing is a mistake that says what to type.
func TestFaithfulnessRefuses(t *testing.T) {
	long := steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome", Patch: "The capital of"}, steer.Example{Prompt: "The capital of", Target: " Rome", Versus: " Paris", Patch: france})
	heads := steer.Neurons("L0/H0, L0/H1")
	for name, c := range map[string]struct {
		task steer.FaithfulnessTask
		says []string
	}{
		"unequal lengths":  {fake.Faithfulness(pair, long), []string{"prompt 2 has 4 tokens, where 6 are needed", "AlignEnd()", "TokenMeanAblation"}},
		"unequal patches":  {fake.Faithfulness(pair, between()).PatchPrompts("The capital of"), []string{"patch prompt 1 has 4 tokens", "AlignEnd()"}},
		"unequal patch":    {fake.Faithfulness(pair, long).Ablation(steer.PatchAblation), []string{"the patch prompt of example 1 has 4 tokens, where 6 are needed"}},
		"shorter patch":    {fake.Faithfulness(pair, long).Ablation(steer.PatchAblation).AlignEnd(), []string{"no counterpart", "at least as long"}},
		"no patch prompt":  {fake.Faithfulness(pair, capitals()).Ablation(steer.PatchAblation), []string{"example 1: it has no patch prompt", "Patch:"}},
		"embeddings alone": {fake.Faithfulness(heads, between()).WithEmbeddings(), []string{"WithEmbeddings", "PatchAblation"}},
		"first embedding":  {fake.Faithfulness(heads, between()).Ablation(steer.PatchAblation).WithEmbeddings().KeepFirst(), []string{"KeepFirst keeps what WithEmbeddings ablates"}},
		"nothing ranked":   {fake.Faithfulness(steer.NewCircuit("none"), between()), []string{"nothing is ranked"}},
		"too large a size": {fake.Faithfulness(pair, between()).Sizes(7), []string{"the size 7", "2 units"}},
		"a percentage":     {fake.Faithfulness(pair, between()).Percentages(101), []string{"101 % is not between 0 and 100"}},
		"another ablation": {fake.Faithfulness(pair, between()).Ablation("guess"), []string{`unknown ablation "guess"`}},
		"zero of prompts":  {fake.Faithfulness(pair, between()).Ablation(steer.ZeroAblation).PatchPrompts(france), []string{"takes nothing from patch prompts"}},
		"active nothing":   {fake.Faithfulness(pair, between()).EquallyActive(), []string{"EquallyActive", "Controls(19)"}},
		"one to draw from": {fake.Faithfulness(pair, steer.NewExamples(between().All()[0])).Ablation(steer.ResampleAblation), []string{"no other to take activations from"}},
		"no examples":      {fake.Faithfulness(pair, steer.NewExamples()), []string{"there are no examples"}},
	} {
		_, err := c.task.Run(t.Context())
		for _, s := range c.says {
			if err == nil || !strings.Contains(err.Error(), s) || !strings.HasPrefix(err.Error(), "faithfulness: ") {
				t.Errorf("%s: %v, want %q", name, err, s)
			}
		}
	}
}

// TestFaithfulnessSame: a request gives the same numbers again, another seed other controls; unequal prompts go by their ends.
func TestFaithfulnessSame(t *testing.T) {
	task := fake.Faithfulness(run(t, fake.Behavior(between())), between()).Percentages(5, 50).Controls(3)
	a, b, other := run(t, task), run(t, task), run(t, task.Seed(1))
	if a.CSV() != b.CSV() || a.CSV() == other.CSV() {
		t.Error("a curve is to depend on its seed and on nothing else")
	}
	if active := run(t, task.EquallyActive()); active.CSV() == a.CSV() {
		t.Error("equally active units are drawn as any others")
	}
	long := steer.NewExamples(steer.Example{Prompt: "Well, " + france, Target: " Paris", Versus: " Rome"}, between().All()[1])
	if c := run(t, task.AlignEnd().Ablation(steer.MeanAblation)); c.CSV() != a.CSV() {
		t.Error("prompts of one length are aligned otherwise from the end")
	}
	c := run(t, fake.Faithfulness(pair, long).AlignEnd().Sizes(0, 2))
	if full, empty, _, _ := c.Prompts(); full[0] == empty[0] || full[1] == empty[1] {
		t.Errorf("nothing is ablated: %v and %v", full, empty)
	}
}

// TestFaithfulnessCancel: a curve tells how far it is and ends when it is told to.
func TestFaithfulnessCancel(t *testing.T) {
	q, err := fake.Faithfulness(pair, between()).Sizes(1, 2).Controls(2).Request()
	if err != nil {
		t.Fatal(err)
	}
	var events []steer.Event
	if _, err := fake.Runner().Run(t.Context(), q, func(e steer.Event) { events = append(events, e) }); err != nil {
		t.Fatal(err)
	}
	if last := events[len(events)-1]; last.Phase != "faithfulness" || last.Done != last.Total || last.Total != 2*(2+2*2*3) {
		t.Errorf("%+v", last)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = fake.Runner().Run(ctx, q, func(e steer.Event) {
		if e.Phase == "faithfulness" && e.Done == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestFaithfulnessClusters: prompts that share a word are resampled together, so the interval is wider than that of as many
// prompts of their own; what nearly all share does not count.
func TestFaithfulnessClusters(t *testing.T) {
	var apart, tied []steer.Example
	for word := range strings.FieldsSeq("France Italy film city state key") {
		for k := range 3 {
			e := steer.Example{Prompt: "The " + word, Target: " Paris", Versus: " Rome"}
			tied = append(tied, e)
			if k == 0 {
				apart = append(apart, e)
			}
		}
	}
	task := func(list []steer.Example) steer.FaithfulnessCurve {
		return run(t, fake.Faithfulness(pair, steer.NewExamples(list...)).Ablation(steer.ZeroAblation).Sizes(1))
	}
	a, b := task(apart), task(tied)
	if a.Clusters() != 6 || b.Clusters() != 6 || a.Full().N != 6 || b.Full().N != 18 {
		t.Errorf("%d and %d groups of %d and %d prompts", a.Clusters(), b.Clusters(), a.Full().N, b.Full().N)
	}
	if a.Full().Lo != b.Full().Lo || a.Full().Hi != b.Full().Hi {
		t.Errorf("three prompts of each group say more than one: %v and %v", a.Full(), b.Full())
	}
	same := task(apart[:1])
	if same.Clusters() != 1 {
		t.Errorf("%d groups of one prompt", same.Clusters())
	}
}

// TestFaithfulnessNoise: shares are taken of a difference from a tenth of its standard deviation on, and of none below.
func TestFaithfulnessNoise(t *testing.T) {
	for _, c := range []struct {
		other float32
		want  bool
	}{{-.70, true}, {-.90, false}} { // with 1 the mean is .15 or .05, the standard deviation 1.2 or 1.34
		q, err := fake.Faithfulness(pair, between()).Sizes(1).Request()
		if err != nil {
			t.Fatal(err)
		}
		rec, err := fake.Runner().Run(t.Context(), q, func(steer.Event) {})
		if err != nil {
			t.Fatal(err)
		}
		rec.Tensors["full"] = steer.Tensor{Shape: []int{2}, Data: []float32{1, c.other}}
		rec.Tensors["empty"] = steer.Tensor{Shape: []int{2}, Data: []float32{0, 0}}
		got := steer.FaithfulnessTask{}.Result(func() steer.Record { return rec })
		warned := strings.Contains(got.String(), "no more than noise")
		if got.Normalized() != c.want || warned == c.want || (got.Rows()[0].Faithfulness == steer.Estimate{}) == c.want {
			t.Errorf("with %v: normalized %v, %v", c.other, got.Normalized(), got)
		}
	}
}

// TestFaithfulnessKeepFirst: the first position, here a BOS, is as it is, and no part of a mean over tokens.
func TestFaithfulnessKeepFirst(t *testing.T) {
	difference := func(e steer.Example, is ...steer.Intervention) float64 {
		p := run(t, fake.Predict(e.Prompt).Of(e.Target, e.Versus).With(is...))
		return p.Of()[0].Logit - p.Of()[1].Logit
	}
	task := fake.Faithfulness(pair, between()).Sizes(2).KeepFirst()
	_, _, _, zero := run(t, task.Ablation(steer.ZeroAblation)).Prompts()
	_, _, _, mean := run(t, task.Ablation(steer.TokenMeanAblation)).Prompts()
	sums, tokens := make([]float64, len(pair.Neurons())), 0
	for _, e := range between().All() {
		a := run(t, fake.Capture(e.Prompt).From(steer.MLPNeurons))
		for p := 1; p < len(a.Tokens()); p++ {
			for k, n := range pair.Neurons() {
				sums[k] += float64(a.Row(steer.MLPNeurons, n.Layer, p)[n.Index])
			}
			tokens++
		}
	}
	var set []steer.Intervention
	for k, n := range pair.Neurons() {
		set = append(set, steer.SetTo(steer.NewCircuit("one", n), sums[k]/float64(tokens)).SkipBOS())
	}
	for i, e := range between().All() {
		if want := difference(e, steer.Ablate(pair).SkipBOS()); math.Abs(zero[0][i]-want) > 1e-5 {
			t.Errorf("zero: %v, want %v", zero[0][i], want)
		}
		if want := difference(e, set...); math.Abs(mean[0][i]-want) > 1e-5 {
			t.Errorf("mean: %v, want %v", mean[0][i], want)
		}
	}
}

// everyUnit is all neurons, all heads, or both of a model.
func everyUnit(shape steer.Shape, neurons, heads bool) steer.Circuit {
	var all []steer.Neuron
	for l := range shape.Layers {
		for i := 0; neurons && i < shape.Neurons; i++ {
			all = append(all, steer.Neuron{Layer: l, Index: i})
		}
		for i := 0; heads && i < shape.Heads; i++ {
			all = append(all, steer.Neuron{Layer: l, Index: i, Head: true})
		}
	}
	return steer.NewCircuit("all", all...)
}

// TestFaithfulnessOfHeads: the fake model's neurons are linear in its heads, and read nothing else, so that ablating all heads, whose
// mean or patch is a vector, is ablating all neurons; and the first head alone is neither all nor nothing.
func TestFaithfulnessOfHeads(t *testing.T) {
	shape := run(t, fake.Info()).Shape()
	heads, neurons := everyUnit(shape, false, true), everyUnit(shape, true, false)
	for _, a := range []steer.Ablation{steer.MeanAblation, steer.TokenMeanAblation, steer.ZeroAblation, steer.PatchAblation, steer.ResampleAblation} {
		for _, first := range []bool{false, true} {
			of := func(c steer.Circuit) steer.FaithfulnessCurve {
				task := fake.Faithfulness(c, between()).Ablation(a).Sizes(0, 1, c.Len()).Controls(2)
				if a == steer.ResampleAblation {
					task = task.PatchPrompts("The capital of Rome is", "The capital of Paris is")
				}
				if first {
					task = task.KeepFirst()
				}
				return run(t, task)
			}
			h := of(heads)
			full, empty, kept, ablated := h.Prompts()
			_, want, _, _ := of(neurons).Prompts()
			for i := range full {
				if math.Abs(empty[i]-want[i]) > 1e-4 || kept[2][i] != full[i] || ablated[2][i] != empty[i] {
					t.Errorf("%s, KeepFirst %v, prompt %d: without heads %v, without neurons %v; with all kept %v of %v", a, first, i, empty[i], want[i], kept[2][i], full[i])
				}
				if kept[1][i] == empty[i] || kept[1][i] == full[i] || ablated[1][i] == full[i] {
					t.Errorf("%s, KeepFirst %v, prompt %d: one head is all or nothing", a, first, i)
				}
			}
			if r := h.Rows()[1]; r.RandomKept.N != 2 && h.Normalized() {
				t.Errorf("%s: %+v", a, r)
			}
		}
	}
	if c := run(t, fake.Faithfulness(heads, between()).Sizes(2).Controls(3).EquallyActive()); len(c.Rows()) != 1 {
		t.Errorf("%v", c)
	}
}

// TestFaithfulnessWithEmbeddings: with no unit kept the model is as it is on the patch prompts, as in MIB; nothing else changes.
func TestFaithfulnessWithEmbeddings(t *testing.T) {
	other := "The capital of Italy Paris" // its last token is another, too
	set := steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome", Patch: other}, steer.Example{Prompt: italy, Target: " Rome", Versus: " Paris", Patch: other})
	task := fake.Faithfulness(pair, set).Ablation(steer.PatchAblation).Sizes(0, 1, 2)
	a, b := run(t, task), run(t, task.WithEmbeddings())
	fullA, emptyA, keptA, ablatedA := a.Prompts()
	full, empty, kept, ablated := b.Prompts()
	for i, e := range set.All() {
		p := run(t, fake.Predict(e.Patch).Of(e.Target, e.Versus))
		if want := p.Of()[0].Logit - p.Of()[1].Logit; math.Abs(empty[i]-want) > 1e-5 || empty[i] == emptyA[i] {
			t.Errorf("%q: F(∅) is %v, on the patch prompt %v, with its own embeddings %v", e.Prompt, empty[i], want, emptyA[i])
		}
		if full[i] != fullA[i] || kept[1][i] != keptA[1][i] || ablated[2][i] != ablatedA[2][i] || kept[0][i] != empty[i] {
			t.Errorf("%q: %v %v %v, %v %v %v", e.Prompt, full, kept, ablated, fullA, keptA, ablatedA)
		}
	}
	if !strings.Contains(b.String(), "the model on the patch prompts") || strings.Contains(a.String(), "the model on the patch prompts") {
		t.Errorf("%v", b)
	}
}
