package steer_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// codes lists the codes of all mistakes of an error.
func codes(err error) []steer.Code {
	var cs []steer.Code
	for _, e := range engine.Mistakes(err) {
		cs = append(cs, e.Code)
	}
	return cs
}

func TestMistakesFirstRound(t *testing.T) {
	empty, nan := steer.NewCircuit("nothing"), math.NaN()
	for _, c := range []struct {
		name  string
		task  requester
		codes []steer.Code
		says  []string
	}{
		{"everything at once", fake.Attribute("").Chat().Rule("guess").At().Ablate(empty).Scale(pair, nan),
			[]steer.Code{steer.EmptyPrompt, steer.BadSetting, steer.BadSetting, steer.BadSetting, steer.BadSetting, steer.BadSetting},
			[]string{"the prompt is empty", "no target", `unknown rule "guess"`, "At() names no position", `circuit "nothing" is empty`, "NaN", `add Target(" word")`}},
		{"empty words", fake.Attribute("a").Target("").Versus(""), []steer.Code{steer.BadSetting, steer.BadSetting, steer.SameToken}, []string{"the target is empty", "the counterfactual is empty"}},
		{"the same word", fake.Attribute("a").Target(" b").Versus(" b"), []steer.Code{steer.SameToken}, []string{`" b"`, "always 0"}},
		{"an empty answer", fake.Attribute("a").TargetText(""), []steer.Code{steer.BadSetting}, []string{"the answer is empty"}},
		{"an answer and more", fake.Attribute("a").TargetText(" b").Versus(" c").At(0), []steer.Code{steer.BadSetting, steer.BadSetting}, []string{"not at [0]", "no counterfactual"}},
		{"a choice at two positions", fake.Attribute("a").TargetTop().At(0, -1), []steer.Code{steer.BadSetting}, []string{"another choice at each of 2 positions"}},
		{"a runner-up at two positions", fake.Attribute("a").Target(" b").VersusRunnerUp().At(0, -1), []steer.Code{steer.BadSetting}, []string{"At with one position"}},
		{"the same id", fake.Attribute("a").TargetID(7).VersusID(7), []steer.Code{steer.SameToken}, []string{"#7"}},
		{"a sum and a target", fake.Attribute("a").Metric(steer.Logit(" b")).Target(" c"), []steer.Code{steer.BadSetting}, []string{"leave Target, Versus and At out, or Metric"}},
		{"a sum and a position", fake.Attribute("a").Metric(steer.Logit(" b")).At(0), []steer.Code{steer.BadSetting}, []string{"positions of their own"}},
		{"a sum of nothing", fake.Attribute("a").Metric(), []steer.Code{steer.BadSetting}, []string{"Metric() has no term", `steer.Logit(" she").Times(-1)`}},
		{"terms that say nothing", fake.Attribute("a").Metric(steer.Logit(" b").Times(0), steer.Logit(" c").Times(nan), steer.Logit(" d").Times(1e39), steer.Logit("")),
			[]steer.Code{steer.BadSetting, steer.BadSetting, steer.BadSetting, steer.BadSetting}, []string{`term 1, " b", is 0`, "term 2", "term 3", "the token of term 4 is empty"}},
		{"a term twice", fake.Attribute("a").Metric(steer.Logit(" b"), steer.Logit(" b").Times(2)), []steer.Code{steer.BadSetting}, []string{"add the weights"}},
		{"a behavior's sum and more", fake.Behavior(capitals()).Metric(steer.Logit(" b")).VersusRunnerUp(), []steer.Code{steer.BadSetting}, []string{"beside TargetTop, VersusRunnerUp"}},
		{"a path without steps", fake.Attribute("a").Target(" b").Rule(steer.IntegratedGradients(0)), []steer.Code{steer.BadSetting}, []string{"of 0 steps", "steer.IntegratedGradients(20)"}},
		{"a path of far too many", fake.Attribute("a").Target(" b").Rule(steer.IntegratedGradients(1001)), []steer.Code{steer.BadSetting}, []string{"between 1 and 1000"}},
		{"a rule that looks like one", fake.Attribute("a").Target(" b").Rule("integrated-gradients:02"), []steer.Code{steer.BadSetting}, nil},
		{"bytes that are no text", fake.Attribute("a\xff").Target("\xff").Versus("\xfe"), []steer.Code{steer.BadText, steer.BadText, steer.BadText}, []string{"UTF-8"}},
		{"predict", fake.Predict("").Chat().Top(0).Of("").Scale(pair, math.Inf(1)), []steer.Code{steer.EmptyPrompt, steer.BadSetting, steer.BadSetting, steer.BadSetting}, []string{"Top(0)", "empty token", "+Inf"}},
		{"a multiplier past float32", fake.Predict("a").Scale(pair, 1e300), []steer.Code{steer.BadSetting}, []string{"1e+300"}},
		{"generate", fake.Generate("").Chat().MaxTokens(-3).Ablate(empty), []steer.Code{steer.EmptyPrompt, steer.BadSetting, steer.BadSetting}, []string{"MaxTokens(-3)"}},
		{"tokens", fake.Tokens("\xff"), []steer.Code{steer.BadText}, []string{"UTF-8"}},
	} {
		_, err := c.task.Request()
		if got := codes(err); !slices.Equal(got, c.codes) {
			t.Errorf("%s: codes %q, want %q\n%v", c.name, got, c.codes, err)
			continue
		}
		for _, s := range c.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: the message lacks %q:\n%v", c.name, s, err)
			}
		}
		for _, e := range engine.Mistakes(err) {
			if e.Task == "" || e.Text == "" || e.Hint == "" {
				t.Errorf("%s: %+v does not say where, what and what to type next", c.name, e)
			}
		}
	}
}

func TestMistakesSecondRound(t *testing.T) {
	far := steer.NewCircuit("far", steer.Neuron{Layer: 0, Index: 8})
	const prompt = "The capital of France is"
	for _, c := range []struct {
		name  string
		run   func() error
		codes []steer.Code
		says  []string
	}{
		{"a target of several tokens", attribute(fake.Attribute(prompt).Target(" Sacramento")),
			[]steer.Code{steer.NotOneToken}, []string{`target " Sacramento" is 3 tokens (" S|acr|amento")`, `use a one-token word, e.g. " S"`}},
		{"everything at once", attribute(fake.Attribute(prompt).Target(" Sacramento").Versus("xy").At(99, -7)),
			[]steer.Code{steer.NotOneToken, steer.NotOneToken, steer.BadSetting, steer.BadSetting},
			[]string{"counterfactual \"xy\" is 2 tokens", "position 99 is outside the prompt of 6 tokens", "use 0 to 5, or -1 to -6 from the end", "position -7"}},
		{"the same token in two spellings", attribute(fake.Attribute(prompt).Target(" Paris").VersusID(8)), []steer.Code{steer.SameToken}, []string{`" Paris"`}},
		{"and the other way", attribute(fake.Attribute(prompt).TargetID(8).Versus(" Paris")), []steer.Code{steer.SameToken}, nil},
		{"terms of a sum", attribute(fake.Attribute(prompt).Metric(steer.Logit(" Sacramento"), steer.Logit(" Paris").At(9), steer.LogitID(-1), steer.Logit(" Paris"), steer.LogitID(8))),
			[]steer.Code{steer.NotOneToken, steer.BadSetting, steer.NotOneToken, steer.SameToken}, []string{`term 1: token " Sacramento" is 3 tokens`, "term 2: position 9 is outside", "term 3: token #-1", `term 5: " Paris" at position 5 is term 4`}},
		{"an answer too long", attribute(fake.Attribute(strings.Repeat(" of", 63)).TargetText(" Paris Paris")), []steer.Code{steer.PromptTooLong}, []string{"64 tokens and 1 new"}},
		{"the model's choice is the counterfactual", attribute(fake.Attribute(prompt).TargetTop().Versus(" Paris")), []steer.Code{steer.SameToken}, []string{`" Paris" itself`}},
		{"an id outside", attribute(fake.Attribute(prompt).TargetID(-1).VersusID(1 << 20)), []steer.Code{steer.NotOneToken, steer.NotOneToken}, []string{"#-1", "#1048576"}},
		{"a prompt too long, and more", attribute(fake.Attribute(strings.Repeat(" of", 64)).Target(" Sacramento")),
			[]steer.Code{steer.PromptTooLong, steer.NotOneToken}, []string{"65 tokens", "holds 64", "shorten the prompt by 1"}},
		{"a prompt that is too long by its bytes", attribute(fake.Attribute(strings.Repeat("x", 65*256)).Target(" Sacramento")),
			[]steer.Code{steer.PromptTooLong, steer.NotOneToken}, []string{"the prompt has 16640 bytes", "holds 64 tokens"}},
		{"a generation too long", func() error { _, err := fake.Generate(prompt).MaxTokens(60).Run(t.Context()); return err },
			[]steer.Code{steer.PromptTooLong}, []string{"make 66", "shorten the prompt by 2 tokens or lower MaxTokens"}},
		{"a generation far too long", func() error { _, err := fake.Generate(prompt).MaxTokens(math.MaxInt).Run(t.Context()); return err },
			[]steer.Code{steer.PromptTooLong}, nil},
		{"predict", func() error {
			_, err := fake.Predict(prompt).Of("xy", " Paris", "zz").Run(t.Context())
			return err
		},
			[]steer.Code{steer.NotOneToken, steer.NotOneToken}, []string{`"xy"`, `"zz"`}},
		{"another model's circuit, before any token is looked up", attribute(fake.Attribute(prompt).Target(" Sacramento").Ablate(far)),
			[]steer.Code{steer.ModelMismatch}, []string{"L0/N8", "found on this model"}},
		{"a NUL byte", func() error { _, err := fake.Predict("a\x00").Run(t.Context()); return err }, []steer.Code{steer.BadText}, []string{"NUL"}},
		{"logits that are no numbers", func() error {
			_, err := fake.Predict(prompt).Scale(pair, 3e38).Scale(pair, 3e38).Run(t.Context())
			return err
		},
			[]steer.Code{steer.NotFinite}, []string{"multiplier"}},
		{"no model", func() error { _, err := steer.InfoTask{}.Run(t.Context()); return err }, []steer.Code{steer.BadSetting}, []string{"no model"}},
		{"no runner", func() error { _, err := steer.New("x", nil).Info().Run(t.Context()); return err }, []steer.Code{steer.BadSetting}, nil},
	} {
		err := c.run()
		if got := codes(err); !slices.Equal(got, c.codes) {
			t.Errorf("%s: codes %q, want %q\n%v", c.name, got, c.codes, err)
			continue
		}
		for _, s := range c.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: the message lacks %q:\n%v", c.name, s, err)
			}
		}
	}
}

func attribute(a steer.AttributeTask) func() error {
	return func() error { _, err := a.Run(context.Background()); return err }
}

// TestMarkers: a marker in a prompt is one token, and the result says so; the tokenizer's own BOS is no surprise.
func TestMarkers(t *testing.T) {
	for prompt, want := range map[string]int{"The capital</s> of": 1, "The capital of": 0} {
		p, err := fake.Predict(prompt).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if ws := p.Warnings(); len(ws) != want || (want == 1 && ws[0].Code != "markers") {
			t.Errorf("%q: warnings %v, want %d", prompt, ws, want)
		}
	}
}

// TestEmptyPromptIsItsBOS: an empty prompt is the BOS that the tokenizer puts before every text, and a mistake where there
// is none, in every task with a prompt of its own; in a list of texts it is a hole in the data.
func TestEmptyPromptIsItsBOS(t *testing.T) {
	plain := steertest.ModelOf(steertest.NewEngine(), steertest.PlainText())
	for name, run := range map[string]func(m *steer.Model) error{
		"attribute": func(m *steer.Model) error { _, err := m.Attribute("").Target(" Paris").Run(t.Context()); return err },
		"predict":   func(m *steer.Model) error { _, err := m.Predict("").Of(" Paris").Run(t.Context()); return err },
		"generate":  func(m *steer.Model) error { _, err := m.Generate("").MaxTokens(2).Run(t.Context()); return err },
		"lens":      func(m *steer.Model) error { _, err := m.LogitLens("").Run(t.Context()); return err },
		"capture":   func(m *steer.Model) error { _, err := m.Capture("").From(steer.MLP).Run(t.Context()); return err },
	} {
		if err := run(fake); err != nil {
			t.Errorf("%s of a BOS alone: %v", name, err)
		}
		if err := run(plain); !errors.Is(err, steer.EmptyPrompt) || !strings.Contains(err.Error(), "the prompt is empty") {
			t.Errorf("%s of nothing: %v", name, err)
		}
	}
	p, err := fake.Predict("").Run(t.Context())
	if err != nil || len(p.Tokens()) != 1 || !p.Tokens()[0].Special {
		t.Errorf("tokens of an empty prompt: %v (%v), want the BOS", p.Tokens(), err)
	}
}
