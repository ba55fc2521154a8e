package steer_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// facts are n examples that the fake model knows.
func facts(n int) []steer.Example {
	var out []steer.Example
	for i := range n {
		out = append(out, steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"})
		if i%2 == 1 {
			out[i] = steer.Example{Prompt: italy, Target: " Rome", Versus: " Paris"}
		}
	}
	return out
}

// TestLawGateOne: every outcome of a baseline is what Predict gives for the example alone.
func TestLawGateOne(t *testing.T) {
	examples := append(facts(5), steer.Example{Prompt: "France is", Target: " Paris"}, steer.Example{Prompt: "I loved it. " + italy, Target: " Rome", Versus: " Paris"}, steer.Example{Prompt: france, Target: " Paris", Versus: " Rome", Chat: true})
	c := steer.NewCircuit("some", steer.Neuron{Layer: 1, Index: 2})
	for name, is := range map[string][]steer.Intervention{"plain": nil, "ablated": {steer.Ablate(c)}, "scoped": {steer.Scale(c, 3).SkipBOS()}} {
		g := run(t, fake.Baseline(steer.NewExamples(examples...)).With(is...))
		if len(g.Outcomes()) != len(examples) {
			t.Fatalf("%d outcomes of %d examples", len(g.Outcomes()), len(examples))
		}
		for i, e := range examples {
			ask := fake.Predict(e.Prompt).Of(e.Target).Top(2).With(is...)
			if e.Versus != "" {
				ask = ask.Of(e.Versus)
			}
			if e.Chat {
				ask = ask.Chat()
			}
			p, o := run(t, ask), g.Outcomes()[i]
			other := p.Top()[0]
			if other.ID == o.Target.ID {
				other = p.Top()[1]
			}
			if e.Versus != "" {
				other = p.Of()[1]
				if o.Versus == nil || math.Abs(o.Versus.Logit-other.Logit) > 1e-5 || o.Versus.Rank != other.Rank {
					t.Errorf("%s, %q: counterfactual %+v, want %+v", name, e.Prompt, o.Versus, other)
				}
			}
			if want := p.Of()[0]; o.Target.Rank != want.Rank || math.Abs(o.Target.Logit-want.Logit) > 1e-5 || math.Abs(o.Difference-(want.Logit-other.Logit)) > 1e-5 {
				t.Errorf("%s, %q: %+v, want %+v and %+v", name, e.Prompt, o, want, other)
			}
		}
	}
}

// TestGateAgrees: scores of examples and a sweep over them know the baseline without another pass.
func TestGateAgrees(t *testing.T) {
	set := steer.NewExamples(facts(6)...)
	g := run(t, fake.Baseline(set))
	b := run(t, fake.Behavior(set)).Baseline()
	c := run(t, fake.Sweep(steer.NewCircuit("some", steer.Neuron{Layer: 1, Index: 2}), 0, 2).OnExamples(set)).Baseline()
	for name, other := range map[string]steer.Baseline{"behavior": b, "sweep": c} {
		if other.Verdict() != steer.Shown || other.Pair() != g.Pair() || math.Abs(other.Difference().Value-g.Difference().Value) > 1e-5 {
			t.Errorf("%s: %v, want %v", name, other, g)
		}
	}
	top, ok := g.Top1()
	if btop, bok := b.Top1(); !ok || !bok || top != btop || top != (steer.Share{Count: 6, N: 6}) {
		t.Errorf("first choice on %v (%v), by the scores %v (%v)", top, ok, btop, bok)
	}
	if _, ok := c.Top1(); ok {
		t.Error("a sweep claims to know ranks")
	}
	if n, of := g.N(); n != 6 || of != "examples" || len(g.Warnings()) != 0 || len(g.Kept()) != 6 {
		t.Errorf("%d %s, warnings %v, kept %v", n, of, g.Warnings(), g.Kept())
	}
}

// TestGateWarns: results of examples on which the model does the opposite say so.
func TestGateWarns(t *testing.T) {
	wrong := facts(8)
	for i := range wrong {
		wrong[i].Target, wrong[i].Versus = wrong[i].Versus, wrong[i].Target
	}
	set := steer.NewExamples(wrong...)
	g := run(t, fake.Baseline(set))
	if g.Verdict() != steer.Absent || g.Pair().Count != 0 || len(g.Kept()) != 0 {
		t.Errorf("%v", g)
	}
	for name, ws := range map[string][]steer.Warning{
		"baseline": g.Warnings(), "behavior": run(t, fake.Behavior(set)).Warnings(),
		"sweep": run(t, fake.Sweep(steer.NewCircuit("some", steer.Neuron{Layer: 1, Index: 2}), 0).OnExamples(set)).Warnings(),
	} {
		if !slices.ContainsFunc(ws, func(w steer.Warning) bool { return w.Code == "behavior" && strings.Contains(w.Text, "does not show") }) {
			t.Errorf("%s: no warning in %v", name, ws)
		}
	}
	mixed := append(facts(7), wrong[0])
	if ws := run(t, fake.Baseline(steer.NewExamples(mixed...))).Warnings(); len(ws) != 1 || !strings.Contains(ws[0].Text, "1 of 8 examples") {
		t.Errorf("one of eight is wrong: %v", ws)
	}
}

// TestGateOfOthers: answers of several tokens, other positions and examples without a counterfactual have no baseline of their own.
func TestGateOfOthers(t *testing.T) {
	set := steer.NewExamples(facts(6)...)
	for name, task := range map[string]steer.BehaviorTask{
		"whole answers": fake.Behavior(set).WholeAnswers(), "elsewhere": fake.Behavior(set).At(-2),
		"alone": fake.Behavior(steer.NewExamples(steer.Example{Prompt: france, Target: " Paris"})),
	} {
		b := run(t, task)
		if g := b.Baseline(); g.Verdict() != steer.TooFew || len(g.Outcomes()) != 0 {
			t.Errorf("%s: %v", name, g)
		}
		if slices.ContainsFunc(b.Warnings(), func(w steer.Warning) bool { return w.Code == "behavior" }) {
			t.Errorf("%s: %v", name, b.Warnings())
		}
	}
}

func TestGateMistakes(t *testing.T) {
	two := steer.NewExamples(steer.Example{Prompt: "", Target: " Paris"}, steer.Example{Prompt: france}, steer.Example{Prompt: france, Target: " Paris", Versus: " Paris"})
	for name, c := range map[string]struct {
		task steer.BaselineTask
		code steer.Code
		says []string
	}{
		"none":      {fake.Baseline(steer.NewExamples()), steer.BadSetting, []string{"no examples"}},
		"no file":   {fake.Baseline(steer.Examples("nowhere.jsonl")), steer.BadSetting, []string{"nowhere.jsonl"}},
		"several":   {fake.Baseline(two), steer.EmptyPrompt, []string{"example 1", "example 2", "example 3"}},
		"long word": {fake.Baseline(steer.NewExamples(steer.Example{Prompt: france, Target: " Sacramento"})), steer.NotOneToken, []string{"example 1", "Sacramento"}},
		"neuron":    {fake.Baseline(steer.NewExamples(facts(2)...)).Ablate(steer.NewCircuit("x", steer.Neuron{Layer: 99})), steer.ModelMismatch, []string{"L99"}},
	} {
		_, err := c.task.Run(t.Context())
		if !errors.Is(err, c.code) {
			t.Errorf("%s: %v, want the code %q", name, err, c.code)
			continue
		}
		for _, s := range c.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: %v, want %q", name, err, s)
			}
		}
	}
	r, err := fake.Baseline(steer.NewExamples(facts(2)...)).Request()
	if err != nil {
		t.Fatal(err)
	}
	r.Settings = []byte(strings.Replace(string(r.Settings), `"positions":[-1]`, `"positions":[0]`, 1))
	if _, err := fake.Runner().Run(t.Context(), r, nil); !errors.Is(err, steer.BadRequest) {
		t.Errorf("a message about another position: %v", err)
	}
}

// The fake model prefers the right word, but mostly says another one.
func ExampleModel_Baseline() {
	m := steertest.NewModel()
	g, err := m.Baseline(steer.NewExamples(
		steer.Example{Prompt: "The capital of France is", Target: " Paris", Versus: " Rome"},
		steer.Example{Prompt: "The capital of Italy is", Target: " Rome", Versus: " Paris"},
		steer.Example{Prompt: "I loved the film. It was", Target: " wonderful", Versus: " terrible"},
		steer.Example{Prompt: "I hated the film. It was", Target: " terrible", Versus: " wonderful"},
		steer.Example{Prompt: "I loved it. The capital of France is", Target: " Paris", Versus: " Rome"},
	)).Run(context.Background())
	fmt.Println(err, g.Verdict(), g.Pair())
	for _, w := range g.Warnings() {
		fmt.Println("warning:", w)
	}
	// Output:
	// <nil> preferred 5 of 5 (100 %)
	// warning: the model prefers the target on 5 of 5 (100 %) examples, but it is its first choice on 2 of 5 (40 %) only: differences of logits mean something, generated text may not
}
