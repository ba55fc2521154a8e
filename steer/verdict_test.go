package steer

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// judged is a circuit of six neurons with six examples, of which a store holds everything that a verdict looks for.
type judged struct {
	own, other                 []message.SweepCase
	difference, change, random float32  // of the behavior: unsteered, without the circuit, without a random one
	elsewhere                  float32  // change of the other behavior
	randomAlone                float32  // metric with all but a random set ablated
	effect                     float32  // of patching the first neuron; of the second it is twice as large, as its score is, and so on
	converging                 int      // neurons of it that a contrast finds
	beyond                     int      // of its neurons that more views have than the null allows
	nll                        float32  // of a neutral text without the circuit, per token
	alone                      float32  // metric with all other neurons ablated
	instructed, amplified      float32  // metric after an instruction, and at ×3
	found                      []string // prompts
	controls, texts, sizes     int
	doses                      []float64
	total                      float64
	edits                      []message.Intervention
	neurons                    []Neuron
}

// passing is one that meets every criterion that has results.
func passing() judged {
	j := judged{difference: 4, change: -3, random: .1, elsewhere: .5, beyond: 6, converging: 5, nll: 0, alone: 3.6, instructed: 5, amplified: 7, found: []string{"f1", "f2", "f3", "f4", "f5"}, effect: .1, randomAlone: .2, controls: 39, texts: 5, sizes: 6, doses: []float64{0, 3}, total: 1,
		neurons: []Neuron{{Layer: 0, Index: 1}, {Layer: 0, Index: 3}, {Layer: 0, Index: 4}, {Layer: 1, Index: 0}, {Layer: 1, Index: 2}, {Layer: 1, Index: 5}}}
	for i := range 6 {
		j.own = append(j.own, message.SweepCase{Prompt: message.Prompt{Text: fmt.Sprint("own ", i)}, Target: message.TokenRef{How: "text", Text: "a"}, Versus: message.TokenRef{How: "text", Text: "b"}})
		j.other = append(j.other, message.SweepCase{Prompt: message.Prompt{Text: fmt.Sprint("other ", i)}, Target: message.TokenRef{How: "text", Text: "a"}, Versus: message.TokenRef{How: "text", Text: "b"}})
	}
	return j
}

var judgedOn = Identity{Model: "m", Tokenizer: "t"}

// records is what a store holds, by what it is.
func (j judged) records(t *testing.T) map[string]Record {
	t.Helper()
	return map[string]Record{
		"necessity": j.sweep(t, j.own, j.change, j.controls, false, false), "specificity": j.sweep(t, j.other, j.elsewhere, 0, false, false),
		"side effects": j.sweep(t, j.own, j.change, 0, false, true), "prompting baseline": j.sweep(t, j.own[:5], j.change, 0, true, false),
		"sufficiency": j.curve(t), "behavior present": j.baseline(t), "stability": j.stability(t), "ground truth": j.patching(t), "method agreement": j.methods(t),
	}
}

// verdict judges what is held, as a store would be asked.
func (j judged) verdict(t *testing.T, held map[string]Record) map[string]Criterion {
	t.Helper()
	s := message.EvidenceSettings{Neurons: j.neurons, Cases: j.own, Found: j.found}
	for i := range j.neurons {
		s.Scores = append(s.Scores, j.total*float64(i+1))
	}
	r, err := newRequest(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	rec, ok, err := Gather(r, judgedOn, func(want func(Header) bool) (out []Record, _ error) {
		for _, rec := range held {
			if want(rec.Header) {
				out = append(out, rec)
			}
		}
		return out, nil
	})
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := rec.Check(); err != nil {
		t.Fatal(err)
	}
	out := map[string]Criterion{}
	for _, c := range newCircuitVerdict(func() Record { return rec }).Criteria() {
		out[c.Name] = c
	}
	return out
}

// TestVerdictLaw: a criterion is met by what a store holds; without the records that speak of it, it is not tested; and a number
// that fails makes it not met, and no other.
func TestVerdictLaw(t *testing.T) {
	whole := passing()
	held := whole.records(t)
	all := whole.verdict(t, held)
	for _, c := range criteria {
		if got := all[c.name]; got.State != Met || got.Figure.N == 0 || len(got.Refs) == 0 || got.Rule == "" || c.try == "" {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	speak := map[string][]string{ // the records that speak of a criterion
		"behavior present": {"behavior present", "necessity", "side effects", "prompting baseline"}, "held-out": {"necessity", "side effects", "prompting baseline", "sufficiency"},
		"necessity": {"necessity", "sufficiency"}, "sufficiency": {"sufficiency"}, "stability": {"stability"}, "ground truth": {"ground truth"}, "method agreement": {"method agreement"}, "specificity": {"specificity"}, "side effects": {"side effects"}, "prompting baseline": {"prompting baseline"},
	}
	fail := map[string]func(j *judged){
		"behavior present":   func(j *judged) { j.difference = -4; j.change = -3; j.alone, j.instructed, j.amplified = -3.6, -3, -1 },
		"held-out":           func(j *judged) { j.found = append(j.found, "own 3") },
		"necessity":          func(j *judged) { j.random = -3.5 },
		"sufficiency":        func(j *judged) { j.alone = 1.8 },
		"specificity":        func(j *judged) { j.elsewhere = -3.2 },
		"stability":          func(j *judged) { j.beyond = 3 },
		"ground truth":       func(j *judged) { j.effect = -.1 },
		"method agreement":   func(j *judged) { j.converging = 3 },
		"side effects":       func(j *judged) { j.nll = .12 },
		"prompting baseline": func(j *judged) { j.instructed = 7.1 },
	}
	for _, c := range criteria {
		name := c.name
		rest := map[string]Record{}
		for k, r := range held {
			if !slices.Contains(speak[name], k) {
				rest[k] = r
			}
		}
		if got := whole.verdict(t, rest)[name]; got.State != NotTested || got.Figure != (Estimate{}) || len(got.Refs) > 0 || got.Found == "" {
			t.Errorf("%s without its records: %+v", name, got)
		}
		if fail[name] == nil || speak[name] == nil {
			t.Errorf("%s has no failing number, or nothing that speaks of it: add them", name)
			continue
		}
		bad := passing()
		fail[name](&bad)
		failed := bad.verdict(t, bad.records(t))
		if got := failed[name]; got.State != NotMet || got.Figure.N == 0 {
			t.Errorf("%s with a number that fails: %+v", name, got)
		}
		for other, c := range failed {
			if other != name && c.State != Met && !(name == "necessity" && other == "specificity") {
				t.Errorf("what fails %s makes %s %+v", name, other, c)
			}
		}
	}
}

// TestVerdictOfOthers: results of another circuit, another model, or under interventions say nothing.
func TestVerdictOfOthers(t *testing.T) {
	whole := passing()
	for name, change := range map[string]func(j *judged, rec *Record){
		"another circuit": func(j *judged, _ *Record) { j.neurons = j.neurons[:1] },
		"another model":   func(_ *judged, rec *Record) { rec.Header.Identity.Model = "other" },
		"interventions": func(j *judged, _ *Record) {
			j.edits = []message.Intervention{{Op: message.OpScale, Neurons: j.neurons, Scope: message.Everywhere}}
		},
	} {
		j := passing()
		change(&j, &Record{})
		rec := j.sweep(t, j.own, j.change, j.controls, true, true)
		change(&j, &rec)
		for criterion, c := range whole.verdict(t, map[string]Record{"x": rec}) {
			if c.State != NotTested {
				t.Errorf("%s: %s is %+v", name, criterion, c)
			}
		}
	}
}

// TestVerdictUntested: results that cannot answer say why, in place of an answer.
func TestVerdictUntested(t *testing.T) {
	for name, c := range map[string]struct {
		change    func(j *judged)
		criterion string
		says      string
	}{
		"few controls": {func(j *judged) { j.controls = 3 }, "necessity", "3 random circuits cannot give a p value of .05: use Controls(39)"},
		"few sets":     {func(j *judged) { j.controls = 3 }, "sufficiency", "3 random sets cannot give a p value of .05: use Controls(19)"},
		"few prompts":  {func(j *judged) { j.own = j.own[:4] }, "necessity", "4 prompts are too few"},
		"small views":  {func(j *judged) { j.sizes = 4 }, "stability", "no view is as large as the circuit: use Sizes(6)"},
		"few texts":    {func(j *judged) { j.texts = 4 }, "side effects", "4 neutral texts are too few"},
		"against":      {func(j *judged) { j.instructed, j.amplified = 1, 7; j.change = 0 }, "prompting baseline", "asks for the same"},
		"no scores":    {func(j *judged) { j.total = 0 }, "ground truth", "so it has no scores"},
		"few units":    {func(j *judged) { j.neurons = j.neurons[:4] }, "ground truth", "4 units that are patched are too few"},
		"given":        {func(j *judged) { j.found = nil }, "held-out", "nobody knows what the circuit was found on"},
		"within noise": {func(j *judged) { j.difference = 0 }, "sufficiency", "within noise"},
	} {
		j := passing()
		c.change(&j)
		if name == "against" { // the sweep amplifies alone
			j.doses = []float64{2, 3}
		}
		held := map[string]Record{"prompted": j.sweep(t, j.own, j.change, 0, true, false), "sweep": j.sweep(t, j.own, j.change, j.controls, false, true), "curve": j.curve(t)}
		if len(j.found) > 0 {
			held["patching"], held["stability"] = j.patching(t), j.stability(t)
		}
		if got := j.verdict(t, held)[c.criterion]; got.State != NotTested || !strings.Contains(got.Found, c.says) {
			t.Errorf("%s: %+v, want %q", name, got, c.says)
		}
	}
}
