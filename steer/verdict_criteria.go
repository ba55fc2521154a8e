package steer

import (
	"fmt"
)

// criterion is a row of the table of criteria.
type criterion struct {
	name, asks, rule string
	try              string // what would test it
	judge            func(v *verdictEvidence) (finding, bool)
}

// finding is what results say of a criterion. One with a reason in place of refs is why they do not test it.
type finding struct {
	met    bool
	figure Estimate
	found  string
	refs   []string
}

// Bounds of criteria that are this tool's own. They are conventions, as .05 is.
const (
	carriesMost = .5 // of a behavior, and of a circuit
)

// criteria is the table, in the order in which criteria build on one another.
var criteria = []criterion{
	{"behavior present", "does the model show the behavior at all?",
		"a preference for the target on more examples than a coin would give, p ≤ .05, and a mean difference whose interval lies above 0",
		"Baseline(examples), or Sweep(circuit, 0).OnExamples(examples)", (*verdictEvidence).present},
	{"held-out", "was it tested on prompts that it was not found on?",
		"none of the tested prompts is one that it was found on",
		"Sweep(circuit, 0).OnExamples(set.Test()) of a circuit found on set.Train()", (*verdictEvidence).heldOut},
	{"necessity", "is less left without it, beyond what random circuits of the same layers take away?",
		"a change whose interval excludes 0, on the side that its scores say, and p ≤ .05 among random circuits, after Holm",
		"Sweep(circuit, 0).OnExamples(examples).Controls(19)", (*verdictEvidence).necessary},
	{"sufficiency", "does it carry the behavior with everything else ablated?",
		fmt.Sprintf("faithfulness whose interval lies above %.2g, beyond every one of 19 random sets or more (partial sufficiency, arXiv 2410.13032)", carriesMost),
		"Faithfulness(circuit, examples).Controls(19)", (*verdictEvidence).sufficient},
	{"specificity", "does it leave other behaviors alone?",
		"without it every other behavior changes by less, by intervals that do not meet (arXiv 2605.08348)",
		"Verdict(circuit).OnExamples(examples) after Sweep(circuit, 0).OnExamples(other) of another behavior", (*verdictEvidence).specific},
	{"stability", "is it found again by other rules, selections, sizes and prompts?",
		fmt.Sprintf("more than %.2g of its neurons core or contingent: in more views than the null allows; views as in arXiv 2603.00523", carriesMost),
		"Stability(behavior) of the examples that it was found on", (*verdictEvidence).stably},
	{"method agreement", "do methods that have nothing in common find the same neurons?",
		"methods that look at gradients and methods that look at differences of activations both find more of its neurons than chance in the same layers, p ≤ .05 after Holm (convergent validity: Campbell and Fiske 1959; share as in arXiv 2202.01602)",
		"Methods(behavior) of the examples that it was found on", (*verdictEvidence).agreeing},
	{"ground truth", "do its scores go with what exact patching measures?",
		"a rank correlation of scores and effects over its units whose interval lies above 0 (as arXiv 2508.21258 holds scores against patching)",
		"Patch(examples).Units(circuit) of the examples that it was found on", (*verdictEvidence).trueTo},
	{"side effects", "does ablating it leave unrelated text alone?",
		fmt.Sprintf("a perplexity ratio on neutral texts whose interval lies below %.2f", perplexityBound),
		"Sweep(circuit, 0).OnExamples(examples).SideEffects()", (*verdictEvidence).harmless},
	{"prompting baseline", "does scaling it do more than an instruction in the prompt?",
		"a multiplier that moves the difference where its scores say, and beyond the instructed model's, both by the interval over prompts (arXiv 2501.17148)",
		"Sweep(circuit, 2, 4).OnExamples(examples).Prompted(instruction)", (*verdictEvidence).beyondPrompt},
}

// judge holds what is kept against every criterion.
func (v *verdictEvidence) judge() []Criterion {
	out := make([]Criterion, len(criteria))
	for i, c := range criteria {
		out[i] = Criterion{Name: c.name, Asks: c.asks, Rule: c.rule, State: NotTested, Found: "try " + c.try}
		f, ok := c.judge(v)
		switch {
		case !ok && f.found != "":
			out[i].Found = f.found
		case ok && f.met:
			out[i].State = Met
		case ok:
			out[i].State = NotMet
		}
		if ok {
			out[i].Figure, out[i].Found, out[i].Refs = f.figure, f.found, f.refs
		}
	}
	return out
}

// because keeps why results do not test a criterion: the first reason, which is that of the best of them.
func (f *finding) because(format string, args ...any) {
	if f.found == "" {
		f.found = fmt.Sprintf(format, args...)
	}
}

// untested is the finding of results that do not test a criterion, with the reason.
func untested(format string, args ...any) (finding, bool) {
	return finding{found: fmt.Sprintf(format, args...)}, false
}
