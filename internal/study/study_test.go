package study

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// whole is a study of the fake model that uses every kind of everything.
const whole = `name: capitals of the fake model
model: fake
seed: 3
behaviors:
  - name: capitals
    examples:
      - {prompt: "The capital of France is", target: " Paris", versus: " Rome", split: train}
      - {prompt: "The capital of Italy is", target: " Rome", versus: " Paris", split: train}
      - {prompt: "capital of France is", target: " Paris", versus: " Rome", split: test}
      - {prompt: "capital of Italy is", target: " Rome", versus: " Paris", split: test}
    pairs:
      - {positive: "The capital of France is", negative: "The capital of Italy is", split: train}
  - name: sentiment
    examples_file: sentiment.jsonl
analyses:
  - {name: choices, kind: stability, rules: [relp, gradient], selections: [mean], sizes: [2, 4], resamples: 5, controls: 3}
  - {name: panel, kind: methods, top_k: 2, steps: 2, exact: 6, controls: 3}
  - {name: said, kind: lens, tokens: 2}
methods:
  - {name: relp, kind: attribution}
  - {name: union, kind: attribution, rule: frozen, aggregate: any, any_percent: 0.01, skip_first: true, last_positions: 4}
  - {name: path, kind: attribution, rule: integrated-gradients, steps: 3}
  - {name: cna, kind: contrast, over_answer: true}
  - {name: cv, kind: decomposition, space: mlp, vector: pca}
  - {name: chance, kind: random}
selections:
  - {name: top3, top_k: 3, positive: true}
  - {name: share, all: entries, cumulative: 0.9, candidates: 200, layers: [0, 2]}
  - {name: heads, top_k: 1, heads: true, layers: [1, 2]}
  - {name: none, top_k: 5, percent: 1, negative: true, without_universal: true}
tests:
  - {name: dose, kind: sweep, multipliers: [0, 1, 2], controls: 3, prompted: The film., side_effects: true, texts: ["I loved the film"], continue: 2}
  - {name: carried, kind: faithfulness, ablation: zero, percentages: [0, 50, 100], controls: 2, keep_first: true}
  - {name: price, kind: calibrate, kl: 0.01, limit: 8, texts: ["I loved the film", "The capital of France is"]}
  - {name: off, kind: calibrate, multipliers: [0], target: 0}
  - {name: verdict, kind: verdict}
  - {name: wiring, kind: edges, targets: 4, direct: true}
  - {name: parts, kind: groups, groups: 2}
  - {name: text, kind: continuations, prompts: ["The capital of France is", "I loved the film"], multipliers: [0, 2], max_tokens: 3}
  - {name: alone, kind: patch, ablation: token, keep_first: true, pairs: true}
  - {name: gated, kind: continuations, prompts: ["The capital of France is"], multipliers: [0], max_tokens: 3, when: -0.5, by_prompt: true, project_out: 1, vector_layer: 0}
`

// brief is a part of it, for tests that run it often.
const brief = `model: fake
behaviors:
  - name: sentiment
    examples_file: sentiment.jsonl
  - name: capitals
    pairs: [{positive: "The capital of France is", negative: "The capital of Italy is", split: train}]
methods:
  - {name: relp, kind: attribution}
  - {name: cv, kind: decomposition}
selections:
  - {name: top3, top_k: 3}
tests:
  - {name: dose, kind: sweep, multipliers: [0, 2], controls: 2}
  - {name: text, kind: continuations, prompts: ["I loved the film"], multipliers: [0], max_tokens: 3}
`

const sentiment = `{"prompt": "I loved the film", "target": " wonderful", "versus": " terrible"}
{"prompt": "I hated the film", "target": " terrible", "versus": " wonderful"}
`

// studyOf writes a study and its data to a folder and reads it.
func studyOf(t *testing.T, text, data string) *Study {
	t.Helper()
	dir := t.TempDir()
	for name, s := range map[string]string{"study.yaml": text, "sentiment.jsonl": data} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Read(filepath.Join(dir, "study.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fake is a backend with the fake model.
type fake struct {
	id     steer.Identity
	engine string
	ran    int                                // requests
	asked  map[string]bool                    // their kinds, and their kinds with their settings
	before func(ctx context.Context) error    // of each request but the model's description; nil: nothing
	after  func(q steer.Request) *steer.Error // of each request; nil: nothing
}

var fakeID = steer.Identity{Model: "m", Tokenizer: "t"}

func (f *fake) Run(ctx context.Context, q steer.Request, emit func(steer.Event)) (steer.Record, error) {
	if f.asked == nil {
		f.asked = map[string]bool{}
	}
	f.asked[q.Kind], f.asked[q.Kind+string(q.Settings)] = true, true
	if q.Kind != "model" {
		f.ran++
		if f.before != nil {
			if err := f.before(ctx); err != nil {
				return steer.Record{}, err
			}
		}
	}
	rec, err := steertest.NewModel().Runner().Run(ctx, q, emit)
	rec.Header.Identity, rec.Header.Model, rec.Header.Tool = f.id, "fake", "v"
	if f.engine != "" {
		rec.Header.Engine = f.engine
	}
	if f.after != nil && err == nil {
		if e := f.after(q); e != nil {
			return steer.Record{}, e
		}
	}
	return rec, err
}

func (f *fake) Identity() (steer.Identity, error) { return f.id, nil }
func (f *fake) Close() error                      { return nil }

func runOn(t *testing.T, s *Study, out string, f *fake) (int, error) {
	t.Helper()
	if f.id == (steer.Identity{}) {
		f.id = fakeID
	}
	return Run(t.Context(), s, Options{Out: out, Open: func(string) (Backend, error) { return f, nil }})
}

// results returns every file of a folder of results by its name: all but what lies in work, and of that the results in the
// store, which hold no times either.
func results(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if name = filepath.ToSlash(name); strings.HasPrefix(name, work+"/") && filepath.Ext(name) != ".safetensors" {
			return nil
		}
		b, err := os.ReadFile(path)
		out[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// same compares two folders of results byte by byte.
func same(t *testing.T, got, want map[string]string) {
	t.Helper()
	for name, b := range want {
		if g, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		} else if g != b {
			t.Errorf("%s differs:\n%.300s\nwant\n%.300s", name, g, b)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is too many", name)
		}
	}
}

func undisturbed(t *testing.T, s *Study) (map[string]string, *fake) {
	t.Helper()
	out, f := filepath.Join(t.TempDir(), "out"), &fake{}
	if _, err := runOn(t, s, out, f); err != nil {
		t.Fatal(err)
	}
	return results(t, out), f
}

// TestStudy: a study leaves the results that its tasks give one by one, and every kind of request is made by some setting of a file, or
// it is said why by none.
func TestStudy(t *testing.T) {
	s, out, f := studyOf(t, whole, sentiment), filepath.Join(t.TempDir(), "out"), &fake{}
	if _, err := runOn(t, s, out, f); err != nil {
		t.Fatal(err)
	}
	got := results(t, out)
	f.asked["evidence"] = got["capitals/relp/top3.verdict.csv"] != "" // which the store answers, so that it comes to no backend
	reached(t, f.asked)
	gated(t, s.Behaviors[0], f.asked)
	circuitsLoad(t, out, f)
	analyzed(t, s.Behaviors[0], got)
	for _, name := range []string{
		"study.yaml", "study.json", "summary.csv", "summary.json", "universal.json", "capitals/baseline.json", "capitals/baseline.csv", "capitals/overlap.csv",
		"capitals/overlap.svg", "capitals/overlap.png", "capitals/relp/by-layer.svg", "capitals/relp/by-layer.csv", "capitals/relp/heat-map.png",
		"capitals/relp/scores.json", "capitals/relp/top3.circuit.json", "capitals/relp/top3.circuit.csv", "capitals/relp/top3.dose.json",
		"capitals/relp/top3.dose.csv", "capitals/relp/top3.dose.svg", "capitals/relp/share.text.csv", "capitals/cv/vector.safetensors",
		"capitals/cv/explained.svg", "capitals/chance/top3.dose.csv", "sentiment/relp/top3.dose.csv", "sentiment/union/share.circuit.json",
	} {
		if got[name] == "" {
			t.Errorf("%s is missing or empty", name)
		}
	}
	for name := range got {
		if strings.HasPrefix(name, "sentiment/cna") || strings.Contains(name, "/none.dose") {
			t.Errorf("%s is of a method without data, or of an empty circuit", name)
		}
	}
	m := steer.New("fake", f)
	b, err := m.Behavior(s.Behaviors[0].examples().Train()).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := b.Mean().Positive().TopK(3).Named("relp/top3")
	if got["capitals/relp/top3.circuit.csv"] != c.CSV() {
		t.Errorf("the circuit is\n%s\nwant\n%s", got["capitals/relp/top3.circuit.csv"], c.CSV())
	}
	zero := 2
	curve, err := m.Sweep(c, 0, 1, 2).OnExamples(s.Behaviors[0].examples().Test()).Controls(3).Seed(3).Prompted("The film.").SideEffects("I loved the film").Continue(zero).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got["capitals/relp/top3.dose.csv"] != curve.CSV() {
		t.Errorf("the sweep is\n%s\nwant\n%s", got["capitals/relp/top3.dose.csv"], curve.CSV())
	}
	var rows []row
	if err := json.Unmarshal([]byte(got["summary.json"]), &rows); err != nil {
		t.Fatal(err)
	}
	carried, err := m.Faithfulness(c, s.Behaviors[0].examples().Test()).Ablation(steer.ZeroAblation).Percentages(0, 50, 100).Controls(2).Seed(3).KeepFirst().Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got["capitals/relp/top3.carried.csv"] != carried.CSV() || got["capitals/relp/top3.carried.svg"] == "" {
		t.Errorf("the faithfulness is\n%s\nwant\n%s", got["capitals/relp/top3.carried.csv"], carried.CSV())
	}
	if f := rows[1].Faithful; f == nil || f.CPR != carried.CPR() || f.CMD != carried.CMD() {
		t.Errorf("the summary says %+v, want %v", rows[1], carried)
	}
	if p := rows[0].Prompted; p == nil || p.Difference.N != 2 || !strings.Contains(got["summary.csv"], ","+number(p.Difference.Value)+","+number(p.Difference.Lo)+","+number(p.Difference.Hi)+",") {
		t.Errorf("the summary says %+v of the instruction", p)
	}
	price, err := m.Calibrate(steer.Scale(c, 2)).KL(.01).Limit(8).On("I loved the film", "The capital of France is").Seed(3).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got["capitals/relp/top3.price.csv"] != price.CSV() || got["capitals/relp/top3.price.svg"] == "" {
		t.Errorf("the calibration is\n%s\nwant\n%s", got["capitals/relp/top3.price.csv"], price.CSV())
	}
	if x := rows[2].Calibrated; x == nil || x.Strength != price.Strength() || !strings.Contains(got["summary.csv"], ","+strings.Join(x.cells(), ",")+",") {
		t.Errorf("the summary says %+v, want %v", rows[2], price)
	}
	off, err := m.Calibrate(steer.Ablate(c)).Target(0).OnExamples(s.Behaviors[0].examples().Test()).Seed(3).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got["capitals/relp/top3.off.csv"] != off.CSV() {
		t.Errorf("the calibration is\n%s\nwant\n%s", got["capitals/relp/top3.off.csv"], off.CSV())
	}
	test := s.Behaviors[0].examples().Test()
	g, err := m.Edges(c).On(test.All()[0].Prompt).Measure(" Paris", " Rome").Targets(4).Direct().Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got["capitals/relp/top3.wiring.csv"] != g.CSV() || got["capitals/relp/top3.wiring.dot"] != g.DOT(50) || got["capitals/relp/top3.wiring.svg"] == "" {
		t.Errorf("the edges are\n%s\nwant\n%s", got["capitals/relp/top3.wiring.csv"], g.CSV())
	}
	if w := rows[5].Wired; w == nil || *w.Edges != len(g.Edges()) {
		t.Errorf("the summary says %+v of %v", rows[5], g)
	}
	p, err := m.Profiles(c).OnExamples(test).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if groups := p.GroupsOf(2); got["capitals/relp/top3.parts.csv"] != groups.CSV() || *rows[6].Wired.Groups != 2 || *rows[6].Wired.Silhouette != groups.Silhouette() {
		t.Errorf("the groups are\n%s\nwant\n%s", got["capitals/relp/top3.parts.csv"], groups.CSV())
	}
	patchedAlone(t, m.Patch(test).Units(c).Pairs(c), m.Behavior(test), rows[8], got)
	if x := rows[4].Criteria; x == nil || x.Met != 1 || x.NotMet != 1 || x.NotTested != 8 || !strings.Contains(got["capitals/relp/top3.verdict.csv"], "held-out,met,0,0,0,2,") {
		t.Errorf("the summary says %+v of the criteria, the file\n%s", x, got["capitals/relp/top3.verdict.csv"])
	}
	// capitals: 6 methods × 4 selections × 10 tests; sentiment: 4 methods
	if len(rows) != 6*4*10+4*4*10 || rows[0].Strongest == nil || rows[0].Strongest.Difference != curve.Doses()[0].Difference || rows[0].Neurons != 3 {
		t.Errorf("%d rows, the first %+v", len(rows), rows[0])
	}
	if !slices.ContainsFunc(rows, func(x row) bool { return len(x.Warnings) > 0 && strings.Contains(x.Warnings[0], "not tested: ") }) {
		t.Error("no row says that its circuit is too large for random controls")
	}
	if n := strings.Count(got["summary.csv"], "\n"); n < len(rows)+1 {
		t.Errorf("summary.csv has %d lines for %d rows", n, len(rows))
	}
	for name, b := range got {
		if strings.Contains(b, "\"time\"") || strings.Contains(b, time.Now().UTC().Format("2006-01-02T")) {
			t.Errorf("%s holds a time", name)
		}
	}
}

// TestProgress: steps are counted, and the time left falls to nothing.
func TestProgress(t *testing.T) {
	s := studyOf(t, brief, sentiment)
	var told []Progress
	out := filepath.Join(t.TempDir(), "out")
	n, err := Run(t.Context(), s, Options{Out: out, Open: func(string) (Backend, error) { return &fake{id: fakeID}, nil }, Told: func(p Progress) { told = append(told, p) }})
	if err != nil {
		t.Fatal(err)
	}
	finished := slices.DeleteFunc(slices.Clone(told), func(p Progress) bool { return !p.Finished })
	if len(finished) != n || finished[n-1].Done != n || finished[n-1].Left != 0 || finished[0].Total != n {
		t.Errorf("%d steps, told of %d, the last %+v", n, len(finished), finished[len(finished)-1])
	}
	if !slices.ContainsFunc(told, func(p Progress) bool { return p.Event.Total > 0 }) {
		t.Error("nothing is told within a step")
	}
	c := newClock([]step{{name: "a", kind: "x", cost: 10}, {name: "b", kind: "x", cost: 30}, {name: "c", kind: "y", cost: 5}}, map[string]float64{"a": 2})
	if got := c.left(1, 0); got != 7*time.Second { // b takes 6 s at the pace of a, c 1 s at that of all
		t.Errorf("left %v, want 7s", got)
	}
}
