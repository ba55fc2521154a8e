package study

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// part is what a name may be: it becomes part of a path.
var part = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// check reports every mistake that can be seen without a model.
func (s *Study) check(at lines) error {
	c := checker{at: at}
	if s.Model == "" {
		c.add("model", "no model").Try("model: teaching")
	}
	names := func(list string, n int, name func(i int) string) {
		seen := map[string]bool{}
		if n == 0 {
			c.add(list, "there are no %s", list).Try("the package doc of internal/study shows a whole study")
		}
		for i := range n {
			where, key := fmt.Sprintf("%s[%d].name", list, i), strings.ToLower(name(i)) // folders of some systems ignore case
			switch {
			case !part.MatchString(name(i)):
				c.add(where, "%q is no name", name(i)).Try("use up to 64 letters, digits, - and _: it names files")
			case seen[key] || list == "behaviors" && key == work:
				c.add(where, "the name %q is taken", name(i)).Try("choose another")
			}
			seen[key] = true
		}
	}
	names("behaviors", len(s.Behaviors), func(i int) string { return s.Behaviors[i].Name })
	names("methods", len(s.Methods), func(i int) string { return s.Methods[i].Name })
	names("selections", len(s.Selections), func(i int) string { return s.Selections[i].Name })
	if len(s.Analyses) > 0 {
		names("analyses", len(s.Analyses), func(i int) string { return s.Analyses[i].Name })
	}
	if len(s.Tests) > 0 {
		names("tests", len(s.Tests), func(i int) string { return s.Tests[i].Name })
	}
	for i, b := range s.Behaviors {
		where := fmt.Sprintf("behaviors[%d]", i)
		if b.unread {
			continue
		}
		if len(b.Examples)+len(b.Pairs) == 0 {
			c.add(where, "the behavior %q has no data", b.Name).Try("give examples, examples_file, pairs or pairs_file")
		} else if !slices.ContainsFunc(s.Methods, func(m Method) bool { return m.fits(b) }) && len(s.Methods) > 0 {
			c.add(where, "no method can use what the behavior %q has", b.Name).Try("attribution needs examples; contrast and decomposition need pairs")
		}
	}
	for i, m := range s.Methods {
		m.check(&c, fmt.Sprintf("methods[%d]", i))
	}
	s.checkAnalyses(&c)
	for i, x := range s.Selections {
		x.check(&c, fmt.Sprintf("selections[%d]", i))
	}
	for i, t := range s.Tests {
		t.check(&c, fmt.Sprintf("tests[%d]", i))
	}
	return errors.Join(c.errs...)
}

// checker collects mistakes.
type checker struct {
	at   lines
	errs []error
}

// add notes a mistake, whose hint may still be given.
func (c *checker) add(setting, format string, args ...any) *hinted {
	h := &hinted{c, len(c.errs)}
	c.errs = append(c.errs, c.at.mistake(setting, format, args...))
	return h
}

type hinted struct {
	c *checker
	i int
}

// Try adds what to type next.
func (h *hinted) Try(format string, args ...any) {
	if e, ok := errors.AsType[*steer.Error](h.c.errs[h.i]); ok {
		h.c.errs[h.i] = e.Try(format, args...)
	}
}

// oneOf reports a word that is not among those known.
func (c *checker) oneOf(setting, got string, known ...string) {
	if !slices.Contains(known, got) {
		c.add(setting, "%q is not known", got).Try("use %s", strings.Join(known, ", "))
	}
}

// share reports a number that is no share.
func (c *checker) share(setting string, x float64) {
	if !(x >= 0 && x <= 1) {
		c.add(setting, "%v is no share", x).Try("use a number from 0 to 1, e.g. 0.005")
	}
}

// count reports a number below 0.
func (c *checker) count(setting string, n int) {
	if n < 0 {
		c.add(setting, "%d is below 0", n).Try("leave it out")
	}
}

// only reports settings that mean nothing to a kind. They would be ignored, which nobody expects.
func (c *checker) only(where, kind string, set map[string]bool) {
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if set[name] {
			c.add(where+"."+name, "%s is no setting of the kind %q", name, kind).Try("leave it out")
		}
	}
}

func (m Method) check(c *checker, where string) {
	c.oneOf(where+".kind", m.Kind, slices.Sorted(maps.Keys(methods))...)
	c.oneOf(where+".rule", m.Rule, enums["methods.rule"]...)
	c.oneOf(where+".aggregate", m.Aggregate, enums["methods.aggregate"]...)
	c.oneOf(where+".space", m.Space, enums["methods.space"]...)
	c.oneOf(where+".vector", m.Vector, enums["methods.vector"]...)
	c.share(where+".any_percent", m.AnyPercent)
	c.count(where+".last_positions", m.LastPositions)
	if m.AnyPercent != 0 && m.Aggregate != "any" {
		c.add(where+".any_percent", "any_percent goes with the aggregate any").Try("aggregate: any")
	}
	if m.Kind == "attribution" && m.Steps != 0 && m.Rule != integrated {
		c.add(where+".steps", "steps go with the rule %s", integrated).Try("rule: %s", integrated)
	} else if m.Rule == integrated && (m.Steps < 1 || m.Steps > engine.MaxSteps) {
		c.add(where+".steps", "%d steps are not between 1 and %d", m.Steps, engine.MaxSteps).Try("steps: 20")
	}
	if m.Kind != "attribution" {
		c.only(where, m.Kind, map[string]bool{
			"steps": m.Steps != 0, "rule": m.Rule != string(steer.RelP), "aggregate": m.Aggregate != "mean", "any_percent": m.AnyPercent != 0, "runner_up": m.RunnerUp,
			"whole_answers": m.WholeAnswers, "skip_first": m.SkipFirst, "keep_bos": m.KeepBOS, "last_positions": m.LastPositions != 0})
	}
	if m.Kind != "contrast" {
		c.only(where, m.Kind, map[string]bool{"over_answer": m.OverAnswer})
	}
	if m.Kind != "decomposition" {
		c.only(where, m.Kind, map[string]bool{"space": m.Space != steer.Residual.String(), "vector": m.Vector != string(steer.MeanDiff)})
	}
}

func (x Selection) check(c *checker, where string) {
	ways := 0
	for _, set := range []bool{x.TopK != 0, x.TopEntries != 0, x.All != ""} {
		if set {
			ways++
		}
	}
	if ways != 1 {
		c.add(where, "%d of top_k, top_entries and all say how many to take; it takes one", ways).Try("top_k: 20")
	}
	if x.All != "" {
		c.oneOf(where+".all", x.All, enums["selections.all"]...)
	}
	c.count(where+".top_k", x.TopK)
	c.count(where+".top_entries", x.TopEntries)
	c.count(where+".candidates", x.Candidates)
	c.count(where+".per_layer", x.PerLayer)
	c.share(where+".percent", x.Percent)
	c.share(where+".cumulative", x.Cumulative)
	if x.Positive && x.Negative {
		c.add(where+".negative", "no neuron is positive and negative").Try("leave one out")
	}
	if n := len(x.Layers); n != 0 && (n != 2 || x.Layers[0] < 0 || x.Layers[1] < x.Layers[0]) {
		c.add(where+".layers", "%v is no range of layers", x.Layers).Try("layers: [2, 5] are layers 2 to 5")
	}
}
