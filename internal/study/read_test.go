package study

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// small is the least study.
const small = `model: fake
behaviors:
  - name: capitals
    examples: [{prompt: "The capital of France is", target: " Paris"}]
methods:
  - {name: relp, kind: attribution}
selections:
  - {name: top, top_k: 3}
`

// TestStrict: every mistake is reported with its line and what to type next, and all at once.
func TestStrict(t *testing.T) {
	if _, err := parse("s.yaml", []byte(small)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, want string }{
		{"model: fake", "modell: fake", `s.yaml:1: unknown field "modell"`},
		{"top_k: 3", "topk: 3", `s.yaml:8: unknown field "topk"`},
		{`target: " Paris"`, `target: " Paris", counterfactual: " Rome"`, `s.yaml:4: unknown field "counterfactual"`},
		{"model: fake", "model: fake\nmodel: other", `s.yaml:2: mapping key "model" already defined`},
		{"top_k: 3", "top_k: three", "s.yaml:8: "},
		{"model: fake", "model: [fake", "s.yaml:"},
		{"model: fake", "model: ''", "s.yaml:1: no model"},
		{"model: fake\n", "", "no model"},
		{"kind: attribution", "kind: magic", `s.yaml:6: "magic" is not known; use attribution, contrast`},
		{"kind: attribution", "kind: attribution, rule: half", `s.yaml:6: "half" is not known`},
		{"kind: attribution", "kind: random, rule: frozen", `s.yaml:6: rule is no setting of the kind "random"`},
		{"kind: attribution", "kind: attribution, any_percent: 0.1", "s.yaml:6: any_percent goes with the aggregate any"},
		{"kind: attribution", "kind: attribution, aggregate: any, any_percent: 2", "s.yaml:6: 2 is no share"},
		{"kind: attribution", "kind: contrast", "s.yaml:3: no method can use"},
		{"name: top,", "name: ../top,", `s.yaml:8: "../top" is no name`},
		{"name: capitals", "name: work", `s.yaml:3: the name "work" is taken`},
		{"{name: top, top_k: 3}", "{name: top, top_k: 3}\n  - {name: TOP, top_k: 4}", `s.yaml:9: the name "TOP" is taken`},
		{"top_k: 3", "top_k: 3, top_entries: 4", "s.yaml:8: 2 of top_k"},
		{"top_k: 3", "positive: true", "s.yaml:8: 0 of top_k"},
		{"top_k: 3", "top_k: -3", "s.yaml:8: -3 is below 0"},
		{"top_k: 3", "top_k: 3, layers: [3, 1]", "s.yaml:8: [3 1] is no range"},
		{"top_k: 3", "top_k: 3, positive: true, negative: true", "s.yaml:8: no neuron is positive and negative"},
		{"top_k: 3", "top_k: 3, percent: .nan", "s.yaml:8: NaN is no share"},
		{"    examples: [", "    examples_file: missing.jsonl\n    pairs: [", "unknown field"},
		{`    examples: [{prompt: "The capital of France is", target: " Paris"}]`, "    chat: true", `s.yaml:3: the behavior "capitals" has no data`},
		{`    examples: [{prompt: "The capital of France is", target: " Paris"}]`, "    examples_file: missing.jsonl", "missing.jsonl"},
		{small, "", "the study is empty"},
		{small, small + "tests:\n  - {name: f, kind: faithfulness, multipliers: [0]}\n", `s.yaml:10: multipliers is no setting of the kind "faithfulness"`},
		{small, small + "tests:\n  - {name: f, kind: faithfulness, ablation: guess}\n", `guess`},
		{small, small + "tests:\n  - {name: f, kind: faithfulness, percentages: [101]}\n", "s.yaml:10: 101 % is not between 0 and 100"},
		{small, small + "tests:\n  - {name: dose, kind: sweep, multipliers: [0], sizes: [1]}\n", `s.yaml:10: sizes is no setting of the kind "sweep"`},
		{small, small + "tests:\n  - {name: f, kind: faithfulness, prompted: x}\n", `s.yaml:10: prompted is no setting of the kind "faithfulness"`},
		{small, small + "tests:\n  - {name: f, kind: continuations, prompted: x, prompts: [a], multipliers: [0]}\n", `s.yaml:10: prompted is no setting of the kind "continuations"`},
		{small, small + "tests:\n  - {name: f, kind: magic}\n", `s.yaml:10: "magic" is not known; use calibrate, continuations, edges, faithfulness, groups, patch, sweep, verdict`},
		{small, small + "tests:\n  - {name: f, kind: patch, controls: 3}\n", `s.yaml:10: controls is no setting of the kind "patch"`},
		{small, small + "tests:\n  - {name: f, kind: patch, ablation: guess}\n", `s.yaml:10: "guess" is not known; use mean, token, zero`},
		{small, small + "tests:\n  - {name: f, kind: sweep, multipliers: [0], project_out: 1}\n", `s.yaml:10: project_out is no setting of the kind "sweep"`},
		{small, small + "tests:\n  - {name: f, kind: sweep, multipliers: [0], when: 1}\n", `s.yaml:10: nothing says in which layer the vector is read; vector_layer: 2`},
		{small, small + "tests:\n  - {name: f, kind: calibrate, kl: 1, by_prompt: true}\n", `s.yaml:10: by_prompt is no setting of the kind "calibrate without when"`},
		{small, small + "tests:\n  - {name: f, kind: sweep, multipliers: [0], vector_file: v.gguf}\n", `s.yaml:10: vector_file is no setting of the kind "sweep without when"`},
		{small, small + "tests:\n  - {name: f, kind: sweep, multipliers: [0], when: 1, vector_layer: 0, vector_file: nowhere.gguf}\n", `s.yaml:10: the vector cannot be read`},
		{small, small + "tests:\n  - {name: f, kind: continuations, multipliers: [0], prompts: [a], when: 1}\n", `s.yaml:10: nothing says in which layer the vector is read; vector_layer: 2`},
		{small, small + "tests:\n  - {name: f, kind: continuations, multipliers: [0], prompts: [a], by_prompt: true}\n", `s.yaml:10: by_prompt is no setting of the kind "continuations without when"`},
		{small, small + "tests:\n  - {name: f, kind: continuations, multipliers: [0], prompts: [a], vector_layer: 1}\n", `s.yaml:10: vector_layer is no setting of the kind "continuations without when or project_out"`},
		{small, small + "tests:\n  - {name: f, kind: continuations, multipliers: [0], prompts: [a], project_out: 1, vector_layer: -1}\n", `s.yaml:10: -1 is below 0`},
		{small, small + "tests:\n  - {name: f, kind: continuations, multipliers: [0], prompts: [a], when: .nan, vector_layer: 1}\n", `s.yaml:10: NaN is no number to compare`},
		{small, small + "analyses:\n  - {name: a, kind: magic}\n", `s.yaml:10: "magic" is not known; use lens, methods, stability`},
		{small, small + "analyses:\n  - {name: baseline, kind: methods}\n", `s.yaml:10: "baseline" is a file that every behavior has`},
		{small, small + "analyses:\n  - {name: a, kind: methods, sizes: [3]}\n", `s.yaml:10: sizes is no setting of the kind "methods"`},
		{small, small + "analyses:\n  - {name: a, kind: methods, top_k: 0}\n", `s.yaml:10: `},
		{small, small + "analyses:\n  - {name: a, kind: stability, rules: [half]}\n", `s.yaml:10: "half" is not known; use relp, frozen`},
		{small, small + "analyses:\n  - {name: a, kind: stability, sizes: [0]}\n", `s.yaml:10: `},
		{small, small + "analyses:\n  - {name: a, kind: stability, selections: [best]}\n", `s.yaml:10: `},
		{small, small + "analyses:\n  - {name: a, kind: lens, tokens: 0}\n", `s.yaml:10: `},
		{small, small + "analyses:\n  - {name: a, kind: lens, tokns: 0}\n", `s.yaml:10: unknown field "tokns"`},
		{small, small + "tests:\n  - {name: f, kind: verdict, controls: 3}\n", `s.yaml:10: controls is no setting of the kind "verdict"`},
		{small, small + "tests:\n  - {name: f, kind: edges, controls: 3}\n", `s.yaml:10: controls is no setting of the kind "edges"`},
		{small, small + "tests:\n  - {name: f, kind: edges, groups: 3}\n", `s.yaml:10: groups is no setting of the kind "edges"`},
		{small, small + "tests:\n  - {name: f, kind: edges, targets: -1}\n", `s.yaml:10: -1 is below 0`},
		{small, small + "tests:\n  - {name: f, kind: groups, direct: true}\n", `s.yaml:10: direct is no setting of the kind "groups"`},
		{small, small + "tests:\n  - {name: f, kind: sweep, multipliers: [0], targets: 3}\n", `s.yaml:10: targets is no setting of the kind "sweep"`},
		{small, small + "tests:\n  - {name: f, kind: calibrate}\n", `s.yaml:10: nothing says what the strength is to reach`},
		{small, small + "tests:\n  - {name: f, kind: calibrate, kl: 0}\n", `s.yaml:10: KL(0) is no budget`},
		{small, small + "tests:\n  - {name: f, kind: calibrate, kl: 1, target: 1}\n", `s.yaml:10: a calibration reaches one thing`},
		{small, small + "tests:\n  - {name: f, kind: calibrate, target: 1, texts: [a]}\n", `s.yaml:10: texts is no setting of the kind "calibrate with a target"`},
		{small, small + "tests:\n  - {name: f, kind: calibrate, kl: 1, multipliers: [0, 2]}\n", `s.yaml:10: a calibration goes toward one multiplier, not 2`},
		{small, small + "tests:\n  - {name: f, kind: calibrate, kl: 1, multipliers: [1]}\n", `s.yaml:10: the intervention changes nothing`},
		{small, small + "tests:\n  - {name: f, kind: calibrate, kl: 1, controls: 3}\n", `s.yaml:10: controls is no setting of the kind "calibrate"`},
		{small, small + "tests:\n  - {name: f, kind: sweep, multipliers: [0], kl: 1}\n", `s.yaml:10: kl is no setting of the kind "sweep"`},
		{small, small + "tests:\n  - {name: dose, kind: sweep}\n", "s.yaml:10: there are no multipliers"},
		{small, small + "tests:\n  - {name: dose, kind: sweep, multipliers: [0, .inf]}\n", "s.yaml:10: +Inf is no multiplier"},
		{small, small + "tests:\n  - {name: dose, kind: sweep, multipliers: [0], prompts: [a]}\n", `s.yaml:10: prompts is no setting`},
		{small, small + "tests:\n  - {name: dose, kind: sweep, multipliers: [0], texts: [a]}\n", `s.yaml:10: texts is no setting of the kind "sweep without side_effects"`},
		{small, small + "tests:\n  - {name: text, kind: continuations, multipliers: [0], controls: 3}\n", `there are no prompts`},
		{small, small + "tests:\n  - {name: dose, kind: sweep, multipliers: [0], temperature: 1}\n", `s.yaml:10: temperature is no setting of the kind "sweep"`},
		{small, small + "tests:\n  - {name: text, kind: continuations, prompts: [a], multipliers: [0], temperature: 0}\n", `s.yaml:10: Temperature(0) is not above 0`},
		{small, small + "tests:\n  - {name: text, kind: continuations, prompts: [a], multipliers: [0], top_p: 0.5}\n", `TopP(0.5) is about what is drawn`},
		{small, small + "tests:\n  - {name: text, kind: continuations, prompts: [a], multipliers: [0], stop: [\"\"]}\n", `would stop at once`},
	} {
		text := strings.Replace(small, c.from, c.to, 1)
		_, err := parse("s.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("with %q: %v, want %q", c.to, err, c.want)
			continue
		}
		for _, m := range engine.Mistakes(err) {
			if m.Hint == "" || strings.Contains(m.Text, "\n") || m.Code == steer.Internal {
				t.Errorf("with %q: %q has no hint, or is no line", c.to, m)
			}
		}
	}
	_, err := parse("s.yaml", []byte(strings.NewReplacer("kind: attribution", "kind: magic", "top_k: 3", "top_k: -3", "model: fake", "seed: 1").Replace(small)))
	if len(engine.Mistakes(err)) < 3 {
		t.Errorf("three mistakes give %v", err)
	}
}

// TestData: files of data are read beside the study, and what is wrong with them is said with their lines.
func TestData(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("e.jsonl", sentiment)
	write("s.yaml", strings.Replace(small, `examples: [{prompt: "The capital of France is", target: " Paris"}]`, "examples_file: e.jsonl\n    chat: true\n    prefill: Well", 1))
	s, err := Read(filepath.Join(dir, "s.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if es := s.Behaviors[0].examples().All(); len(es) != 2 || !es[0].Chat || es[1].Prefill != "Well" || es[0].Target != " wonderful" {
		t.Errorf("examples %+v", es)
	}
	write("e.jsonl", sentiment+"{\"promt\": \"x\"}\n")
	if _, err := Read(filepath.Join(dir, "s.yaml")); err == nil || !strings.Contains(err.Error(), "e.jsonl:3") || len(engine.Mistakes(err)) != 1 {
		t.Errorf("a field that examples do not have: %v", err)
	}
	write("s.yaml", strings.Replace(small, "    examples: [", "    examples_file: e.jsonl\n    examples: [", 1))
	write("e.jsonl", sentiment)
	if _, err := Read(filepath.Join(dir, "s.yaml")); err == nil || !strings.Contains(err.Error(), "s.yaml:4: examples are given here and in a file") {
		t.Errorf("examples twice: %v", err)
	}
	if _, err := Read(filepath.Join(dir, "none.yaml")); !errors.Is(err, steer.BadFile) {
		t.Errorf("no file: %v", err)
	}
}

// FuzzParse: whatever the bytes are, they are a study that can be run, or a mistake.
func FuzzParse(f *testing.F) {
	for _, s := range []string{whole, small, "", "a: &a [*a]", "? [", "model: {a: b}", "behaviors: [1]", "tests: [{multipliers: [1e999]}]", "- - -\n", "\x00", "a: !!binary x", "<<: *x"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := parse(filepath.Join(t.TempDir(), "s.yaml"), b)
		if err == nil && (s.Model == "" || len(s.Behaviors) == 0 || len(s.Methods) == 0 || len(s.Selections) == 0 || s.digest == "") {
			t.Fatalf("%q is the study %+v", b, s)
		}
	})
}

// TestByteOrderMark: a study and its data may begin with one, as programs of Windows write it.
func TestByteOrderMark(t *testing.T) {
	dir := t.TempDir()
	plain, err := os.ReadFile("../../testdata/sentiment.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"examples.jsonl": plain, "study.yaml": []byte("model: teaching\nbehaviors:\n  - {name: a, examples_file: examples.jsonl}\nmethods:\n  - {name: r, kind: attribution}\nselections:\n  - {name: s, top_k: 3}\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), append([]byte("\ufeff"), b...), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Read(filepath.Join(dir, "study.yaml")); err != nil {
		t.Error(err)
	}
}
