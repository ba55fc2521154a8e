package steer_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// arguments returns two different arguments lists for a builder method.
func arguments(t *testing.T, name string, f reflect.Type) [2][]reflect.Value {
	t.Helper()
	values := map[reflect.Type][2]any{
		reflect.TypeFor[string]():             {" b", " c"},
		reflect.TypeFor[int]():                {-1, -2},
		reflect.TypeFor[int32]():              {int32(7), int32(8)},
		reflect.TypeFor[float64]():            {.5, 2.},
		reflect.TypeFor[uint64]():             {uint64(1), uint64(2)},
		reflect.TypeFor[bool]():               {true, false},
		reflect.TypeFor[steer.Rule]():         {steer.RelP, steer.Frozen},
		reflect.TypeFor[steer.Term]():         {steer.Logit(" b"), steer.LogitID(7).At(0)},
		reflect.TypeFor[steer.Ablation]():     {steer.PatchAblation, steer.ResampleAblation},
		reflect.TypeFor[steer.ExampleSet]():   {capitals(), steer.NewExamples(steer.Example{Prompt: "a", Target: " b"})},
		reflect.TypeFor[steer.Site]():         {steer.Residual, steer.MLP},
		reflect.TypeFor[steer.Method]():       {steer.MeanDiff, steer.PCA},
		reflect.TypeFor[steer.Vector]():       {small(t, steer.Residual), small(t, steer.MLP)},
		reflect.TypeFor[steer.Intervention](): {steer.Ablate(pair), steer.Scale(pair, 2).SkipBOS()},
		reflect.TypeFor[steer.Circuit]():      {steer.NewCircuit("x", steer.Neuron{Layer: 0, Index: 0}), steer.NewCircuit("y", steer.Neuron{Layer: 1, Index: 1})},
	}
	var out [2][]reflect.Value
	for i := range f.NumIn() {
		in := f.In(i)
		if f.IsVariadic() && i == f.NumIn()-1 {
			in = in.Elem()
		}
		v, ok := values[in]
		if !ok {
			t.Fatalf("%s takes a %v; give TestForks two of them", name, in)
		}
		for k := range out {
			out[k] = append(out[k], reflect.ValueOf(v[k]))
		}
	}
	return out
}

// shown is everything that a task says about itself.
func shown(v reflect.Value) string {
	q, err := v.Interface().(requester).Request()
	return fmt.Sprintf("%s %d %s %v", q.Kind, q.Version, q.Settings, err)
}

// TestForks: for every task and every two of its builder methods, no fork changes the task or another fork. Each method
// has run three times before, so that a list that is not copied has room for two forks to write to.
func TestForks(t *testing.T) {
	for _, task := range []any{fake.Attribute("a").Target(" b"), fake.Predict("a"), fake.LogitLens("a"), fake.Generate("a"), fake.GenerateEach("a", "b"), fake.Tokens("a"), fake.Info(),
		fake.Behavior(capitals()), fake.Profiles(pair).On("a").Measure(" b", ""), fake.Faithfulness(pair, capitals()), fake.Patch(capitals()), fake.Contrast(opposites()), fake.Universal("a", "b"), fake.ControlVector(feelings()), fake.Capture("a"), fake.Calibrate(steer.Scale(pair, 2)).KL(.1),
		fake.MeanActivations("a"), fake.TopActivations(pair, "a"), fake.Writes(pair), fake.Unembed([]float32{1}), fake.Decompose(small(t, steer.MLP))} {
		v := reflect.ValueOf(task)
		if v.Kind() != reflect.Struct {
			t.Errorf("%T is no plain value", task)
		}
		type builder struct {
			name string
			args [2][]reflect.Value
		}
		var builders []builder
		for i := range v.NumMethod() {
			name, f := v.Type().Method(i).Name, v.Method(i).Type()
			if f.NumOut() == 1 && f.Out(0) == v.Type() {
				builders = append(builders, builder{name: name, args: arguments(t, v.Type().String()+"."+name, f)})
			}
		}
		for _, first := range builders {
			for _, second := range builders {
				base := v
				for range 3 {
					base = base.MethodByName(first.name).Call(first.args[0])[0]
				}
				before := shown(base)
				fork := base.MethodByName(first.name).Call(first.args[1])[0]
				was := shown(fork)
				base.MethodByName(second.name).Call(second.args[0])
				fork.MethodByName(second.name).Call(second.args[0])
				if shown(base) != before || shown(fork) != was {
					t.Errorf("%T: forks by %s and %s share something:\n%s\n%s", task, first.name, second.name, before, was)
				}
			}
		}
	}
}

// TestForksKeepArguments: a task keeps no list of its caller's.
func TestForksKeepArguments(t *testing.T) {
	at, of := []int{-1, -2}, []string{" b"}
	a, p := fake.Attribute("a").Target(" b").At(at...), fake.Predict("a").Of(of...)
	qa, qp := request(t, a).Ref(id), request(t, p).Ref(id)
	at[0], of[0] = 3, " c"
	if request(t, a).Ref(id) != qa || request(t, p).Ref(id) != qp {
		t.Error("changing an argument afterwards changes the task")
	}
}

// TestResultForks: narrowing scores leaves them as they are, and lists handed out are copies.
func TestResultForks(t *testing.T) {
	s, err := fake.Attribute("The capital of France is").Target(" Paris").Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	within := s.Layers(0, 1)
	before, inner := s.TopK(100).CSV(), within.TopK(100).CSV()
	within.Layers(1, 1).Positive().SkipFirst().LastPositions(1).Candidates(1).KeepBOS().TopK(1)
	if s.TopK(100).CSV() != before || within.TopK(100).CSV() != inner {
		t.Error("a narrowed copy changes what it was made from")
	}
	c := s.TopK(3)
	c.Entries()[0].Score = 99
	c.Neurons()[0].Layer = 99
	s.Tokens()[0].Text = "x"
	if c.CSV() != s.TopK(3).CSV() || s.Tokens()[0].Text == "x" {
		t.Error("a list that was handed out is the result's own")
	}
}
