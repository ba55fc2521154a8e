package steer_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// hasTable finds the types that Save can write.
var hasTable = regexp.MustCompile(`(?m)^func \(\w* ?\*?([A-Z]\w*)\) Table\(\) Table`)

// TestEveryResultIsSaved runs every task and saves what it gives in every format that it has; one that it has not is an error which
// names those.
func TestEveryResultIsSaved(t *testing.T) {
	m := steertest.NewModel()
	saved, types := 0, map[string]bool{}
	check := func(name string, x any) {
		t.Helper()
		types[reflect.TypeOf(x).Name()] = true
		ends := steer.Endings(x)
		for _, e := range ends {
			if e == ".parquet" {
				continue // no program of this test knows it; internal/parquet has tests
			}
			path := filepath.Join(t.TempDir(), "x"+e)
			if err := steer.Save(x, path); err != nil && e != ".gguf" { // whose vectors begin at layer 1
				t.Errorf("%s%s: %v", name, e, err)
				continue
			}
			if st, err := os.Stat(path); e != ".gguf" && (err != nil || st.Size() == 0) {
				t.Errorf("%s%s: %v, %v", name, e, st, err)
			}
			saved++
		}
		path := filepath.Join(t.TempDir(), "x.xlsx")
		err := steer.Save(x, path)
		if err == nil || len(ends) == 0 || !strings.Contains(err.Error(), strings.Join(ends, ", ")) {
			t.Errorf("%s: %v, of %v", name, err, ends)
		}
	}
	const prompt = "The capital of France is"
	capital := steer.NewExamples(steer.Example{Prompt: prompt, Target: " Paris", Versus: " Rome", Patch: "The capital of Italy is"})
	tasks := describedOn(t, m)
	maps.Copy(tasks, map[string]any{
		"Attribute": m.Attribute(prompt).Target(" Paris"), "Behavior": m.Behavior(capital), "Baseline": m.Baseline(capital), "Patch": m.Patch(capital),
		"Edges": m.Edges(pair).On(prompt).Measure(" Paris", " Rome"), "Profiles": m.Profiles(pair).On(prompt).Measure(" Paris", " Rome"),
		"Sweep": m.Sweep(pair, 0, 1).On(prompt).Measure(" Paris", " Rome"), "Faithfulness": m.Faithfulness(pair, capital).Ablation(steer.ZeroAblation),
		"Methods": m.Methods(m.Behavior(capital)).TopK(2).Exact(0).Steps(0), "Stability": m.Stability(m.Behavior(capital)).Sizes(2),
		"Unembed": m.Unembed(make([]float32, steertest.NewEngine().Shape().Width)),
	})
	for name, task := range tasks {
		out := reflect.ValueOf(task).MethodByName("Run").Call([]reflect.Value{reflect.ValueOf(context.Background())})
		if err, _ := reflect.TypeAssert[error](out[1]); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		x := out[0].Interface()
		check(name, x)
		switch x := x.(type) { // and what results give in turn
		case steer.Scores:
			check(name+".TopK", x.TopK(3))
			check(name+".Diagnostics", x.Diagnostics())
		case steer.Profiles:
			check(name+".Groups", x.GroupsOf(2))
		case steer.Generation:
			check(name+".Diff", x.Diff(x))
		case steer.Patching:
			behavior, err := m.Behavior(capital).Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			check(name+".Agreement", x.Agreement(behavior))
		case steer.Decomposition:
			check(name+".Compare", steer.Compare(pair, x))
		}
	}
	texts := filepath.Join(t.TempDir(), "texts.txt")
	if err := os.WriteFile(texts, []byte("one\ntwo\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	check("texts", steer.Texts(texts))
	check("examples", steer.NewExamples(steer.Example{Prompt: "a"}))
	check("pairs", steer.NewPairs(steer.Pair{Positive: "a", Negative: "b"}))
	check("overlap", steer.Overlap(pair, pair))
	if saved < 100 {
		t.Errorf("%d files", saved)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range hasTable.FindAllStringSubmatch(string(b), -1) {
			if !types[m[1]] {
				t.Errorf("no %s, which has a table, was saved", m[1])
			}
		}
	}
	if err := steer.Save(7, "x.csv"); err == nil || !strings.Contains(err.Error(), "int is no result") {
		t.Error(err)
	}
	if err := steer.Save(pair); err == nil {
		t.Error("no file is no mistake")
	}
	random := steer.Random(steer.Shape{Layers: 2, Neurons: 600, Heads: 1}, 1)
	if err := steer.Save(random, filepath.Join(t.TempDir(), "a.tex")); err == nil || !strings.Contains(err.Error(), "1200 rows are too many to be read") {
		t.Error(err)
	}
}

// TestSavedIsLoaded: circuits, vectors and sets come back as they were; what is no circuit says what it may be.
func TestSavedIsLoaded(t *testing.T) {
	m, dir := steertest.NewModel(), t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	scores, err := m.Attribute("The capital of France is").Target(" Paris").Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := scores.TopK(3).Named("found")
	v := small(t, steer.Residual)
	set := steer.NewExamples(steer.Example{Prompt: "a,\n\"b\"", Target: " c", Chat: true}, steer.Example{Prompt: "d", Target: "e", Split: "test"})
	pairs := steer.NewPairs(steer.Pair{Positive: "a", Negative: "b"})
	if err := errors.Join(steer.Save(found, file("c.json")), steer.Save(v, file("v.safetensors")), steer.Save(set, file("s.csv"), file("s.tsv"), file("s.json"), file("s.jsonl")), steer.Save(pairs, file("p.csv"))); err != nil {
		t.Fatal(err)
	}
	c, err := m.CircuitFile(file("c.json")).Run(t.Context())
	if err != nil || c.Err() != nil || c.Name() != "found" || !slices.Equal(c.Entries(), found.Entries()) {
		t.Errorf("%v (%v, %v), want %v", c, err, c.Err(), found)
	}
	w, err := m.VectorFile(file("v.safetensors")).Run(t.Context())
	if err != nil || w.Err() != nil || !slices.Equal(w.Norms(), v.Norms()) {
		t.Errorf("%v (%v)", w, err)
	}
	for _, ext := range []string{"csv", "tsv", "json", "jsonl"} {
		if got, err := steer.Examples(file("s." + ext)).Read(); err != nil || !slices.Equal(got, set.All()) {
			t.Errorf("%s: %+v (%v)", ext, got, err)
		}
	}
	if got, err := steer.Pairs(file("p.csv")).Read(); err != nil || !slices.Equal(got, pairs.All()) {
		t.Errorf("%+v (%v)", got, err)
	}
	for path, says := range map[string]string{"v.safetensors": "m.LoadVector", "s.csv": "steer.Examples", "none.json": "cannot be read"} {
		c, err := m.CircuitFile(file(path)).Run(t.Context())
		if err != nil || c.Err() == nil || !strings.Contains(c.Err().Error(), says) {
			t.Errorf("%s: %v, %v", path, err, c.Err())
		}
		if _, err := m.Predict("a").Ablate(c).Request(); err == nil {
			t.Errorf("%s: a task takes it", path)
		}
	}
}

// TestFirstGuessesMean: what is added for those who guess says what the longer way says.
func TestFirstGuessesMean(t *testing.T) {
	m := steertest.NewModel()
	task := m.Attribute("The capital of France is").Target(" Paris")
	scores, err := task.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := task.TopK(3).Named("x").Run(t.Context())
	if err != nil || c.Name() != "x" || !slices.Equal(c.Entries(), scores.TopK(3).Entries()) {
		t.Errorf("%v (%v)", c, err)
	}
	a, _ := task.Request()
	b, _ := task.TopK(3).Request()
	if a.Ref(steer.Identity{}) != b.Ref(steer.Identity{}) {
		t.Error("a circuit's scores have another address")
	}
	all := scores.TopK(1 << 30)
	if scores.Len() != all.Len() || scores.Top(2).Len() != 2 || len(scores.Layer(-1).TopK(2).Neurons()) == 0 || scores.Layer(1).TopK(1).At(0).Layer != 1 {
		t.Error("Len, Top or Layer is wrong")
	}
	if d := scores.Total() - all.Total(); d > 1e-6 || d < -1e-6 {
		t.Errorf("Total %v, the circuit of all %v", scores.Total(), all.Total())
	}
	x := all.At(2).Score
	if x < 0 {
		x = -x
	}
	if n := scores.Threshold(x).Len(); n != 3 || scores.Threshold(x).Threshold(0).Len() != 3 || scores.Threshold(1e9).Len() != 0 {
		t.Errorf("%d at least as large as the third", n)
	}
	if !all.Contains(all.At(-1).Neuron) || all.Contains(steer.Neuron{Layer: 99}) || all.Layers(0, 0).Len()+all.Layers(1, -1).Len() != all.Len() || all.First(2).Len() != 2 || all.At(1<<30) != (steer.Entry{}) {
		t.Error("Contains, Layers, First or At is wrong")
	}
	p, err := m.Predict("The capital of France is").Of(" Paris", " Rome").TopK(3).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	of := p.Of()
	if len(p.Top()) != 3 || len(p.TopK(2)) != 2 || p.Prob(" Paris") != of[0].Probability || p.Logit(" Rome") != of[1].Logit || p.Rank(" Paris") != of[0].Rank ||
		p.LogitDiff(" Paris", " Rome") != of[0].Logit-of[1].Logit || p.Prob("nothing") == p.Prob("nothing") || p.Rank("nothing") != 0 {
		t.Error("a prediction is not what its tokens say")
	}
	xs, ys := scores.ScatterWith(scores).Points()
	if len(xs) == 0 || !slices.Equal(xs, ys) {
		t.Errorf("%d points of scores beside themselves", len(xs))
	}
	if xs, _ := scores.ScatterWith(scores, scores).Points(); xs != nil {
		t.Error("three scores have points")
	}
}

// TestSavedTablesSayWhatTheyAreUnder: the table of a result that was computed under an intervention says so in every row; of one that was
// not it has no such column.
func TestSavedTablesSayWhatTheyAreUnder(t *testing.T) {
	m, paris := steertest.NewModel(), steer.NewCircuit("paris", steer.Neuron{Layer: 1, Index: 2})
	read := func(x any) string {
		t.Helper()
		path := filepath.Join(t.TempDir(), "x.csv")
		if err := steer.Save(x, path); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	ask := m.Predict("The capital of France is")
	lines := strings.Split(strings.TrimSpace(read(run(t, ask.Ablate(paris)))), "\n")
	for i, l := range lines {
		if want := map[bool]string{true: ",under", false: ",paris ×0"}[i == 0]; !strings.HasSuffix(l, want) {
			t.Errorf("line %d ends without %q: %s", i, want, l)
		}
	}
	if got := read(run(t, ask)); strings.Contains(got, "under") {
		t.Errorf("nothing was changed, and yet: %s", got)
	}
}
