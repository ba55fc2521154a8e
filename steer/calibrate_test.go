package steer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// How far may a circuit be amplified at a hundredth of a nat on neutral texts?
func ExampleModel_Calibrate() {
	m := steertest.NewModel()
	paris := steer.NewCircuit("paris", steer.Neuron{Layer: 1, Index: 2})
	found, err := m.Calibrate(steer.Scale(paris, 2)).KL(.01).On("The capital of Italy is", "The capital of France is").Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("×%.2f costs %.4f nats; %d strengths were tried\n", found.Strength().Value, found.Value().Value, len(found.Steps())-1)
	next, err := m.Predict("The capital of France is").With(found.Intervention()).Run(context.Background())
	fmt.Printf("%q %v\n", next.Top()[0].Text, err)
	// Output:
	// ×2.07 costs 0.0099 nats; 5 strengths were tried
	// " Paris" <nil>
}

// TestCalibrateRefuses: what has no strength, no goal, two goals, or a goal without what it is measured on, is a mistake.
func TestCalibrateRefuses(t *testing.T) {
	set := steer.NewExamples(steer.Example{Prompt: "a", Target: " b"})
	scale := steer.Scale(pair, 2)
	for want, task := range map[string]steer.CalibrateTask{
		"has no strength":         fake.Calibrate(steer.SetTo(pair, 1)).KL(.1),
		"changes nothing":         fake.Calibrate(steer.Scale(pair, 1)).KL(.1),
		"nothing says what":       fake.Calibrate(scale),
		"is no budget":            fake.Calibrate(scale).KL(0),
		"Limit(-1)":               fake.Calibrate(scale).KL(.1).Limit(-1),
		"generates none":          fake.Calibrate(scale.GeneratedOnly()).KL(.1),
		"there are examples":      fake.Calibrate(scale).KL(.1).OnExamples(set),
		"there are neutral texts": fake.Calibrate(scale).Target(1).OnExamples(set).On("a"),
		"where the target is":     fake.Calibrate(scale).Target(1),
	} {
		if _, err := task.Request(); !errors.Is(err, steer.BadSetting) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

// TestCalibrateOutOfReach: a budget that no strength up to the limit reaches is said, and the intervention changes nothing.
func TestCalibrateOutOfReach(t *testing.T) {
	c := run(t, fake.Calibrate(steer.Scale(pair, 1.0001)).KL(5).On(france, italy))
	if c.Found() || c.Strength().N != 0 || len(c.Warnings()) == 0 || c.Warnings()[len(c.Warnings())-1].Code != "reach" {
		t.Errorf("%v %v", c, c.Warnings())
	}
	if !strings.Contains(c.String(), "no strength") {
		t.Error(c)
	}
	if got, want := run(t, fake.Predict(france).With(c.Intervention())).String(), run(t, fake.Predict(france)).String(); got != want {
		t.Errorf("%s\n%s", got, want)
	}
}

// TestCalibrateAlreadyThere: a target at which the unsteered model is has no way to go.
func TestCalibrateAlreadyThere(t *testing.T) {
	task := fake.Calibrate(steer.Scale(pair, 2)).OnExamples(steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"}))
	from := run(t, task.Target(9)).Steps()[0].Value.Value
	if _, err := task.Target(from).Run(t.Context()); !errors.Is(err, steer.BadSetting) || !strings.Contains(err.Error(), "already") {
		t.Error(err)
	}
}
