package steer_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// Steering is held against a plain instruction on the same prompts.
func ExampleSweepTask_Prompted() {
	m := steertest.NewModel()
	paris := steer.NewCircuit("paris", steer.Neuron{Layer: 1, Index: 2})
	dose, err := m.Sweep(paris, 2, 3).
		On("The capital of Italy is", "The capital of France is").Measure(" Paris", " Rome").
		Prompted("I loved France.").Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	instruction, prompted := dose.Prompted()
	fmt.Printf("%q: %+.2f logits\n", instruction, prompted.Change.Value)
	for _, d := range dose.Doses() {
		fmt.Printf("× %g: %+.2f logits, %+.2f from prompted\n", d.Multiplier, d.Change.Value, d.FromPrompted.Value)
	}
	// Output:
	// "I loved France.": +0.62 logits
	// × 2: +0.66 logits, +0.04 from prompted
	// × 3: +1.32 logits, +0.70 from prompted
}

// TestPrompted: the instruction is a user's turn that a raw prompt answers, stands before what a user says in a chat, and
// before the prompt where the model has no template; what is measured is what Predict gives there.
func TestPrompted(t *testing.T) {
	const order = "I loved the film"
	plain := steertest.ModelOf(steertest.NewEngine(), steertest.PlainText())
	edit := steer.AddTo(steer.NewCircuit("rome", steer.Neuron{Layer: 1, Index: 5}), 1)
	for name, c := range map[string]struct {
		task steer.SweepTask
		want []steer.PredictTask
	}{
		"raw":            {fake.Sweep(pair, 0, 1, 2).On(france, italy), []steer.PredictTask{fake.Predict(order).Prefill(france), fake.Predict(order).Prefill(italy)}},
		"chat":           {fake.Sweep(pair, 0, 1, 2).On(france, italy).Chat(), []steer.PredictTask{fake.Predict(order + "\n\n" + france).Chat(), fake.Predict(order + "\n\n" + italy).Chat()}},
		"chat, system":   {fake.Sweep(pair, 0, 1, 2).On(france).System("The").Prefill(" It"), []steer.PredictTask{fake.Predict(order + "\n\n" + france).System("The").Prefill(" It")}},
		"no template":    {plain.Sweep(pair, 0, 1, 2).On(france, italy), []steer.PredictTask{plain.Predict(order + "\n\n" + france), plain.Predict(order + "\n\n" + italy)}},
		"twice the same": {fake.Sweep(pair, 0, 1, 2).On(france, france), []steer.PredictTask{fake.Predict(order).Prefill(france), fake.Predict(order).Prefill(france)}},
		"interventions":  {fake.Sweep(pair, 0, 1, 2).On(france).With(edit), []steer.PredictTask{fake.Predict(order).Prefill(france).With(edit)}},
	} {
		curve := run(t, c.task.Measure(" Paris", " Rome").Prompted(order))
		instruction, got := curve.Prompted()
		var difference, target, versus float64
		n := float64(len(c.want))
		for _, p := range c.want {
			d, a, b := named(t, run(t, p).Logits(), " Paris", " Rome")
			difference, target, versus = difference+d/n, target+a/n, versus+b/n
		}
		if instruction != order {
			t.Errorf("%s: the instruction is %q", name, instruction)
		}
		around(t, name+": difference", got.Difference.Value, difference, 1e-6)
		around(t, name+": p(target)", got.Target.Value, target, 1e-6)
		around(t, name+": p(versus)", got.Versus.Value, versus, 1e-6)
		around(t, name+": change", got.Change.Value, difference-curve.Unsteered().Difference.Value, 1e-6)
		if got.Change.Value == 0 || got.Change.N != len(c.want) {
			t.Errorf("%s: an instruction changes nothing, or not on every prompt: %+v", name, got.Change)
		}
		for _, d := range curve.Doses() {
			around(t, name+": from prompted", d.FromPrompted.Value, d.Difference.Value-difference, 1e-6)
		}
		if mean, lo, hi, ok := curve.PromptedBand(); !ok || mean != got.Difference.Value || lo != got.Difference.Lo || hi != got.Difference.Hi {
			t.Errorf("%s: the band is %v %v %v %v", name, mean, lo, hi, ok)
		}
		without := run(t, c.task.Measure(" Paris", " Rome"))
		for i, d := range curve.Doses() {
			d.FromPrompted = steer.Estimate{}
			if d != without.Doses()[i] {
				t.Errorf("%s: the instruction changes a dose", name)
			}
		}
	}
}

// TestPromptedTexts: text, CSV and JSON have the instruction's response, and nothing of one where there is none.
func TestPromptedTexts(t *testing.T) {
	task := fake.Sweep(pair, 0, 2).On(france, italy).Measure(" Paris", " Rome")
	with, without := run(t, task.Prompted("I loved the film")), run(t, task)
	if !strings.Contains(with.String(), "  prompted  ") || !strings.Contains(with.String(), `after "I loved the film"`) || strings.Contains(without.String(), "prompted") {
		t.Errorf("%v\n%v", with, without)
	}
	rows := strings.Split(strings.TrimSpace(with.CSV()), "\n")
	_, p := with.Prompted()
	tail := fmt.Sprintf(",%v,%v,%v,%v,%v,%v,", p.Difference.Value, p.Difference.Lo, p.Difference.Hi, with.Doses()[1].FromPrompted.Value, with.Doses()[1].FromPrompted.Lo, with.Doses()[1].FromPrompted.Hi)
	if len(rows) != 3 || !strings.HasSuffix(rows[0], "from_prompted_hi,under") || !strings.HasSuffix(rows[2], tail) {
		t.Errorf("%s\nhas not %s", with.CSV(), tail)
	}
	if !strings.HasSuffix(strings.TrimSpace(without.CSV()), ",,,,,,,") {
		t.Error(without.CSV())
	}
	for c, want := range map[*steer.Curve]int{&with: 4, &without: 0} { // instruction, prompted, and of each dose
		b, err := json.Marshal(*c)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(b), `"instruction":`) + strings.Count(string(b), `"prompted":`) + strings.Count(string(b), `"fromPrompted":`); n != want {
			t.Errorf("%d fields of %d in %s", n, want, b)
		}
	}
	if _, _, _, ok := without.PromptedBand(); ok {
		t.Error("a band of no instruction")
	}
	var zero steer.Curve
	if _, d := zero.Prompted(); d != (steer.Dose{}) {
		t.Error(d)
	}
}

// TestPromptedPasses: each distinct prompt is run once more, whatever the multipliers and controls.
func TestPromptedPasses(t *testing.T) {
	e := &counting{Engine: steertest.NewEngine()}
	m := steertest.ModelOf(e, steertest.NewText())
	var last steer.Event
	_, err := steer.Fetch(t.Context(), m.Sweep(pair, 0, 1, 2).OnExamples(cities).Controls(4).Prompted("I"), func(ev steer.Event) { last = ev })
	if want := 3*(1+2*5) + 3; err != nil || e.passes != want || last.Done != want || last.Total != want {
		t.Errorf("%d passes and the event %+v, want %d; %v", e.passes, last, want, err)
	}
}

// TestPromptedRefuses: an instruction that is none, is no text, does not fit or has no place.
func TestPromptedRefuses(t *testing.T) {
	task := fake.Sweep(pair, 0).On(france).Measure(" Paris", " Rome")
	for name, c := range map[string]struct {
		task steer.SweepTask
		code steer.Code
		says []string
	}{
		"empty":    {task.Prompted(""), steer.BadSetting, []string{"the instruction of Prompted is empty"}},
		"no text":  {task.Prompted("\xff"), steer.BadText, []string{"the instruction of Prompted"}},
		"too long": {task.Prompted(strings.Repeat("I", 70)), steer.PromptTooLong, []string{"prompt 1", "with the instruction"}},
		"markers":  {task.On("I</s>The").Prompted("I"), steer.BadSetting, []string{"prompt 2", "the marker </s>", "Chat()"}},
	} {
		_, err := c.task.Run(t.Context())
		if !errors.Is(err, c.code) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, s := range c.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: %q is missing in\n%v", name, s, err)
			}
		}
	}
	if _, err := task.Run(t.Context()); err != nil {
		t.Error(err)
	}
}
