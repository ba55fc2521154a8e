//go:build cgo

package local_test

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// lawModels are the teaching model and two of random weights.
var lawModels = []string{"teaching", "../../testdata/golden/tiny-llama", "../../testdata/golden/tiny-gemma2"}

// faithful are examples whose prompts, and those to patch from, every one of these vocabularies reads as equally many tokens.
func faithful(t *testing.T, m *steer.Model) steer.ExampleSet {
	t.Helper()
	var list []steer.Example
	texts := []string{"a b c", "b c a", "c a b"}
	for i, p := range texts {
		list = append(list, steer.Example{Prompt: p, Target: ".", Versus: ",", Patch: texts[(i+1)%len(texts)]})
		if n, want := len(run(t, m.Tokens(p)).IDs()), len(run(t, m.Tokens(texts[0])).IDs()); n != want {
			t.Fatalf("%q has %d tokens, %q %d", p, n, texts[0], want)
		}
	}
	return steer.NewExamples(list...)
}

// everyNeuron is all neurons of a model, in the order of their places.
func everyNeuron(shape steer.Shape) steer.Circuit {
	var ns []steer.Neuron
	for l := range shape.Layers {
		for i := range shape.Neurons {
			ns = append(ns, steer.Neuron{Layer: l, Index: i})
		}
	}
	return steer.NewCircuit("all", ns...)
}

// everyHead is all heads of a model.
func everyHead(shape steer.Shape) steer.Circuit {
	var hs []steer.Neuron
	for l := range shape.Layers {
		for i := range shape.Heads {
			hs = append(hs, steer.Neuron{Layer: l, Index: i, Head: true})
		}
	}
	return steer.NewCircuit("heads", hs...)
}

// allUnits are a model's neurons, its heads, and both.
func allUnits(t *testing.T, m *steer.Model) []steer.Circuit {
	t.Helper()
	shape := run(t, m.Info()).Shape()
	ns, hs := everyNeuron(shape), everyHead(shape)
	return []steer.Circuit{ns, hs, steer.NewCircuit("both", append(hs.Neurons(), ns.Neurons()...)...)}
}

// TestLawFaithfulnessOfAll: with every unit kept the model is as it is, F(all) = F(M), and with every unit ablated nothing is
// left, F(C̄) = F(∅), bit for bit, under every ablation, of neurons, of heads and of both; half of the units give neither.
func TestLawFaithfulnessOfAll(t *testing.T) {
	for _, ref := range lawModels {
		m := engineOf(t, ref)
		set := faithful(t, m)
		for _, all := range allUnits(t, m) {
			for _, a := range []steer.Ablation{steer.MeanAblation, steer.TokenMeanAblation, steer.ZeroAblation, steer.PatchAblation, steer.ResampleAblation} {
				c := run(t, m.Faithfulness(all, set).Ablation(a).Sizes(0, all.Len()/2, all.Len()))
				full, empty, kept, ablated := c.Prompts()
				for i := range full {
					if kept[0][i] != empty[i] || kept[2][i] != full[i] || ablated[0][i] != full[i] || ablated[2][i] != empty[i] {
						t.Errorf("%s, %s, %s, prompt %d: F(M) %v, F(∅) %v, kept %v and %v, ablated %v and %v", ref, all.Name(), a, i, full[i], empty[i], kept[0][i], kept[2][i], ablated[0][i], ablated[2][i])
					}
					if kept[1][i] == full[i] || kept[1][i] == empty[i] || full[i] == empty[i] {
						t.Errorf("%s, %s, %s, prompt %d: half of the units change nothing", ref, all.Name(), a, i)
					}
				}
			}
		}
	}
}

// TestLawHeadsCarryEarlierTokens: where the prompts differ before the last token alone, what differs goes by way of the heads: with
// all of them as on the patch prompt the metric is that prompt's. By way of the neurons alone it does not, unless the embeddings
// are those of the patch prompt, too.
func TestLawHeadsCarryEarlierTokens(t *testing.T) {
	for _, ref := range lawModels {
		m := engineOf(t, ref)
		set := steer.NewExamples(steer.Example{Prompt: "a b c", Target: ".", Versus: ",", Patch: "b a c"}, steer.Example{Prompt: "b a c", Target: ".", Versus: ",", Patch: "a b c"})
		for k, all := range allUnits(t, m) {
			c := run(t, m.Faithfulness(all, set).Ablation(steer.PatchAblation).Sizes(0))
			full, empty, _, _ := c.Prompts()
			for i, want := range []float64{full[1], full[0]} {
				if near := math.Abs(empty[i]-want) < 1e-4*(1+math.Abs(want)); near != (k > 0) {
					t.Errorf("%s, %s: F(∅) of prompt %d is %v, the metric of its patch prompt %v", ref, all.Name(), i, empty[i], want)
				}
			}
			_, with, _, _ := run(t, m.Faithfulness(all, set).Ablation(steer.PatchAblation).Sizes(0).WithEmbeddings()).Prompts()
			if math.Abs(with[0]-full[1]) > 1e-5 || math.Abs(with[1]-full[0]) > 1e-5 {
				t.Errorf("%s, %s: F(∅) with the embeddings is %v, want those of the patch prompts of %v", ref, all.Name(), with, full)
			}
		}
	}
}

// TestLawPatchWithItself: a prompt patched from itself is unchanged, whatever is patched, and nothing is taken as a share of
// a difference that is not there.
func TestLawPatchWithItself(t *testing.T) {
	for _, ref := range lawModels {
		m := engineOf(t, ref)
		var own []steer.Example
		for _, e := range faithful(t, m).All() {
			e.Patch = e.Prompt
			own = append(own, e)
		}
		all := allUnits(t, m)[2]
		c := run(t, m.Faithfulness(all, steer.NewExamples(own...)).Ablation(steer.PatchAblation).Transplant().Sizes(0, 7, all.Len()/2, all.Len()))
		full, empty, kept, ablated := c.Prompts()
		for i := range full {
			for _, v := range [][]float64{empty, kept[0], kept[1], kept[2], kept[3], ablated[1], ablated[2], ablated[3]} {
				if math.Abs(v[i]-full[i]) > 1e-4 {
					t.Errorf("%s, prompt %d: %v, patched with itself %v", ref, i, full[i], v[i])
				}
			}
		}
		if c.Normalized() || c.CPR() != (steer.Estimate{}) || c.Rows()[2].Faithfulness != (steer.Estimate{}) {
			t.Errorf("%s: shares of %v − %v are shown: %v", ref, c.Full(), c.Empty(), c)
		}
	}
}

// TestFaithfulnessIsInterventions: a size measured at once is what interventions of the same kind give one prompt at a time.
func TestFaithfulnessIsInterventions(t *testing.T) {
	m := engineOf(t, "teaching")
	set, shape := faithful(t, m), run(t, m.Info()).Shape()
	all := everyNeuron(shape)
	first := steer.NewCircuit("first", all.Neurons()[100:140]...)
	c := run(t, m.Faithfulness(steer.NewCircuit("order", append(first.Neurons(), all.Minus(first).Neurons()...)...), set).Ablation(steer.TokenMeanAblation).Sizes(40))
	var texts []string
	for _, e := range set.All() {
		texts = append(texts, e.Prompt)
	}
	mean := run(t, m.MeanActivations(texts...))
	_, _, kept, ablated := c.Prompts()
	for i, e := range set.All() {
		for what, x := range map[string]struct {
			got float64
			set steer.Circuit
		}{"kept": {kept[0][i], all.Minus(first)}, "ablated": {ablated[0][i], first}} {
			p := run(t, m.Predict(e.Prompt).Of(e.Target, e.Versus).With(steer.ToMean(x.set, mean)))
			if want := p.Of()[0].Logit - p.Of()[1].Logit; math.Abs(x.got-want) > 2e-4 {
				t.Errorf("%q, %s: %v, want %v", e.Prompt, what, x.got, want)
			}
		}
	}
}
