package study

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// settings are those of each kind of test, beside its name. Every other is a mistake.
var settings = map[string][]string{
	"sweep":         {"multipliers", "controls", "side_effects", "texts", "continue", "skip_bos", "prompted", "when", "by_prompt", "vector_layer", "vector_file"},
	"continuations": {"multipliers", "prompts", "chat", "max_tokens", "temperature", "top_k", "top_p", "min_p", "repetition_penalty", "stop", "when", "by_prompt", "project_out", "vector_layer", "vector_file"},
	"faithfulness":  {"ablation", "sizes", "percentages", "keep_first", "controls"},
	"calibrate":     {"multipliers", "kl", "target", "limit", "texts", "when", "by_prompt", "vector_layer", "vector_file"},
	"patch":         {"ablation", "keep_first", "pairs"},
	"edges":         {"targets", "direct"},
	"groups":        {"groups"},
	"verdict":       {},
}

// testKinds names the kinds of tests, sorted.
func testKinds() []string { return slices.Sorted(maps.Keys(settings)) }

// set says which settings a file gives a test.
func (t Test) set() map[string]bool {
	return map[string]bool{
		"multipliers": t.Multipliers != nil, "controls": t.Controls != 0, "ablation": t.Ablation != "", "sizes": t.Sizes != nil, "percentages": t.Percentages != nil,
		"keep_first": t.KeepFirst, "pairs": t.Pairs, "kl": t.KL != nil, "target": t.Target != nil, "limit": t.Limit != nil, "targets": t.Targets != 0, "direct": t.Direct, "groups": t.Groups != 0,
		"side_effects": t.SideEffects, "texts": len(t.Texts) > 0, "continue": t.Continue != nil, "skip_bos": t.SkipBOS, "prompted": t.Prompted != "",
		"prompts": len(t.Prompts) > 0, "chat": t.Chat, "max_tokens": t.MaxTokens != 0, "temperature": t.Temperature != nil, "top_k": t.TopK != 0, "top_p": t.TopP != nil,
		"min_p": t.MinP != 0, "repetition_penalty": t.Penalty != nil, "stop": len(t.Stop) > 0,
		"when": t.When != nil, "by_prompt": t.ByPrompt, "project_out": t.ProjectOut != nil, "vector_layer": t.VectorLayer != nil, "vector_file": t.VectorFile != "",
	}
}

// Help lists the kinds of analyses and tests with the settings that each has.
func Help() string {
	var b strings.Builder
	for i, x := range []struct {
		title string
		kinds map[string][]string
	}{{"analyses, of each behavior as a whole", analyses}, {"tests, of each circuit", settings}} {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n", x.title)
		for _, kind := range slices.Sorted(maps.Keys(x.kinds)) {
			b.WriteString(strings.TrimRight(fmt.Sprintf("  %-14s %s", kind, strings.Join(x.kinds[kind], ", ")), " ") + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// only reports settings that a kind does not have. They would be ignored, which nobody expects.
func only(c *checker, where, kind string, set map[string]bool, has []string) {
	foreign := maps.Clone(set)
	for _, name := range has {
		delete(foreign, name)
	}
	c.only(where, kind, foreign)
}

func (t Test) check(c *checker, where string) {
	has, ok := settings[t.Kind]
	if c.oneOf(where+".kind", t.Kind, testKinds()...); !ok {
		return
	}
	only(c, where, t.Kind, t.set(), has)
	for name, n := range map[string]int{"controls": t.Controls, "max_tokens": t.MaxTokens, "targets": t.Targets, "groups": t.Groups} {
		if slices.Contains(has, name) {
			c.count(where+"."+name, n)
		}
	}
	if t.Ablation != "" {
		c.oneOf(where+".ablation", t.Ablation, enums["tests.ablation"]...)
	}
	switch t.Kind {
	case "sweep":
		t.checkSweep(c, where)
	case "continuations":
		t.checkContinuations(c, where)
	case "faithfulness":
		t.checkFaithfulness(c, where)
	case "calibrate":
		t.checkCalibration(c, where)
	}
}

// checkMultipliers reports multipliers that are none.
func (t Test) checkMultipliers(c *checker, where string) {
	if len(t.Multipliers) == 0 {
		c.add(where+".multipliers", "there are no multipliers").Try("multipliers: [0, 1, 2]")
	}
	for i, x := range t.Multipliers {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			c.add(fmt.Sprintf("%s.multipliers[%d]", where, i), "%v is no multiplier", x).Try("0 ablates, 1 changes nothing, 2 doubles")
		}
	}
}

func (t Test) checkSweep(c *checker, where string) {
	t.checkMultipliers(c, where)
	t.checkAim(c, where)
	if !t.SideEffects {
		c.only(where, "sweep without side_effects", map[string]bool{"texts": len(t.Texts) > 0, "continue": t.Continue != nil})
	}
	if t.Continue != nil {
		c.count(where+".continue", *t.Continue)
	}
}

// checkTask reports what a task itself finds wrong with its settings.
func (c *checker) checkTask(where string, request func() (steer.Request, error)) {
	_, err := request()
	for _, m := range engine.Mistakes(err) {
		if m.Code == steer.BadSetting {
			c.add(where, "%s", m.Text).Try("%s", m.Hint)
		}
	}
}
