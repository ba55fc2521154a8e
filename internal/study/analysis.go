package study

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
)

// An Analysis is something that is asked of a behavior as a whole, before circuits are chosen.
type Analysis struct {
	Name       string   `about:"names the files of results"                                  yaml:"name"`
	Kind       string   `about:"what is asked"                                               yaml:"kind"`
	Rules      []string `about:"rules that circuits are chosen by"                           yaml:"rules"`
	Selections []string `about:"ways in which they are chosen"                               yaml:"selections"`
	Sizes      []int    `about:"how many neurons they have"                                  yaml:"sizes"`
	Resamples  *int     `about:"resamples of the examples"                                   yaml:"resamples"`
	Controls   *int     `about:"random circuits, or nulls, beside them"                      yaml:"controls"`
	TopK       *int     `about:"neurons of each method"                                      yaml:"top_k"`
	Steps      *int     `about:"of integrated gradients"                                     yaml:"steps"`
	Exact      *int     `about:"neurons that are patched one by one, to hold scores against" yaml:"exact"`
	Tokens     *int     `about:"likeliest tokens of each layer and position"                 yaml:"tokens"`
}

// analyses are the settings of each kind of analysis, beside its name.
var analyses = map[string][]string{
	"stability": {"rules", "selections", "sizes", "resamples", "controls"},
	"methods":   {"top_k", "steps", "exact", "controls"},
	"lens":      {"tokens"},
}

// taken are names of files that a behavior has anyway.
var taken = []string{"baseline", "overlap"}

func (a Analysis) check(c *checker, where string) {
	has, ok := analyses[a.Kind]
	if c.oneOf(where+".kind", a.Kind, slices.Sorted(maps.Keys(analyses))...); !ok {
		return
	}
	only(c, where, a.Kind, map[string]bool{
		"rules": a.Rules != nil, "selections": a.Selections != nil, "sizes": a.Sizes != nil, "resamples": a.Resamples != nil, "controls": a.Controls != nil,
		"top_k": a.TopK != nil, "steps": a.Steps != nil, "exact": a.Exact != nil, "tokens": a.Tokens != nil}, has)
	for _, rule := range a.Rules {
		c.oneOf(where+".rules", rule, enums["analyses.rules"]...)
	}
	m, b := steer.New("", nil), Behavior{Examples: []steer.Example{{Prompt: "x", Target: "y", Versus: "z", Split: "train"}, {Prompt: "x", Target: "y", Versus: "z", Split: "test"}}}
	switch a.Kind {
	case "stability":
		c.checkTask(where, a.stability(m, b, 0).Request)
	case "methods":
		c.checkTask(where, a.methods(m, b, 0).Request)
	case "lens":
		c.checkTask(where, a.lens(m, b.Examples[0]).Request)
	}
}

// fits reports whether the behavior has the data that the analysis needs.
func (a Analysis) fits(b Behavior) bool {
	return b.examples().Train().Len() > 0 && b.examples().Test().Len() > 0
}

// stability describes the multiverse of a behavior, on its train split.
func (a Analysis) stability(m *steer.Model, b Behavior, seed uint64) steer.StabilityTask {
	t := m.Stability(m.Behavior(b.examples().Train())).Seed(seed)
	if a.Rules != nil {
		var rules []steer.Rule
		for _, r := range a.Rules {
			rules = append(rules, steer.Rule(r))
		}
		t = t.Rules(rules...)
	}
	if a.Selections != nil {
		t = t.Selections(a.Selections...)
	}
	if a.Sizes != nil {
		t = t.Sizes(a.Sizes...)
	}
	if a.Resamples != nil {
		t = t.Resamples(*a.Resamples)
	}
	if a.Controls != nil {
		t = t.Controls(*a.Controls)
	}
	return t
}

// methods describes the comparison of methods on a behavior, found on its train split and tested on the other.
func (a Analysis) methods(m *steer.Model, b Behavior, seed uint64) steer.MethodsTask {
	t := m.Methods(m.Behavior(b.examples().Train())).OnExamples(b.examples().Test()).Seed(seed)
	if pairs := b.pairs().Train(); pairs.Len() > 0 {
		t = t.WithPairs(pairs)
	}
	if a.TopK != nil {
		t = t.TopK(*a.TopK)
	}
	if a.Steps != nil {
		t = t.Steps(*a.Steps)
	}
	if a.Exact != nil {
		t = t.Exact(*a.Exact)
	}
	if a.Controls != nil {
		t = t.Controls(*a.Controls)
	}
	return t
}

// lens describes the logit lens of an example's prompt.
func (a Analysis) lens(m *steer.Model, x steer.Example) steer.LogitLensTask {
	t := m.LogitLens(x.Prompt)
	if x.Chat || x.System != "" || x.Prefill != "" {
		t = t.Chat().System(x.System).Prefill(x.Prefill)
	}
	if a.Tokens != nil {
		t = t.Top(*a.Tokens)
	}
	return t
}

// analyze asks it of a behavior, and writes what it gives beside the behavior's other files.
func (r *runner) analyze(ctx context.Context, i int, s step, b Behavior, a Analysis) error {
	base := file(b.Name, a.Name)
	switch a.Kind {
	case "stability":
		v, err := compute(ctx, r, i, s, a.stability(r.model, b, r.study.Seed))
		if err != nil {
			return err
		}
		r.note(v.Warnings()...)
		return errors.Join(r.out.json(base+".json", v), r.out.bytes(base+".csv", []byte(v.CSV())), r.figure(base, plotting.Specifications(v)))
	case "methods":
		c, err := compute(ctx, r, i, s, a.methods(r.model, b, r.study.Seed))
		if err != nil {
			return err
		}
		r.note(c.Warnings()...)
		return errors.Join(r.out.json(base+".json", c), r.out.bytes(base+".csv", []byte(c.CSV())), r.figure(base, plotting.Methods(c)))
	}
	l, err := compute(ctx, r, i, s, a.lens(r.model, b.examples().Test().All()[0]))
	if err != nil {
		return err
	}
	r.note(l.Warnings()...)
	rows := [][]string{{"layer", "position", "token", "rank", "said", "probability"}}
	for layer := range r.info.Shape().Layers {
		for p, token := range l.Tokens() {
			for k, x := range l.Top(layer, p) {
				rows = append(rows, []string{strconv.Itoa(layer), strconv.Itoa(p), token.Text, strconv.Itoa(k + 1), x.Text, number(x.Probability)})
			}
		}
	}
	return errors.Join(r.csv(base+".csv", rows), r.figure(base, plotting.LogitLens(l)))
}

// checkAnalyses reports mistakes of the study's analyses.
func (s *Study) checkAnalyses(c *checker) {
	for i, a := range s.Analyses {
		where := fmt.Sprintf("analyses[%d]", i)
		if a.check(c, where); slices.Contains(taken, a.Name) {
			c.add(where+".name", "%q is a file that every behavior has", a.Name).Try("choose another name")
		}
	}
}
