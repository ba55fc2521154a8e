package steer_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

const (
	france = "The capital of France is"
	italy  = "The capital of Italy is"
)

func run[T any](t *testing.T, task steer.Task[T]) T {
	t.Helper()
	rec, err := steer.Fetch(t.Context(), task, nil)
	if err != nil {
		t.Fatal(err)
	}
	return task.Result(func() steer.Record { return rec })
}

// praise is the circuit behind " Paris".
func praise(t *testing.T) steer.Circuit {
	return run(t, fake.Attribute(france).Target(" Paris").Versus(" Rome")).Positive().TopK(2)
}

func sameNumbers(t *testing.T, what string, a, b []float32) {
	t.Helper()
	if !(steer.Tensor{Shape: []int{len(a)}, Data: a}).Equal(steer.Tensor{Shape: []int{len(b)}, Data: b}) {
		t.Errorf("%s: not the same bit for bit", what)
	}
}

// TestLawNeutral: scale 1 is no intervention, bit for bit, in every task.
func TestLawNeutral(t *testing.T) {
	c := praise(t)
	a := fake.Attribute(france).Target(" Paris").Versus(" Rome")
	sameNumbers(t, "scores", run(t, a).Dense().Data, run(t, a.Scale(c, 1)).Dense().Data)
	p := fake.Predict(france)
	sameNumbers(t, "logits", run(t, p).Logits(), run(t, p.Scale(c, 1)).Logits())
	g := fake.Generate(france).MaxTokens(5)
	if !run(t, g).Diff(run(t, g.Scale(c, 1))).Same() {
		t.Error("scale 1 changes a generation")
	}
}

// TestLawAblate: Ablate is scale 0, scales multiply, and an ablated neuron has no score.
func TestLawAblate(t *testing.T) {
	c, p := praise(t), fake.Predict(france)
	zero := run(t, p.Ablate(c))
	sameNumbers(t, "scale 0", run(t, p.Scale(c, 0)).Logits(), zero.Logits())
	sameNumbers(t, "2 · 3 · ½", run(t, p.Scale(c, 2).Scale(c, 3).Scale(c, .5)).Logits(), run(t, p.Scale(c, 3)).Logits())
	sameNumbers(t, "ablated, then doubled", run(t, p.Ablate(c).Scale(c, 2)).Logits(), zero.Logits())
	if zero.Edited() != 2 || run(t, p.Ablate(c).Scale(c, 2)).Edited() != 2 || run(t, p).Edited() != 0 {
		t.Error("Edited does not count the distinct neurons that were changed")
	}
	before, after := run(t, p.Of(" Paris")).Of()[0], run(t, p.Of(" Paris").Ablate(c)).Of()[0]
	if after.Logit >= before.Logit || after.Probability >= before.Probability || before.Rank != 1 {
		t.Errorf("without its neurons %q goes from %+v to %+v", " Paris", before, after)
	}
	s := run(t, fake.Attribute(france).Target(" Paris").Ablate(c))
	for _, n := range c.Neurons() {
		for pos := range s.Tokens() {
			if s.At(n.Layer, pos, n.Index) != 0 {
				t.Errorf("%v is ablated and scores %v", n, s.At(n.Layer, pos, n.Index))
			}
		}
	}
}

// TestLawLinear: the fake model is linear in each layer, so ablating a set of neurons of its last layer takes exactly
// their scores off the metric.
func TestLawLinear(t *testing.T) {
	a := fake.Attribute(france).Target(" Paris").Versus(" Rome")
	s := run(t, a)
	c := s.KeepBOS().Layers(2, 2).TopK(3)
	if got, want := s.Metric()-run(t, a.Ablate(c)).Metric(), c.Total(); c.Len() != 3 || math.Abs(got-want) > 1e-6 {
		t.Errorf("ablating %v changes the metric by %v, their scores sum to %v", c.Neurons(), got, want)
	}
	k := s.Conservation()
	if !k.Holds || k.Residual > 1e-6 || k.Attention != 0 {
		t.Errorf("conservation %+v", k)
	}
	var tokens float64
	for _, v := range s.ByToken() {
		tokens += v
	}
	if math.Abs(tokens-k.Tokens) > 1e-9 || math.Abs(tokens-s.Metric()) > 1e-5 {
		t.Errorf("tokens sum to %v, the metric is %v", tokens, s.Metric())
	}
}

// TestLawPositions: the metric at two positions is the sum of both, and −1 is the last one.
func TestLawPositions(t *testing.T) {
	a := fake.Attribute(france).Target(" Paris").Versus(" Rome")
	both, x, y := run(t, a.At(-1, 2)), run(t, a.At(5)), run(t, a.At(2))
	sameNumbers(t, "At(5) and At(−1)", x.Dense().Data, run(t, a).Dense().Data)
	for i, v := range both.Dense().Data {
		if math.Abs(float64(v-x.Dense().Data[i]-y.Dense().Data[i])) > 1e-6 {
			t.Fatalf("score %d of the sum is %v, not %v + %v", i, v, x.Dense().Data[i], y.Dense().Data[i])
		}
	}
}

// TestLawGenerate: a generation is repeated prediction, and ends at the model's end.
func TestLawGenerate(t *testing.T) {
	g := run(t, fake.Generate(france).MaxTokens(12))
	if !g.Ended() || g.IDs()[len(g.IDs())-1] != steertest.End {
		t.Fatalf("%q does not end", g.Text())
	}
	prompt := france
	for _, k := range g.Tokens() {
		top := run(t, fake.Predict(prompt)).Top()
		if top[0].ID != k.ID {
			t.Fatalf("after %q the model predicts %q, the generation has %q", prompt, top[0].Text, k.Text)
		}
		prompt += k.Text
	}
	on := run(t, fake.Generate(france).MaxTokens(12).IgnoreEnd())
	if on.Ended() || len(on.IDs()) != 12 || !slices.Equal(on.IDs()[:len(g.IDs())], g.IDs()) {
		t.Errorf("IgnoreEnd gives %q", on.Text())
	}
}

// TestRunnerUp: the counterfactual is the best token but the target, and the result says which.
func TestRunnerUp(t *testing.T) {
	for target, want := range map[string]string{" Paris": " Rome", " Rome": " Paris"} {
		s := run(t, fake.Attribute(france).Target(target).VersusRunnerUp())
		v, ok := s.Versus()
		if !ok || v.Text != want {
			t.Errorf("the runner-up of %q is %q, want %q", target, v.Text, want)
		}
		sameNumbers(t, "runner-up named", s.Dense().Data, run(t, fake.Attribute(france).Target(target).Versus(want)).Dense().Data)
	}
	if _, ok := run(t, fake.Attribute(france).Target(" Paris")).Versus(); ok {
		t.Error("a counterfactual that nobody asked for")
	}
}

// TestTargetTop: the model's own first choice is the target, at the metric's position, and the result says which.
func TestTargetTop(t *testing.T) {
	s := run(t, fake.Attribute(france).TargetTop().VersusRunnerUp())
	if v, _ := s.Versus(); s.Target().Text != " Paris" || v.Text != " Rome" || s.Target().Rank != 1 {
		t.Errorf("%s, rank %d", s.About(), s.Target().Rank)
	}
	sameNumbers(t, "the choice named", s.Dense().Data, run(t, fake.Attribute(france).Target(" Paris").Versus(" Rome")).Dense().Data)
	for at := range s.Tokens() { // at each position it is what a prediction after it says
		inside := run(t, fake.Attribute(france).TargetTop().VersusRunnerUp().At(at))
		text := strings.Join(textsOf(s.Tokens()[1:at+1]), "")
		if text == "" {
			continue // a prompt has a text
		}
		top := run(t, fake.Predict(text)).Top()
		if got := inside.About(); got != fmt.Sprintf("logit(%q) − logit(%q)", top[0].Text, top[1].Text) {
			t.Errorf("after %q: %s, a prediction says %q, %q", text, got, top[0].Text, top[1].Text)
		}
	}
	if s := run(t, fake.Attribute(france).TargetTop().VersusID(0)); s.Target().Text != " Paris" { // before it is chosen it is no token, not the first
		t.Errorf("against the first of the vocabulary: %s", s.About())
	}
	changed := run(t, fake.Attribute(france).TargetTop().Ablate(praise(t)))
	if changed.Target().Text == " Paris" {
		t.Error("the choice is not that of the changed model")
	}
}

func textsOf(ts []steer.Token) []string {
	var out []string
	for _, k := range ts {
		out = append(out, k.Text)
	}
	return out
}

// TestTargetText: an answer's metric is the sum of its tokens' log-probabilities, each after those before it.
func TestTargetText(t *testing.T) {
	s := run(t, fake.Attribute(france).TargetText(" Paris."))
	want := math.Log(run(t, fake.Predict(france).Of(" Paris")).Of()[0].Probability) +
		math.Log(run(t, fake.Predict(france+" Paris").Of(".")).Of()[0].Probability)
	if math.Abs(s.Metric()-want) > 1e-5 || s.Unit() != "nats" || s.About() != `log p(" Paris.")` {
		t.Errorf("%s = %v %s, want %v", s.About(), s.Metric(), s.Unit(), want)
	}
	if n := len(s.Tokens()); n != 7 || s.Tokens()[6].Text != " Paris" || s.Target().Text != "." {
		t.Errorf("%d tokens, target %q", n, s.Target().Text)
	}
	if k := s.Conservation(); !k.Holds || k.Residual > 1e-5 || k.Linear == k.Metric {
		t.Errorf("conservation %+v", k)
	}
	if _, ok := s.Versus(); ok {
		t.Error("an answer has no counterfactual")
	}
}

// TestBOSDefault: a real BOS is left out of rankings; where the tokenizer adds none, the first token stays in.
func TestBOSDefault(t *testing.T) {
	plain := steertest.ModelOf(steertest.NewEngine(), steertest.PlainText())
	for name, c := range map[string]struct {
		m    *steer.Model
		want int
	}{"with BOS": {fake, 5}, "without": {plain, 5}} {
		s := run(t, c.m.Attribute(france).Target(" Paris"))
		if got := len(s.Labels()); got != c.want || s.Labels()[0] != "The" {
			t.Errorf("%s: the view sees %q", name, s.Labels())
		}
	}
	if got := run(t, fake.Attribute(france).Target(" Paris")).KeepBOS().Labels(); len(got) != 6 || got[0] != "<s>" {
		t.Errorf("KeepBOS sees %q", got)
	}
}
