package study

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// A node is a part of a JSON Schema. Null values are left out by whoever makes it.
type node = map[string]any

// methods are the settings of each kind of method, beside its name.
var methods = map[string][]string{
	"attribution":   {"rule", "steps", "aggregate", "any_percent", "runner_up", "whole_answers", "skip_first", "keep_bos", "last_positions"},
	"contrast":      {"over_answer"},
	"decomposition": {"space", "vector"},
	"random":        {},
}

// enums are the words that a setting may have, by the part of the file that it is in.
var enums = map[string][]string{
	"methods.rule":        {string(steer.RelP), string(steer.Frozen), string(steer.ConstantQKNorm), string(steer.Gradient), integrated},
	"methods.aggregate":   {"mean", "any"},
	"methods.space":       {steer.Residual.String(), steer.MLP.String(), steer.MLPNeurons.String()},
	"methods.vector":      {string(steer.MeanDiff), string(steer.PCA)},
	"selections.all":      {"neurons", "entries"},
	"analyses.rules":      {string(steer.RelP), string(steer.Frozen), string(steer.ConstantQKNorm), string(steer.Gradient)},
	"analyses.selections": {string(steer.SelectMean), string(steer.SelectPositive), string(steer.SelectLargest), string(steer.SelectSkipFirst)},
	"tests.ablation":      {string(steer.MeanAblation), string(steer.TokenMeanAblation), string(steer.ZeroAblation), string(steer.PatchAblation), string(steer.ResampleAblation)},
	"examples.split":      {"train", "test"},
	"pairs.split":         {"train", "test"},
}

// abouts describe what package steer has no tag for.
var abouts = map[string]string{
	"examples.prompt": "what the model reads", "examples.target": "what shows the behavior; mind the leading space", "examples.versus": "what does not; empty: the target's logit alone",
	"examples.patch": "a counterfactual prompt, which activations are taken from", "pairs.positive": "the side that the vector goes to", "pairs.negative": "the side that it comes from",
	"chat": "the prompt is a user's turn", "system": "the system prompt of the chat", "prefill": "how the answer begins", "split": "what a circuit is found on or tested on; empty: every second one",
}

// Schema is the JSON Schema (draft 07) of a study's file: types, words, defaults and descriptions of every setting, of each kind
// those that it has. An editor completes and checks a file with it.
func Schema() ([]byte, error) {
	top := object("", reflect.TypeFor[Study](), nil)
	top["$schema"], top["title"] = "http://json-schema.org/draft-07/schema#", "A study of neuronsteer"
	top["description"] = "Behaviors, analyses, methods, selections and tests on one model. neuronsteer run FILE.yaml runs it."
	top["required"] = []string{"model", "behaviors", "methods", "selections"}
	properties(top)["backend"].(node)["default"] = "auto"
	for list, of := range map[string]struct {
		item  reflect.Type
		kinds map[string][]string
	}{"methods": {reflect.TypeFor[Method](), methods}, "analyses": {reflect.TypeFor[Analysis](), analyses}, "tests": {reflect.TypeFor[Test](), settings}} {
		var kinds []node
		for _, kind := range slices.Sorted(maps.Keys(of.kinds)) {
			x := object(list, of.item, append([]string{"name", "kind"}, of.kinds[kind]...))
			p := properties(x)
			p["kind"] = node{"const": kind, "description": p["kind"].(node)["description"]}
			for name, value := range standing(list, kind) {
				if slices.Contains(of.kinds[kind], name) {
					p[name].(node)["default"] = value
				}
			}
			x["title"], x["required"] = kind, []string{"name", "kind"}
			kinds = append(kinds, x)
		}
		properties(top)[list].(node)["items"] = node{"oneOf": kinds}
	}
	for _, list := range []string{"behaviors", "methods", "selections"} {
		properties(top)[list].(node)["minItems"] = 1
	}
	return json.MarshalIndent(top, "", " ")
}

func properties(x node) node { return x["properties"].(node) }

// object describes a struct, of its fields those that are named; all of them where none is.
func object(list string, t reflect.Type, names []string) node {
	p := node{}
	for f := range t.Fields() {
		if name, ok := word(f); ok && (names == nil || slices.Contains(names, name)) {
			p[name] = field(list, name, f)
		}
	}
	x := node{"type": "object", "properties": p, "additionalProperties": false}
	if p["name"] != nil && list != "" {
		p["name"].(node)["pattern"], x["required"] = part.String(), []string{"name"}
	}
	return x
}

// word is how a field is called in a file.
func word(f reflect.StructField) (string, bool) {
	if !f.IsExported() {
		return "", false
	}
	if name := f.Tag.Get("yaml"); name != "" {
		return name, true
	}
	return strings.ToLower(f.Name), true // as the reader has it
}

// field describes one setting.
func field(list, name string, f reflect.StructField) node {
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var x node
	switch t.Kind() {
	case reflect.Slice:
		if item := t.Elem(); item.Kind() == reflect.Struct {
			x = node{"type": "array", "items": object(name, item, nil)}
		} else {
			x = node{"type": "array", "items": scalar(list, name, item)}
		}
	default:
		x = scalar(list, name, t)
	}
	for _, about := range []string{f.Tag.Get("about"), abouts[list+"."+name], abouts[name]} {
		if about != "" && x["description"] == nil {
			x["description"] = about
		}
	}
	return x
}

func scalar(list, name string, t reflect.Type) node {
	if words := enums[list+"."+name]; words != nil {
		return node{"type": "string", "enum": words}
	}
	switch t.Kind() {
	case reflect.Bool:
		return node{"type": "boolean"}
	case reflect.Float64:
		return node{"type": "number"}
	case reflect.Int:
		return node{"type": "integer"}
	case reflect.Uint64:
		return node{"type": "integer", "minimum": 0}
	}
	return node{"type": "string"}
}

// standing returns what holds of a kind where a file says nothing: what reading a file sets, and the numbers that the request of
// the bare task has.
func standing(list, kind string) map[string]any {
	example := steer.Example{Prompt: "x", Target: "y", Versus: "z"}
	train, test := example, example
	train.Split, test.Split = "train", "test"
	m, b, c := steer.New("", nil), Behavior{Examples: []steer.Example{train, test}}, steer.Neurons("L1/N2")
	set := b.examples().Test()
	switch list + "." + kind {
	case "methods.attribution", "methods.decomposition":
		s := Study{Methods: []Method{{Kind: kind}}}
		s.defaults()
		return map[string]any{"rule": s.Methods[0].Rule, "aggregate": s.Methods[0].Aggregate, "space": s.Methods[0].Space, "vector": s.Methods[0].Vector}
	case "analyses.stability":
		return asked(Analysis{}.stability(m, b, 0).Request, map[string]string{"rules": "rules", "selections": "selections", "sizes": "sizes", "resamples": "resamples", "controls": "controls"})
	case "analyses.methods":
		return asked(Analysis{}.methods(m, b, 0).Request, map[string]string{"top_k": "size", "steps": "steps", "exact": "exact", "controls": "controls"})
	case "analyses.lens":
		return asked(Analysis{}.lens(m, example).Request, map[string]string{"tokens": "top"})
	case "tests.faithfulness":
		return asked(m.Faithfulness(c, set).Request, map[string]string{"ablation": "ablation"})
	case "tests.patch":
		return asked(m.Patch(set).Request, map[string]string{"ablation": "ablation"})
	case "tests.calibrate":
		x := asked(m.Calibrate(steer.Scale(c, 2)).KL(1).Request, map[string]string{"limit": "limit"})
		x["multipliers"] = []float64{2}
		return x
	case "tests.continuations":
		s := Study{Tests: []Test{{Kind: kind}}}
		s.defaults()
		return map[string]any{"max_tokens": s.Tests[0].MaxTokens}
	}
	return nil
}

// asked reads settings from a request, by their names in the file and there.
func asked(request func() (steer.Request, error), names map[string]string) map[string]any {
	r, err := request()
	var all map[string]any
	if err != nil || json.Unmarshal(r.Settings, &all) != nil {
		return map[string]any{}
	}
	out := map[string]any{}
	for name, there := range names {
		out[name] = all[there]
	}
	return out
}
