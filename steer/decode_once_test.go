package steer_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestDecodedOnce walks every result: its record is decoded when a method first needs it, and never again, which shows when
// the body is wiped out after that.
func TestDecodedOnce(t *testing.T) {
	pairs := steer.NewPairs(steer.Pair{Positive: lovedFilm, Negative: hatedFilm}, steer.Pair{Positive: "I loved. It was", Negative: "I hated. It was"})
	examples := steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"}, steer.Example{Prompt: italy, Target: " Rome", Versus: " Paris"})
	tasks := map[string]any{
		"Attribute": fake.Attribute(france).Target(" Paris"), "Baseline": fake.Baseline(examples), "Behavior": fake.Behavior(examples),
		"Calibrate": fake.Calibrate(steer.Scale(pair, 2)).KL(.01).On(france, italy),
		"Capture":   fake.Capture(france).From(steer.MLP), "Contrast": fake.Contrast(pairs), "ControlVector": fake.ControlVector(pairs),
		"Decompose": fake.Decompose(run(t, fake.ControlVector(pairs))), "Edges": fake.Edges(pair).On(france).Measure(" Paris", ""), "Faithfulness": fake.Faithfulness(pair, examples).AlignEnd().Controls(2), "Generate": fake.Generate(france).MaxTokens(3), "GenerateEach": fake.GenerateEach(france, italy).MaxTokens(3), "Info": fake.Info(),
		"LogitLens": fake.LogitLens(france), "MeanActivations": fake.MeanActivations(france), "Patch": fake.Patch(examples).Sample(3).Pairs(pair), "Predict": fake.Predict(france).Of(" Paris"),
		"Methods":   fake.Methods(fake.Behavior(examples)).TopK(2).Steps(1).Controls(1).Exact(4),
		"Stability": fake.Stability(fake.Behavior(examples)).Sizes(2).Resamples(3).Controls(2),
		"Sweep":     fake.Sweep(pair, 0, 1, 2).OnExamples(examples).Controls(2).SideEffects(loved).Continue(2),
		"Tokens":    fake.Tokens(france), "TopActivations": fake.TopActivations(pair, france, italy), "Unembed": fake.Unembed(columns(t, 1)[2]),
		"Universal": fake.Universal(france, italy), "Writes": fake.Writes(pair), "Verdict": fake.Verdict(pair),
		"Profiles": fake.Profiles(pair).On(france).Measure(" Paris", ""),
	}
	for name := range described(t) {
		if tasks[name] == nil {
			t.Errorf("the result of %s is not walked: describe its task", name)
		}
	}
	for name, task := range tasks {
		v := reflect.ValueOf(task)
		out := v.MethodByName("Request").Call(nil)
		if err, _ := reflect.TypeAssert[error](out[1]); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		rec, err := fake.Runner().Run(t.Context(), out[0].Interface().(steer.Request), nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		result := func(rec steer.Record) reflect.Value {
			return v.MethodByName("Result").Call([]reflect.Value{reflect.ValueOf(func() steer.Record { return rec })})[0]
		}
		want := answers(result(rec))
		wiped := rec
		wiped.Header.Body = slices.Clone(rec.Header.Body)
		got := result(wiped)
		copied := reflect.New(got.Type()).Elem()
		copied.Set(got) // results are values; a copy made before the first use shares what is decoded
		answers(got)
		for i := range wiped.Header.Body {
			wiped.Header.Body[i] = ' '
		}
		for which, r := range map[string]reflect.Value{"": got, "a copy of ": copied} {
			for method, answer := range answers(r) {
				if answer != want[method] {
					t.Errorf("%s%s.%s decodes the record again: %.80s, not %.80s", which, got.Type(), method, answer, want[method])
				}
			}
		}
		if len(want) == 0 {
			t.Errorf("%s: no method was asked", name)
		}
	}
}

// answers calls every method of a result that takes nothing and returns what they say.
func answers(result reflect.Value) map[string]string {
	out := map[string]string{}
	for i := range result.NumMethod() {
		m := result.Type().Method(i)
		if m.Type.NumIn() != 1 || m.Type.NumOut() == 0 {
			continue
		}
		var says []any
		for _, x := range m.Func.Call([]reflect.Value{result}) {
			switch x := x.Interface().(type) {
			case fmt.Stringer:
				says = append(says, x.String())
			default:
				if k := reflect.TypeOf(x); k != nil && k.Kind() == reflect.Struct && k.PkgPath() == reflect.TypeFor[steer.Scores]().PkgPath() {
					continue // of functions
				}
				b, err := json.Marshal(x)
				if err != nil { // NaN
					b = fmt.Appendf(nil, "%+v", x)
				}
				says = append(says, string(b))
			}
		}
		out[m.Name] = fmt.Sprint(says)
	}
	return out
}

// BenchmarkTop asks where neurons act in 200 texts of 37 tokens, after the first use.
func BenchmarkTop(b *testing.B) {
	texts := make([]string, 200)
	for i := range texts {
		for range 7 {
			texts[i] += " I loved France and the"
		}
	}
	c, err := fake.TopActivations(pair, texts...).Run(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	n := c.Neurons()[0]
	for b.Loop() {
		if len(c.Top(n, 5)) != 5 {
			b.Fatal("nothing found")
		}
	}
}
