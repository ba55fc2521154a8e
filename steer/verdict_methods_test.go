package steer

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// methods is a record of the prompts that the circuit was found on: RelP finds all of it, a contrast some.
func (j judged) methods(t *testing.T) Record {
	t.Helper()
	s := message.MethodsSettings{Behavior: message.BehaviorSettings{Edits: j.edits}, Size: len(j.neurons), Pairs: []message.Pair{{Positive: message.Prompt{Text: "a"}, Negative: message.Prompt{Text: "b"}}}, Tested: j.own}
	for _, text := range j.found {
		s.Behavior.Examples = append(s.Behavior.Examples, message.BehaviorExample{Prompt: message.Prompt{Text: text}, Metric: message.Metric{Target: message.TokenRef{How: "text", Text: "a"}, Positions: []int{-1}}})
	}
	contrast := slices.Clone(j.neurons[:min(j.converging, len(j.neurons))])
	for i := len(contrast); i < len(j.neurons); i++ {
		contrast = append(contrast, Neuron{Layer: i % 2, Index: 6 + i/4})
	}
	b := message.MethodsBody{Shape: Shape{Layers: 2, Neurons: 8}, Methods: []string{"RelP", "contrast", "random"}, Circuits: [][]Neuron{j.neurons, contrast, j.neurons}, Found: len(j.found), Cases: prompts(j.own), Size: len(j.neurons)}
	N := len(j.own)
	return keptRecord(t, s, b, map[string]Tensor{"base": filled(j.difference, N), "ablated": filled(j.difference, 3, 1, N), "profile": filled(.5, 3, 2), "scores": filled(0, 3, 0), "exact": filled(0, len(j.found), 0)})
}

// TestVerdictMethods: what agrees is what methods of every family find beyond the chance of the layers; what cannot tell says why.
func TestVerdictMethods(t *testing.T) {
	in := func(layer int, indices ...int) (out []Neuron) {
		for _, i := range indices {
			out = append(out, Neuron{Layer: layer, Index: i})
		}
		return out
	}
	own := slices.Concat(in(0, 1, 2, 3), in(1, 1, 2, 3))
	for name, c := range map[string]struct {
		neurons []Neuron
		scores  []float64 // 1 unless told otherwise
		found   map[string][]Neuron
		want    CriterionState
		says    string
	}{
		"both families":                   {own, nil, map[string][]Neuron{"Gradient": own, "contrast": own[:4]}, Met, "of its 6 neurons 6 by Gradient"},
		"the better method of a family":   {own, nil, map[string][]Neuron{"RelP": own, "contrast": in(0, 7), "control vector": own}, Met, "6 by control vector"},
		"of equal ones the larger":        {own, nil, map[string][]Neuron{"RelP": own, "contrast": in(0, 7), "control vector": slices.Concat(in(0, 0, 1, 2, 3, 4, 5, 6, 7), in(1, 0, 1, 2, 3, 4, 5, 6, 7))}, NotMet, " and 6 by control vector ("},
		"the less likely, not the larger": {own, nil, map[string][]Neuron{"RelP": own, "contrast": own[:4], "control vector": slices.Concat(in(0, 0, 1, 2, 3, 4, 5, 6, 7), in(1, 0, 1, 2, 3, 4, 5, 6, 7))}, Met, " and 4 by contrast ("},
		"one family alone":                {own, nil, map[string][]Neuron{"RelP": own, "Frozen": own, "contrast": in(0, 7), "control vector": in(1, 7)}, NotMet, "0 by contrast"},
		"the other family alone":          {own, nil, map[string][]Neuron{"RelP": in(0, 7), "contrast": own}, NotMet, "0 by RelP"},
		"other layers":                    {own[:3], nil, map[string][]Neuron{"RelP": own[:3], "contrast": in(1, 1, 2, 3)}, NotMet, "0 by contrast (0.0 by chance"},
		"as chance in the layers has it":  {own, nil, map[string][]Neuron{"RelP": own, "contrast": slices.Concat(in(0, 1, 2, 3, 4, 5, 6, 7), in(1, 1, 2, 3, 4, 5, 6, 7))}, NotMet, "6 by contrast"},
		"p = .018, .054 after Holm":       {own, nil, map[string][]Neuron{"RelP": own, "Frozen": in(1, 7), "Gradient": in(1, 7), "contrast": own[:3]}, NotMet, "3 by contrast (1.1 by chance, p = 0.054)"},
		"no pairs":                        {own, nil, map[string][]Neuron{"RelP": own}, NotTested, "no method that looks at differences of activations finds a neuron"},
		"a contrast of nothing":           {own, nil, map[string][]Neuron{"RelP": own, "contrast": {}}, NotTested, "use WithPairs"},
		"random neurons":                  {own, nil, map[string][]Neuron{"RelP": own, "random": own}, NotTested, "differences of activations"},
		"opposing":                        {own, []float64{-1, -1, -1, -1, -1, -1}, map[string][]Neuron{"RelP": own, "contrast": own}, NotTested, "the neurons of the circuit oppose"},
		"some oppose":                     {own, []float64{1, 1, 1, 1, -1, -1}, map[string][]Neuron{"RelP": own[:4], "contrast": own[:4]}, Met, "of its 4 neurons 4 by RelP"},
		"a single neuron":                 {own[:1], nil, map[string][]Neuron{"RelP": own[:1], "contrast": own[:1]}, NotTested, "1 neuron: too few of their layers"},
		"heads":                           {[]Neuron{{Layer: 0, Index: 0, Head: true}}, nil, map[string][]Neuron{"RelP": own, "contrast": own}, NotTested, "a circuit of heads"},
	} {
		s := message.EvidenceSettings{Neurons: c.neurons, Scores: c.scores}
		if s.Scores == nil {
			s.Scores = slices.Repeat([]float64{1}, len(c.neurons))
		}
		b := message.MethodsBody{Shape: Shape{Layers: 2, Neurons: 8, Heads: 2}, Cases: []message.SweepPrompt{{Prompt: "x"}}}
		for _, method := range []string{"RelP", "Frozen", "Gradient", "contrast", "control vector", "random"} {
			if ns, ok := c.found[method]; ok {
				b.Methods, b.Circuits = append(b.Methods, method), append(b.Circuits, ns)
			}
		}
		body, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		v := &verdictEvidence{asked: s, compared: []kept[MethodComparison]{{newMethodComparison(func() Record { return Record{Header: Header{Body: body}} }, false), "ref", 5, 0}}}
		f, ok := v.agreeing()
		got := NotTested
		switch {
		case ok && f.met:
			got = Met
		case ok:
			got = NotMet
		}
		if got != c.want || !strings.Contains(f.found, c.says) {
			t.Errorf("%s: %s, %q; want %s, %q", name, got, f.found, c.want, c.says)
		}
	}
}

// TestVerdictMethodsOfOthers: a comparison under interventions, or on other prompts, says nothing, and no more does a broken one.
func TestVerdictMethodsOfOthers(t *testing.T) {
	broken := &verdictEvidence{asked: message.EvidenceSettings{Neurons: []Neuron{{}}, Scores: []float64{1}}, compared: []kept[MethodComparison]{{newMethodComparison(func() Record { return Record{} }, false), "ref", 5, 0}}}
	if f, ok := broken.agreeing(); ok || f.found != "" {
		t.Errorf("of a broken comparison it is said %q", f.found)
	}
	whole := passing()
	for name, change := range map[string]func(j *judged){
		"interventions": func(j *judged) {
			j.edits = []message.Intervention{{Op: message.OpScale, Neurons: j.neurons, Scope: message.Everywhere}}
		},
		"other prompts": func(j *judged) { j.found = []string{"g1", "g2", "g3", "g4", "g5"} },
	} {
		j := passing()
		change(&j)
		if got := whole.verdict(t, map[string]Record{"x": j.methods(t)})["method agreement"]; got.State != NotTested {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
