package steer_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// profiled are profiles of a circuit of neurons and heads on the fake model, with its scores.
func profiled(t *testing.T) (steer.Scores, steer.Circuit, steer.Profiles) {
	t.Helper()
	scores := run(t, fake.Attribute(france).Target(" Paris").Versus(" Rome"))
	c := scores.TopEntries(20).Union(scores.Heads().TopEntries(4))
	return scores, c, run(t, fake.Profiles(c).Outputs(4))
}

// TestProfilesAddUp: what a unit gives to the metric is its score, and its contributions to the two logits of the metric
// differ by as much; what it reads is its edges from the tokens, times its slope.
func TestProfilesAddUp(t *testing.T) {
	scores, c, p := profiled(t)
	g := run(t, fake.Edges(c).Targets(100).MinWeight(0))
	score, reads := map[steer.Neuron]float64{}, map[steer.Neuron][]float64{}
	for _, e := range c.Entries() {
		score[e.Neuron] += e.Score
	}
	for _, b := range g.Balance() {
		if b.Node.Kind == steer.MetricNode || b.Value == 0 {
			continue
		}
		if reads[b.Node.Neuron] == nil {
			reads[b.Node.Neuron] = make([]float64, len(scores.Tokens()))
		}
		for _, e := range g.To(b.Node) {
			if e.Source.Kind == steer.EmbeddingNode {
				reads[b.Node.Neuron][e.Source.Position] += e.Weight * b.Node.Score / b.Value
			}
		}
	}
	tol := 1e-5 * math.Abs(scores.Metric())
	if len(p.Units()) != len(score) {
		t.Fatalf("%d units of %d", len(p.Units()), len(score))
	}
	for _, n := range p.Units() {
		effect := p.Effect(n)
		if len(effect) != 1 || math.Abs(effect[0]-score[n]) > tol {
			t.Errorf("%v gives %v, its score is %v", n, effect, score[n])
		}
		w := p.Writes(n)
		if w[0].Token.Text != " Paris" || w[1].Token.Text != " Rome" || math.Abs(w[0].Contribution-w[1].Contribution-score[n]) > tol {
			t.Errorf("%v gives %+v to the two logits, its score is %v", n, w[:2], score[n])
		}
		for i, r := range p.Reads(n) {
			if r.Position != i || math.Abs(r.Relevance-reads[n][i]) > tol {
				t.Errorf("%v reads %+v, its edges say %v", n, r, reads[n][i])
			}
		}
	}
	if p.Reads(steer.Neuron{Layer: 99}) != nil || p.Writes(steer.Neuron{Layer: 99}) != nil {
		t.Error("what is no unit has a profile")
	}
}

// TestGroupsPartition: every entry of the circuit is in one group, a group is a circuit, and no two have the same name.
func TestGroupsPartition(t *testing.T) {
	_, c, p := profiled(t)
	same := 0
	for k := 1; k <= len(p.Units())+1; k++ {
		groups := p.GroupsOf(k).All()
		names, plain := map[string]bool{}, map[string]bool{}
		for _, g := range groups {
			names[g.Circuit.Name()] = true
			plain[fmt.Sprintf("%q %q %v", g.Reads[0].Label, g.Writes[0].Token.Text, g.Writes[0].Contribution > 0)] = true
		}
		same += len(groups) - len(plain)
		if len(names) != len(groups) {
			t.Errorf("%d names for %d groups: %v", len(names), len(groups), names)
		}
		if want := min(k, len(p.Units())); len(groups) != want {
			t.Errorf("%d groups, want %d", len(groups), want)
		}
		var all []steer.Entry
		for _, g := range groups {
			all = append(all, g.Circuit.Entries()...)
			if g.Stability < 0 || g.Stability > 1+1e-9 || g.Silhouette < -1 || g.Silhouette > 1 {
				t.Errorf("%v", g)
			}
		}
		if len(all) != c.Len() {
			t.Errorf("%d groups have %d entries of %d", k, len(all), c.Len())
		}
		for _, e := range c.Entries() {
			if !slices.Contains(all, e) {
				t.Errorf("%v is in none of %d groups", e, k)
			}
		}
	}
	if same == 0 {
		t.Error("no two groups read and write the same most, so nothing was told of their names")
	}
	if g := p.GroupsOf(1).All()[0]; math.Abs(g.Stability-1) > 1e-9 {
		t.Errorf("one group is found again in every resample, not %v", g.Stability)
	}
}

// TestGroupEdgesSumTheirMembers: the edge from one group to another is the sum of its members' edges; what is in no group
// stays; and all edges but those within a group add up as before.
func TestGroupEdgesSumTheirMembers(t *testing.T) {
	_, c, p := profiled(t)
	groups := p.Groups()
	if len(groups.All()) < 2 {
		t.Fatalf("%v", groups)
	}
	in := map[steer.Neuron]int{}
	for i, g := range groups.All() {
		for _, n := range g.Circuit.Neurons() {
			in[n] = i
		}
	}
	end := func(n steer.Node) string {
		if n.Kind == steer.GroupNode {
			return groups.All()[n.Index].Circuit.Name()
		}
		if i, ok := in[n.Neuron]; ok && (n.Kind == steer.NeuronNode || n.Kind == steer.HeadNode) {
			return groups.All()[i].Circuit.Name()
		}
		return n.String()
	}
	for _, g := range []steer.Graph{run(t, fake.Edges(c).Targets(100).MinWeight(0)), run(t, fake.Edges(c).Targets(100).Direct().MinWeight(0))} {
		want := map[[2]string]float64{}
		for _, e := range g.Edges() {
			if a, b := end(e.Source), end(e.Target); a != b {
				want[[2]string{a, b}] += e.Weight
			}
		}
		got := groups.Edges(g)
		for i, e := range got {
			ends := [2]string{end(e.Source), end(e.Target)}
			if w, ok := want[ends]; !ok || math.Abs(w-e.Weight) > 1e-9 {
				t.Errorf("%v, its members have %v", e, w)
			}
			delete(want, ends)
			if i > 0 && math.Abs(e.Weight) > math.Abs(got[i-1].Weight) {
				t.Errorf("%v comes after a smaller one", e)
			}
		}
		if len(want) > 0 {
			t.Errorf("edges are missing: %v", want)
		}
	}
}

// TestGroupsAreCircuits: a group is ablated, amplified, swept, ranked and wired as any circuit.
func TestGroupsAreCircuits(t *testing.T) {
	_, _, p := profiled(t)
	g := p.GroupsOf(3).All()[0].Circuit
	neurons := g.Minus(g.Heads())
	run(t, fake.Predict(france).Ablate(g))
	run(t, fake.Generate(france).MaxTokens(2).Scale(g, 2))
	run(t, fake.Sweep(g, 0, 2).On(france).Measure(" Paris", " Rome").Controls(2).SideEffects(loved))
	run(t, fake.Faithfulness(neurons, steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"})).Ablation(steer.ZeroAblation))
	if edges := run(t, fake.Edges(g)); len(edges.Nodes()) == 0 {
		t.Error("a group has no edges")
	}
}

// TestProfilesOfManyPrompts: a circuit of a behavior is read on all of its prompts, as far from the end of each; what has no
// place on one gives nothing there.
func TestProfilesOfManyPrompts(t *testing.T) {
	set := steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"}, steer.Example{Prompt: italy, Target: " Rome", Versus: " Paris"},
		steer.Example{Prompt: "I loved the film. The capital of France is", Target: " Paris", Versus: " Rome"})
	b := run(t, fake.Behavior(set))
	c := b.Mean().TopEntries(25)
	p := run(t, fake.Profiles(c))
	if n, _ := p.N(); n != 3 || p.About() != "each prompt's own metric" {
		t.Errorf("%v", p)
	}
	for i := range 2 { // of equal length, so that scores of each are what its units give
		s := b.Example(i)
		for _, n := range p.Units() {
			want := 0.
			for _, e := range c.Entries() {
				at := e.Position
				if at > 0 {
					at += len(s.Tokens()) - len(b.Example(2).Tokens())
				}
				if e.Neuron == n && (at > 0 || e.Position == 0) {
					want += s.At(n.Layer, at, n.Index)
				}
			}
			if got := p.Effect(n)[i]; math.Abs(got-want) > 1e-4 {
				t.Errorf("prompt %d: %v gives %v, its scores there are %v", i, n, got, want)
			}
		}
	}
	if same := run(t, fake.Profiles(c).OnExamples(set)); same.CSV() != p.CSV() {
		t.Error("its own examples are not what a behavior is read on")
	}
	far := func(e steer.Entry) bool {
		return e.Position > 0 && e.Position-len(b.Example(2).Tokens()) <= -len(b.Example(0).Tokens())
	}
	if !slices.ContainsFunc(c.Entries(), far) {
		t.Fatal("no entry is too far from the end for the shorter prompts")
	}
	if _, err := fake.Profiles(c).On(france).Measure(" Paris", " Rome").Run(t.Context()); err == nil || !strings.Contains(err.Error(), "stands at position") {
		t.Errorf("an entry that has no place on the only prompt: %v", err)
	}
	if _, err := fake.Edges(c).On(france).Measure(" Paris", " Rome").Run(t.Context()); err == nil || !strings.Contains(err.Error(), "stands at position") {
		t.Errorf("edges of an entry that has no place: %v", err)
	}
}

// TestProfilesRefuse: what cannot be asked is refused by name.
func TestProfilesRefuse(t *testing.T) {
	scores := run(t, fake.Attribute(france).Target(" Paris").Versus(" Rome"))
	for name, x := range map[string]struct {
		task steer.ProfilesTask
		want string
	}{
		"no prompt":                   {fake.Profiles(pair), "no prompt"},
		"no metric":                   {fake.Profiles(pair).On(france), "no target"},
		"positions of another prompt": {fake.Profiles(scores.TopEntries(5)).On(italy).Measure(" Rome", ""), "position"},
		"nothing":                     {fake.Profiles(scores.TopK(0)), "empty"},
		"outputs":                     {fake.Profiles(scores.TopK(2)).Outputs(-1), "Outputs"},
		"integrated gradients":        {fake.Profiles(scores.TopK(2)).Rule(steer.IntegratedGradients(3)), "integrated"},
		"examples that are not there": {fake.Profiles(pair).OnExamples(steer.Examples("nowhere.jsonl")), "nowhere.jsonl"},
	} {
		if _, err := x.task.Run(t.Context()); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
