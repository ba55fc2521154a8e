package steer_test

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestOfAnotherModel walks every task and everything that can be handed to it: what was made from another model's weights is
// a mistake, in whatever it went into, and what was made from this model's or given by hand is not.
func TestOfAnotherModel(t *testing.T) {
	a, b := of("a", "go"), of("b", "go")
	for name, x := range thingsOf(t, a) {
		for task, r := range uses(t, b, x) {
			if !errors.Is(r.err, steer.ModelMismatch) || !strings.Contains(r.err.Error(), `"fake" (weights a)`) {
				t.Errorf("%s of another model, %s: %v", name, task, r.err)
			}
		}
		for task, r := range uses(t, a, x) {
			if errors.Is(r.err, steer.ModelMismatch) {
				t.Errorf("%s of the same model, %s: %v", name, task, r.err)
			}
		}
	}
	for task, r := range uses(t, b, steer.NewCircuit("given", steer.Neuron{Layer: 1, Index: 2})) {
		if errors.Is(r.err, steer.ModelMismatch) {
			t.Errorf("a given circuit, %s: %v", task, r.err)
		}
	}
	if walked := len(uses(t, b, steer.NewCircuit("given", steer.Neuron{Layer: 1, Index: 2}))); walked < 50 {
		t.Errorf("a circuit was handed to %d places only", walked)
	}
}

// thingsOf makes circuits, sets, vectors and activations from a model's weights, and others out of them.
func thingsOf(t *testing.T, m *steer.Model) map[string]any {
	t.Helper()
	given := steer.NewCircuit("given", steer.Neuron{Layer: 1, Index: 2}, steer.Neuron{Layer: 2, Index: 3})
	scores := run(t, m.Attribute(france).Target(" Paris").Versus(" Rome"))
	c := scores.TopK(3)
	path := filepath.Join(t.TempDir(), "c.json")
	if err := given.Union(c).Save(path); err != nil {
		t.Fatal(err)
	}
	loaded, err := m.LoadCircuit(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	universal := run(t, m.Universal("a", "b"))
	contrast := run(t, m.Contrast(feelings()))
	v := run(t, m.ControlVector(feelings()))
	hand := small(t, steer.Residual)
	controls, err := steer.MatchedControls(c, steer.NeuronSet{}, c.Shape(), 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	curve := run(t, m.Sweep(c, 0).On(france).Measure(" Paris", " Rome").Controls(1))
	return map[string]any{
		"circuit":                    c,
		"entries":                    scores.TopEntries(3).Named("x").Top(2),
		"circuit, joined with given": given.Union(c),
		"circuit, in given":          c.Union(given).Intersect(given),
		"given without a circuit":    given.Minus(c),
		"given without a set":        given.Without(c.Set()),
		"given scores without a set": steer.Random(c.Shape(), 0).Without(c.Set()).TopK(2),
		"scores of a contrast":       contrast.TopK(2),
		"decomposition":              run(t, m.Decompose(v)).TopK(2),
		"behavior":                   run(t, m.Behavior(steer.NewExamples(steer.Example{Prompt: france, Target: " Paris"}))).Mean().TopK(2),
		"circuit from a file":        loaded,
		"control of a circuit":       controls[0],
		"control of a curve":         curve.Controls()[0],
		"circuit of a set":           c.Set().Circuit(),
		"set of a circuit":           given.Union(c).Set(),
		"universal set":              universal,
		"selected universal set":     universal.Frequencies().PerLayer(3).In(.5).Set(),
		"circuit of a universal set": universal.Circuit(),
		"vector":                     v,
		"vector, changed":            v.Scale(2).Normalize().Layers(0, 1).Named("x"),
		"vector, added to a given":   hand.Add(v),
		"given vector without it":    hand.Without(v),
		"means":                      run(t, m.MeanActivations(france)),
		"activations":                run(t, m.Capture(france).From(steer.MLPNeurons)),
	}
}

// used is what came of a use.
type used struct{ err error }

// uses hands x to every task of m that takes such a thing, and returns the mistakes of the requests.
func uses(t *testing.T, m *steer.Model, x any) map[string]used {
	t.Helper()
	out := map[string]used{}
	note := func(name string, task any) {
		_, err := task.(interface{ Request() (steer.Request, error) }).Request()
		out[name] = used{err}
	}
	given := steer.NewCircuit("given", steer.Neuron{Layer: 1, Index: 2})
	var edits map[string]steer.Intervention
	switch x := x.(type) {
	case steer.Circuit:
		note("Sweep", m.Sweep(x, 0).On("a").Measure(" b", " c"))
		note("Faithfulness", m.Faithfulness(x, capitals()))
		note("Patch", m.Patch(capitals()).Units(x))
		note("TopActivations", m.TopActivations(x, "a"))
		note("Writes", m.Writes(x))
		note("Decompose.For", m.Decompose(small(t, steer.Residual)).For(x))
		edits = map[string]steer.Intervention{"Ablate": steer.Ablate(x), "Scale": steer.Scale(x, 2), "SetTo": steer.SetTo(x, 1), "AddTo": steer.AddTo(x, 1),
			"Clamp": steer.Clamp(x, 0, 1), "AtPositions": steer.Ablate(x).AtPositions()}
	case steer.NeuronSet:
		note("ControlsWithout", m.Sweep(given, 0).On("a").Measure(" b", " c").Controls(1).ControlsWithout(x))
	case steer.Vector:
		note("Decompose", m.Decompose(x))
		edits = map[string]steer.Intervention{"AddVector": steer.AddVector(x, .5)}
	case steer.Activations:
		edits = map[string]steer.Intervention{"ToMean": steer.ToMean(given, x), "Transplant": steer.Transplant(given, x)}
	}
	for name, task := range describedOn(t, m) {
		of := reflect.TypeOf(task)
		for f := range of.Methods() {
			if f.Type.NumOut() != 1 || f.Type.Out(0) != of || f.Type.NumIn() < 2 {
				continue
			}
			last := f.Type.In(f.Type.NumIn() - 1)
			in := []reflect.Value{reflect.ValueOf(task)}
			switch {
			case f.Type.In(1) == reflect.TypeOf(x):
				if in = append(in, reflect.ValueOf(x)); f.Type.NumIn() > 2 {
					in = append(in, reflect.ValueOf(.5))
				}
				note(name+"."+f.Name, f.Func.Call(in)[0].Interface())
			case last == reflect.TypeFor[[]steer.Intervention]():
				for op, e := range edits {
					note(name+"."+f.Name+"("+op+")", f.Func.Call(append(in[:1:1], reflect.ValueOf(e)))[0].Interface())
				}
			}
		}
	}
	return out
}

// knowing is a runner that tells its model's digests without running anything.
type knowing struct {
	steer.Runner
	asked *int
}

func (k knowing) Identity(context.Context) (steer.Identity, error) {
	*k.asked++
	return steer.Identity{Model: "b"}, nil
}

// TestIdentityWithoutRunning: a runner that knows its model is not asked to run anything before the task itself.
func TestIdentityWithoutRunning(t *testing.T) {
	c := parisCircuit(t, of("a", "go"))
	ran, asked := 0, 0
	m := steer.New("fake", knowing{steer.RunnerFunc(func(context.Context, steer.Request, func(steer.Event)) (steer.Record, error) {
		ran++
		return steer.Record{}, nil
	}), &asked})
	if _, err := m.Generate(france).Ablate(c).Run(t.Context()); !errors.Is(err, steer.ModelMismatch) || ran != 0 || asked != 1 {
		t.Errorf("%v, %d runs, asked %d times", err, ran, asked)
	}
	if _, err := m.Generate(france).Ablate(pair).Run(t.Context()); err != nil || asked != 1 {
		t.Errorf("a given circuit needs no digest: %v, asked %d times", err, asked)
	}
}

// TestComparedAcrossModels: to count what circuits of two models share says nothing, and it is said so.
func TestComparedAcrossModels(t *testing.T) {
	a, b := of("a", "go"), of("b", "go")
	c, d := parisCircuit(t, a), parisCircuit(t, b)
	m := steer.Overlap(c, d)
	if !math.IsNaN(m.P(0, 1)) || !math.IsNaN(m.Expected(0, 1)) || len(m.Warnings()) != 1 || !strings.Contains(m.String(), "2 models") {
		t.Errorf("%v\n%v", m, m.Warnings())
	}
	if m := steer.Overlap(c, parisCircuit(t, a), pair); math.IsNaN(m.P(0, 1)) || len(m.Warnings()) != 0 {
		t.Errorf("%v\n%v", m, m.Warnings())
	}
	if m := steer.Overlap(c, steer.Neurons("L1")); len(m.Warnings()) != 1 || !strings.Contains(m.String(), "no circuit") {
		t.Errorf("%v\n%v", m, m.Warnings())
	}
	parts := run(t, b.Decompose(run(t, b.ControlVector(feelings()))))
	codes := func(c steer.Circuit) (n int) {
		for _, w := range steer.Compare(c, parts).Warnings() {
			if w.Code == "model" {
				n++
			}
		}
		return n
	}
	if codes(c) != 1 || codes(d) != 0 || codes(pair) != 0 {
		t.Errorf("%d, %d, %d warnings", codes(c), codes(d), codes(pair))
	}
}

// TestOfTwoModels: what was made from two models belongs to none, and cannot be saved as if it did.
func TestOfTwoModels(t *testing.T) {
	a, b := of("a", "go"), of("b", "go")
	both := parisCircuit(t, a).Union(parisCircuit(t, b))
	for _, m := range []*steer.Model{a, b} {
		if _, err := m.Generate(france).Ablate(both).Request(); !errors.Is(err, steer.ModelMismatch) {
			t.Error(err)
		}
	}
	if err := both.Save(filepath.Join(t.TempDir(), "c.json")); !errors.Is(err, steer.ModelMismatch) {
		t.Error(err)
	}
}
