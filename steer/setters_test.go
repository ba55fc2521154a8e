package steer_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// presets are setters that select from a result and so may not change the request, each with what it changes instead.
var presets = []string{
	"AttributeTask.KeepBOS", "AttributeTask.LastPositions", "AttributeTask.SkipFirst", "BehaviorTask.KeepBOS", "BehaviorTask.LastPositions",
	"BehaviorTask.SkipFirst", "ContrastTask.ReferenceLayers", "EdgesTask.MinWeight", "UniversalTask.PerLayer", "UniversalTask.In",
}

// runs are the tasks that run the model on prompts: each takes interventions, and reads its prompts as a chat when asked.
var runs = []string{
	"Attribute", "Baseline", "Behavior", "Calibrate", "Capture", "Contrast", "ControlVector", "Edges", "Faithfulness", "Generate", "GenerateEach", "LogitLens", "MeanActivations", "Patch", "Predict", "Profiles", "Sweep", "TopActivations", "Universal",
}

// described is every task, complete enough to become a request.
func described(t *testing.T) map[string]any { return describedOn(t, fake) }

func describedOn(t *testing.T, m *steer.Model) map[string]any {
	open := steer.NewExamples(steer.Example{Prompt: "a", Target: " b"}, steer.Example{Prompt: "c"})
	pairs := steer.NewPairs(steer.Pair{Positive: "a", Negative: "b"})
	return map[string]any{
		"Attribute":       m.Attribute("a").Target(" b").Versus(" c"),
		"Baseline":        m.Baseline(steer.NewExamples(steer.Example{Prompt: "a", Target: " b"})),
		"Behavior":        m.Behavior(open).TargetTop(),
		"Calibrate":       m.Calibrate(steer.Scale(pair, 2)).KL(.1).On("a b"),
		"Capture":         m.Capture("a").From(steer.MLP),
		"Contrast":        m.Contrast(pairs),
		"ControlVector":   m.ControlVector(pairs),
		"Decompose":       m.Decompose(small(t, steer.Residual)),
		"Edges":           m.Edges(pair).On("a").Measure(" b", ""),
		"Faithfulness":    m.Faithfulness(pair, steer.NewExamples(steer.Example{Prompt: "a", Target: " b", Patch: "c"})).Controls(3),
		"Generate":        m.Generate("a").Temperature(1),
		"GenerateEach":    m.GenerateEach("a", "b").Temperature(1),
		"Info":            m.Info(),
		"LogitLens":       m.LogitLens("a"),
		"MeanActivations": m.MeanActivations("a"),
		"Methods":         m.Methods(m.Behavior(steer.NewExamples(steer.Example{Prompt: "a", Target: " b", Versus: " c"}))),
		"Patch":           m.Patch(steer.NewExamples(steer.Example{Prompt: "a", Target: " b", Patch: "c"})),
		"Predict":         m.Predict("a"),
		"Stability":       m.Stability(m.Behavior(steer.NewExamples(steer.Example{Prompt: "a", Target: " b"}))),
		"Profiles":        m.Profiles(pair).On("a").Measure(" b", ""),
		"Sweep":           m.Sweep(pair, 0, 2).OnExamples(steer.NewExamples(steer.Example{Prompt: "a", Target: " b"})).SideEffects("x y"),
		"Tokens":          m.Tokens("a"),
		"TopActivations":  m.TopActivations(pair, "a"),
		"Unembed":         m.Unembed(make([]float32, 4)),
		"Universal":       m.Universal("a"),
		"Verdict":         m.Verdict(pair),
		"Writes":          m.Writes(pair),
	}
}

// companyOf gives arguments of setters that the types of their parameters do not tell. A setter that needs company gets it.
func companyOf(task, setter string, t reflect.Value) (reflect.Value, []any) {
	switch task + "." + setter {
	case "Attribute.Metric", "Behavior.Metric":
		if task == "Attribute" {
			return reflect.ValueOf(fake.Attribute("a").Metric(steer.Logit(" b"))), []any{steer.Logit(" b").Times(2)}
		}
		return reflect.ValueOf(fake.Behavior(steer.NewExamples(steer.Example{Prompt: "a", Target: " b"}))), []any{steer.Logit(" c")}
	case "Attribute.TargetText":
		return reflect.ValueOf(fake.Attribute("a").Target(" b")), []any{" b c"}
	case "Behavior.TargetTop":
		return reflect.ValueOf(fake.Behavior(steer.NewExamples(steer.Example{Prompt: "c"}))), nil
	case "Behavior.WholeAnswers":
		return reflect.ValueOf(fake.Behavior(steer.NewExamples(steer.Example{Prompt: "a", Target: " b"}))), nil
	case "Sweep.On", "Sweep.Measure", "Sweep.MeasureIDs":
		on := fake.Sweep(pair, 0).On("a").Measure(" b", " c")
		return reflect.ValueOf(on), map[string][]any{"On": {"d"}, "Measure": {" x", ""}, "MeasureIDs": {int32(1), int32(2)}}[setter]
	case "Calibrate.Target", "Calibrate.OnExamples":
		on := fake.Calibrate(steer.Scale(pair, 2)).Target(1).OnExamples(steer.NewExamples(steer.Example{Prompt: "a", Target: " b"}))
		return reflect.ValueOf(on), map[string][]any{"Target": {2.}}[setter]
	case "ControlVector.OnExamples":
		return t, []any{steer.NewExamples(steer.Example{Prompt: "a", Target: " b"})}
	case "Capture.Layers", "ControlVector.Layers":
		return t, []any{1, 2}
	case "ControlVector.From":
		return t, []any{steer.MLP}
	case "ControlVector.Method":
		return t, []any{steer.PCA}
	case "Edges.Measure", "Profiles.Measure":
		return t, []any{" x", " y"}
	case "Edges.Targets":
		return t, []any{1}
	case "Edges.Total":
		return reflect.ValueOf(fake.Edges(pair).On("a").Measure(" b", "").Direct()), nil
	case "Sweep.When":
		return reflect.ValueOf(fake.Sweep(steer.Neurons("L1/N2"), 0).On("a").Measure(" b", " c")), []any{early(), .5}
	case "Sweep.ByPrompt":
		return reflect.ValueOf(fake.Sweep(steer.Neurons("L1/N2"), 0).On("a").Measure(" b", " c").When(early(), .5)), nil
	case "Sweep.Ablation":
		return t, []any{steer.TokenMeanAblation}
	case "Sweep.PatchPrompts", "Sweep.AlignEnd":
		on := fake.Sweep(pair, 0).On("a").Measure(" b", " c").Ablation(steer.MeanAblation)
		return reflect.ValueOf(on), map[string][]any{"PatchPrompts": {"d"}, "AlignEnd": {}}[setter]
	case "Stability.Rules":
		return t, []any{steer.RelP}
	case "Stability.Selections":
		return t, []any{steer.SelectMean}
	case "Faithfulness.Ablation":
		return t, []any{steer.PatchAblation}
	case "Patch.Ablation":
		return t, []any{steer.PatchAblation}
	case "Patch.PatchPrompts", "Patch.AlignEnd":
		on := fake.Patch(steer.NewExamples(steer.Example{Prompt: "a", Target: " b"})).Ablation(steer.MeanAblation)
		return reflect.ValueOf(on), map[string][]any{"PatchPrompts": {"d"}, "AlignEnd": {}}[setter]
	case "Faithfulness.WithEmbeddings":
		return reflect.ValueOf(fake.Faithfulness(pair, steer.NewExamples(steer.Example{Prompt: "a", Target: " b", Patch: "c"})).Ablation(steer.PatchAblation)), nil
	case "Faithfulness.Sizes":
		return t, []any{1}
	case "Attribute.Rule", "Behavior.Rule", "Edges.Rule", "Profiles.Rule":
		return t, []any{steer.Frozen}
	case "Attribute.At", "Behavior.At":
		if task == "Attribute" {
			return t, []any{0}
		}
		return reflect.ValueOf(fake.Behavior(steer.NewExamples(steer.Example{Prompt: "a", Target: " b"}))), []any{0}
	}
	return t, nil
}

// sample returns an argument of a type that is no default of any setter.
func sample(t *testing.T, of reflect.Type) any {
	switch of {
	case reflect.TypeFor[steer.Circuit]():
		return pair
	case reflect.TypeFor[steer.Intervention]():
		return steer.Ablate(pair)
	case reflect.TypeFor[steer.NeuronSet]():
		return steer.NewNeuronSet("some", steer.Neuron{Layer: 2, Index: 7})
	case reflect.TypeFor[steer.ExampleSet]():
		return steer.NewExamples(steer.Example{Prompt: "other", Target: " b"})
	case reflect.TypeFor[steer.PairSet]():
		return feelings()
	case reflect.TypeFor[steer.Vector]():
		return small(t, steer.Residual)
	case reflect.TypeFor[steer.Site]():
		return steer.Residual
	}
	switch of.Kind() {
	case reflect.String:
		return " d"
	case reflect.Int, reflect.Int32, reflect.Uint64:
		return reflect.ValueOf(7).Convert(of).Interface()
	case reflect.Float64:
		return .5
	}
	t.Fatalf("no sample of %v: add one", of)
	return nil
}

// TestTaskTimesSetter walks every task and every setter: each changes the request's address, or is a preset of a selection;
// what is set on a copy leaves the task alone; and the order of two setters makes no difference to whether they count.
func TestTaskTimesSetter(t *testing.T) {
	known := described(t)
	models := reflect.TypeFor[*steer.Model]()
	for m := range models.Methods() {
		if m.Type.NumOut() == 1 && strings.HasSuffix(m.Type.Out(0).Name(), "Task") && known[m.Name] == nil {
			t.Errorf("the task %s is not walked: describe it", m.Name)
		}
	}
	setters := 0
	for name, task := range known {
		of := reflect.TypeOf(task)
		for m := range of.Methods() {
			if m.Type.NumOut() != 1 || m.Type.Out(0) != of {
				continue
			}
			setters++
			from, args := companyOf(name, m.Name, reflect.ValueOf(task))
			in := []reflect.Value{from}
			for p := 1; p < m.Type.NumIn(); p++ {
				x := m.Type.In(p)
				if m.Type.IsVariadic() && p == m.Type.NumIn()-1 {
					x = x.Elem()
				}
				if args != nil {
					in = append(in, reflect.ValueOf(args[p-1]))
				} else {
					in = append(in, reflect.ValueOf(sample(t, x)))
				}
			}
			if name+"."+m.Name == "Behavior.TargetTop" { // without it an example that names no target is a mistake
				refOf(t, m.Func.Call(in)[0])
				continue
			}
			before := refOf(t, from)
			after := refOf(t, m.Func.Call(in)[0])
			preset := slices.Contains(presets, of.Name()+"."+m.Name)
			if (before == after) != preset {
				t.Errorf("%s.%s: changes the address: %v, want %v", of.Name(), m.Name, before != after, !preset)
			}
			if refOf(t, from) != before {
				t.Errorf("%s.%s changes the task that it is called on", of.Name(), m.Name)
			}
		}
	}
	if setters < 90 {
		t.Errorf("only %d setters were walked", setters)
	}
}

// TestEveryRunTakesInterventionsAndChat: Ablate, Scale, With, Chat, System and Prefill exist on every task that runs the
// model on prompts, and Ablate is Scale by 0 is With(Ablate).
func TestEveryRunTakesInterventionsAndChat(t *testing.T) {
	known := described(t)
	for _, name := range runs {
		task := reflect.ValueOf(known[name])
		for _, setter := range []string{"Ablate", "Scale", "With", "Chat", "System", "Prefill"} {
			if !task.MethodByName(setter).IsValid() {
				t.Errorf("%s has no %s", task.Type().Name(), setter)
			}
		}
		if t.Failed() {
			continue
		}
		c := reflect.ValueOf(pair)
		ablated := refOf(t, task.MethodByName("Ablate").Call([]reflect.Value{c})[0])
		scaled := refOf(t, task.MethodByName("Scale").Call([]reflect.Value{c, reflect.ValueOf(0.)})[0])
		with := refOf(t, task.MethodByName("With").Call([]reflect.Value{reflect.ValueOf(steer.Ablate(pair))})[0])
		if ablated != scaled || ablated != with {
			t.Errorf("%s: Ablate, Scale by 0 and With(Ablate) are not the same request", name)
		}
	}
}

// TestSweepChatWhereverItStands: Chat counts for prompts and examples, before them and after.
func TestSweepChatWhereverItStands(t *testing.T) {
	set := steer.NewExamples(steer.Example{Prompt: "a", Target: " b"})
	s := fake.Sweep(pair, 0)
	for name, same := range map[string][2]steer.SweepTask{
		"prompts":  {s.Chat().On("a").Measure(" b", ""), s.On("a").Measure(" b", "").Chat()},
		"examples": {s.Chat().OnExamples(set), s.OnExamples(set).Chat()},
		"system":   {s.System("x").OnExamples(set), s.OnExamples(set).System("x")},
		"prefill":  {s.Prefill("x").On("a").Measure(" b", ""), s.On("a").Measure(" b", "").Prefill("x")},
	} {
		a, b := refOf(t, reflect.ValueOf(same[0])), refOf(t, reflect.ValueOf(same[1]))
		plain := refOf(t, reflect.ValueOf(s.On("a").Measure(" b", "")))
		if a != b || a == plain || a == refOf(t, reflect.ValueOf(s.OnExamples(set))) {
			t.Errorf("%s: the order of the calls decides whether Chat counts", name)
		}
	}
}

func refOf(t *testing.T, task reflect.Value) steer.Ref {
	t.Helper()
	r, err := task.Interface().(interface {
		Request() (steer.Request, error)
	}).Request()
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", task.Type().Name(), err))
	}
	return r.Ref(steer.Identity{})
}
