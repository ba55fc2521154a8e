package steer_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestInterventionsInWords: every intervention says what it does, to what, where and when.
func TestInterventionsInWords(t *testing.T) {
	row := func(layers ...int) steer.Vector {
		rows := map[int][]float32{}
		for _, l := range layers {
			rows[l] = append([]float32{1}, make([]float32, steertest.NewEngine().Shape().Width-1)...)
		}
		v, err := steer.NewVector("cheer", steer.Residual, steertest.NewEngine().Shape(), rows)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	mean, err := fake.MeanActivations("I loved", "The film").Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rome, err := fake.Capture("The capital of Italy is").From(steer.MLPNeurons).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	praise := pair.Named("praise")
	few := steer.NewCircuit("", steer.Neuron{Layer: 1, Index: 2}, steer.Neuron{Layer: 0, Index: 1})
	four := steer.NewCircuit("", steer.Neuron{}, steer.Neuron{Index: 1}, steer.Neuron{Index: 2}, steer.Neuron{Index: 3})
	inf := math.Inf(1)
	for want, i := range map[string]steer.Intervention{
		"praise ×0":                steer.Ablate(praise),
		"praise ×−5":               steer.Scale(praise, -5),
		"L0/N1, L1/N2 ×0.5":        steer.Scale(few, .5),
		"4 neurons ×2":             steer.Scale(four, 2),
		"praise = 3":               steer.SetTo(praise, 3),
		"praise −0.5":              steer.AddTo(praise, -.5),
		"praise +2":                steer.AddTo(praise, 2),
		"praise kept from −1 to 2": steer.Clamp(praise, -1, 2),
		"praise at least 0":        steer.Clamp(praise, 0, inf),
		"praise at most 0":         steer.Clamp(praise, -inf, 0),
		"praise → mean of 2 texts": steer.ToMean(praise, mean),
		"praise → as in “The capital of Italy is”":                     steer.Transplant(praise, rome),
		"cheer +2 at layer 1":                                          steer.AddVector(row(1), 2),
		"cheer −0.5 at layers 1–2":                                     steer.AddVector(row(1, 2), -.5),
		"cheer +1 at layers 0, 2, in the prompt only":                  steer.AddVector(row(0, 2), 1).PromptOnly(),
		"cheer taken out at every layer":                               steer.ProjectOut(row(0, 1, 2), 1),
		"cheer mirrored at layer 2":                                    steer.ProjectOut(row(2), 2),
		"0.5 of cheer taken out at layer 2":                            steer.ProjectOut(row(2), .5),
		"praise ×0 at its positions, in the new text only, not at BOS": steer.Ablate(praise).AtPositions().GeneratedOnly().SkipBOS(),
		"praise ×0, where probe > 1.2":                                 steer.Ablate(praise).When(row(1).Named("probe"), 1.2),
		"praise ×0, if the prompt ends with probe > 1.2":               steer.Ablate(praise).When(row(1).Named("probe"), 1.2).ByPrompt(),
		"nothing": {},
	} {
		if got := i.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestEveryResultSaysItsInterventions: whatever runs the model says in words what it was run under, by the names that the task
// knows; from the record alone it counts; and without any it says nothing.
func TestEveryResultSaysItsInterventions(t *testing.T) {
	known := describedOn(t, steertest.NewModel())
	paris := steer.NewCircuit("paris", steer.Neuron{Layer: 1, Index: 2})
	for _, name := range runs {
		task := reflect.ValueOf(known[name])
		says := func(task reflect.Value, settings json.RawMessage) string {
			t.Helper()
			fetch := func() steer.Record {
				return steer.Record{Header: steer.Header{Request: steer.Request{Settings: settings}}}
			}
			result := task.MethodByName("Result").Call([]reflect.Value{reflect.ValueOf(fetch)})[0].Interface()
			of, ok := result.(interface{ Interventions() string })
			if !ok {
				t.Fatalf("%s: %T does not say what it was computed under", name, result)
			}
			return of.Interventions()
		}
		changed := task.MethodByName("With").Call([]reflect.Value{reflect.ValueOf(steer.Scale(paris, -2)), reflect.ValueOf(steer.AddVector(small(t, steer.Residual), 1.5))})[0]
		r, err := changed.Interface().(requester).Request()
		if err != nil {
			t.Fatal(err)
		}
		if got, want := says(changed, r.Settings), "paris ×−2; small +1.5 at layer 1"; got != want {
			t.Errorf("%s under interventions says %q, want %q", name, got, want)
		}
		if got := says(task, nil); got != "" {
			t.Errorf("%s under none says %q", name, got)
		}
		if name == "ControlVector" {
			continue // a record without numbers gives no vector, and no header
		}
		if got, want := says(task, r.Settings), "L1/N2 ×−2; a vector added, of length 1.5 over all layers"; got != want {
			t.Errorf("%s from its record says %q, want %q", name, got, want)
		}
	}
}
