package steertest

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// requests returns one request of every kind, by name.
func (r rig) requests(t *testing.T) map[string]steer.Request {
	t.Helper()
	all := map[string]steer.Request{}
	add := func(name string, q steer.Request, err error) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[name] = q
	}
	c := steer.NewCircuit("first", engine.Neuron{Layer: 0, Index: 0}, engine.Neuron{Layer: 0, Index: 1})
	for name, prompt := range map[string]string{"": r.p.Prompt, ", other prompt": r.p.Other} {
		q, err := r.m.Attribute(prompt).Target(r.p.Target).Versus(r.p.Versus).Request()
		add("attribute"+name, q, err)
		q, err = r.m.Attribute(prompt).Target(r.p.Target).VersusRunnerUp().Rule(engine.Frozen).Ablate(c).Request()
		add("attribute, ablated"+name, q, err)
		q, err = r.m.Predict(prompt).Of(r.p.Target).Scale(c, 2).Request()
		add("predict"+name, q, err)
		q, err = r.m.Generate(prompt).MaxTokens(4).Request()
		add("generate"+name, q, err)
		q, err = r.m.GenerateEach(prompt, r.p.Prompt).MaxTokens(2).Request()
		add("generate each"+name, q, err)
		q, err = r.m.Tokens(prompt).Request()
		add("tokens"+name, q, err)
	}
	q, err := r.m.Info().Request()
	add("model", q, err)
	r.science(t, c, add)
	return all
}

// science adds the requests about many prompts, vectors and single neurons.
func (r rig) science(t *testing.T, c steer.Circuit, add func(name string, q steer.Request, err error)) {
	t.Helper()
	examples := steer.NewExamples(steer.Example{Prompt: r.p.Prompt, Target: r.p.Target, Versus: r.p.Versus},
		steer.Example{Prompt: r.p.Other, Target: r.p.Versus, Versus: r.p.Target})
	faithful := steer.NewExamples(steer.Example{Prompt: r.p.Prompt, Target: r.p.Target, Versus: r.p.Versus, Patch: r.p.Prompt})
	pairs := steer.NewPairs(steer.Pair{Positive: r.p.Prompt, Negative: r.p.Other}, steer.Pair{Positive: r.p.Prompt + r.p.Target, Negative: r.p.Other + r.p.Versus})
	v, err := r.m.ControlVector(pairs).Run(t.Context())
	if err != nil {
		t.Fatalf("control vector: %v", err)
	}
	for name, task := range map[string]interface {
		Request() (steer.Request, error)
	}{
		"attribute, a whole answer":    r.m.Attribute(r.p.Prompt).TargetText(r.p.Target + r.p.Versus),
		"predict, under a vector":      r.m.Predict(r.p.Prompt).With(steer.AddVector(v, .5)),
		"generate, under a vector":     r.m.Generate(r.p.Prompt).MaxTokens(4).With(steer.AddVector(v, .5).GeneratedOnly()),
		"predict, under a condition":   r.m.Predict(r.p.Prompt).With(steer.AddVector(v.Layers(1, -1), .5).When(v.Layers(0, 0), 0).ByPrompt()),
		"generate, a direction out":    r.m.Generate(r.p.Prompt).MaxTokens(4).With(steer.ProjectOut(v, 1), steer.AddVector(v.Layers(1, -1), .5).When(v.Layers(0, 0), 0)),
		"behavior":                     r.m.Behavior(examples),
		"calibrate":                    r.m.Calibrate(steer.Scale(c, 2)).KL(.01).On(r.p.Prompt, r.p.Other),
		"calibrate, to a target":       r.m.Calibrate(steer.AddVector(v, 1)).Target(1).OnExamples(examples),
		"capture":                      r.m.Capture(r.p.Prompt).From(engine.Residual, engine.Neurons, engine.MLP, engine.Attention, engine.Embedding, engine.Logits).With(steer.Scale(c, 2)),
		"contexts":                     r.m.TopActivations(c, r.p.Prompt, r.p.Other),
		"contrast":                     r.m.Contrast(pairs),
		"control vector":               r.m.ControlVector(pairs).Method(steer.PCA),
		"decompose":                    r.m.Decompose(v).For(c).Greedy(2),
		"baseline":                     r.m.Baseline(examples),
		"edges":                        r.m.Edges(c).On(r.p.Prompt).Measure(r.p.Target, r.p.Versus).Direct(),
		"profiles":                     r.m.Profiles(c).On(r.p.Prompt).Measure(r.p.Target, r.p.Versus).Outputs(2),
		"faithfulness":                 r.m.Faithfulness(c, faithful).Controls(1).Transplant().AlignEnd(),
		"faithfulness of heads":        r.m.Faithfulness(steer.Neurons("L0/H0, L0/N1"), faithful).Ablation(steer.PatchAblation).WithEmbeddings().AlignEnd().Sizes(1, 2),
		"faithfulness, resampled":      r.m.Faithfulness(c, examples).Ablation(steer.ResampleAblation).AlignEnd().Sizes(1, 2),
		"mean activations":             r.m.MeanActivations(r.p.Prompt, r.p.Other),
		"methods":                      r.m.Methods(r.m.Behavior(examples)).TopK(2).Steps(1).Controls(1).Exact(4),
		"patch":                        r.m.Patch(faithful).Sample(5).Pairs(c).Ablation(steer.PatchAblation).AlignEnd(),
		"stability":                    r.m.Stability(r.m.Behavior(examples)).Sizes(1, 2).Resamples(3).Controls(1),
		"sweep":                        r.m.Sweep(c, 0, 1, 2).OnExamples(examples).Controls(2),
		"sweep, with an instruction":   r.m.Sweep(c, 0, 2).OnExamples(examples).Prompted(r.p.Other),
		"sweep of prompts, with texts": r.m.Sweep(c, 0, 2).On(r.p.Prompt).Measure(r.p.Target, r.p.Versus).SideEffects(r.p.Other),
		"logit lens":                   r.m.LogitLens(r.p.Prompt).With(steer.Scale(c, 2)),
		"unembed":                      r.m.Unembed(make([]float32, len(v.Layer(0)))),
		"universal":                    r.m.Universal(r.p.Prompt, r.p.Other).PerLayer(2),
		"verdict":                      r.m.Verdict(c).OnExamples(examples),
		"writes":                       r.m.Writes(c),
	} {
		q, err := task.Request()
		add(name, q, err)
	}
}
