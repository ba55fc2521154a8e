package steer

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func keptRecord(t *testing.T, s message.Settings, body any, tensors map[string]Tensor) Record {
	t.Helper()
	r, err := newRequest(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	rec := Record{Header{Request: r, Identity: judgedOn, Body: b}, tensors}
	if err := rec.Check(); err != nil {
		t.Fatal(err)
	}
	return rec
}

// filled returns a tensor whose numbers are near x, each a little different.
func filled(x float32, shape ...int) Tensor {
	n := 1
	for _, d := range shape {
		n *= d
	}
	t := Tensor{Shape: shape, Data: make([]float32, n)}
	for i := range t.Data {
		t.Data[i] = x + float32(i%5)/100
	}
	return t
}

func prompts(cases []message.SweepCase) (out []message.SweepPrompt) {
	for _, c := range cases {
		out = append(out, message.SweepPrompt{Prompt: c.Prompt.Text, Tokens: 2, Target: engine.Token{ID: 1, Text: "a"}, Versus: &engine.Token{ID: 2, Text: "b"}})
	}
	return out
}

// sweep is a record of two multipliers, 0 and 3 unless told otherwise.
func (j judged) sweep(t *testing.T, cases []message.SweepCase, change float32, controls int, prompted, beside bool) Record {
	t.Helper()
	N, C := len(cases), 1+controls
	s := message.SweepSettings{Neurons: j.neurons, Multipliers: j.doses, Cases: cases, Controls: controls, Edits: j.edits}
	b := message.SweepBody{Shape: Shape{Layers: 2, Neurons: 8}, Neurons: j.neurons, Multipliers: s.Multipliers, Controls: controls, Cases: prompts(cases)}
	difference := filled(j.difference+j.random, 2, C, N)
	copy(difference.Data, filled(j.difference+change, N).Data)
	copy(difference.Data[C*N:], filled(j.amplified, N).Data)
	ts := map[string]Tensor{"difference": difference, "target": filled(.5, 2, C, N), "versus": filled(.1, 2, C, N), "unsteered": filled(j.difference, 3, N)}
	copy(ts["unsteered"].Data, filled(j.difference, N).Data)
	if controls > 0 {
		ts["controls"] = filled(0, controls, len(j.neurons), 2)
	}
	if prompted {
		s.Prompted, b.Prompted = "do", "do"
		ts["prompted"] = filled(j.instructed, 3, N)
	}
	if beside {
		nll := Tensor{Shape: []int{3, j.texts}}
		for row := range 3 {
			for i := range j.texts {
				x := float32(20 + i)
				if row == 1 {
					x += 9 * j.nll
				}
				nll.Data = append(nll.Data, x)
			}
		}
		for i := range j.texts {
			s.Texts, b.Tokens = append(s.Texts, fmt.Sprint("text ", i)), append(b.Tokens, 10)
		}
		s.Beside, b.Texts = true, s.Texts
		ts["kl"], ts["nll"] = filled(.01, 3, j.texts), nll
	}
	return keptRecord(t, s, b, ts)
}

func (j judged) curve(t *testing.T) Record {
	t.Helper()
	N, C := len(j.own), 1+j.controls
	s := message.FaithfulnessSettings{Ranked: j.neurons, Counts: []int{0, len(j.neurons)}, Ablation: message.AblateZero, Controls: j.controls}
	for _, c := range j.own {
		s.Cases = append(s.Cases, message.PatchCase{SweepCase: c})
	}
	b := message.FaithfulnessBody{Shape: Shape{Layers: 2, Neurons: 8}, Neurons: len(j.neurons), Counts: s.Counts, Controls: j.controls, Ablation: s.Ablation, Cases: prompts(j.own)}
	kept, ablated := filled(j.randomAlone, 2, C, N), filled(j.difference, 2, C, N)
	copy(kept.Data[C*N:], filled(j.alone, N).Data)
	copy(ablated.Data[C*N:], filled(j.difference+j.change, N).Data)
	ts := map[string]Tensor{"full": filled(j.difference, N), "empty": filled(0, N), "kept": kept, "ablated": ablated}
	return keptRecord(t, s, b, ts)
}

func (j judged) baseline(t *testing.T) Record {
	t.Helper()
	var s message.BaselineSettings
	b := message.BaselineBody{}
	for i, c := range j.own {
		s.Examples = append(s.Examples, message.BehaviorExample{Prompt: c.Prompt, Metric: message.Metric{Target: c.Target, Versus: c.Versus, Positions: []int{-1}}})
		b.Outcomes = append(b.Outcomes, message.Outcome{Prompt: c.Prompt.Text, Target: message.Ranked{Rank: 1}, Versus: &message.Ranked{}, Difference: float64(j.difference) + float64(i)/100})
	}
	return keptRecord(t, s, b, nil)
}

// stability is a record of the prompts that the circuit was found on, where some of its neurons are in every view and the others in three of
// five, as one of the null is.
func (j judged) stability(t *testing.T) Record {
	t.Helper()
	s := message.StabilitySettings{Rules: []Rule{RelP}, Selections: []string{message.SelectMean}, Sizes: []int{j.sizes}, Resamples: 20, Controls: 19}
	b := message.StabilityBody{Shape: Shape{Layers: 2, Neurons: 8}, Rules: s.Rules, Selections: s.Selections, Sizes: s.Sizes, Resamples: 20, Controls: 19, Neurons: j.neurons}
	for _, text := range j.found {
		s.Behavior.Examples = append(s.Behavior.Examples, message.BehaviorExample{Prompt: message.Prompt{Text: text}, Metric: message.Metric{Target: message.TokenRef{How: "text", Text: "a"}, Positions: []int{-1}}})
		b.Examples = append(b.Examples, text)
	}
	M := len(j.neurons)
	seen := slices.Repeat([]float32{12}, M)
	for i := range min(j.beyond, M) {
		seen[i] = 20
	}
	ts := map[string]Tensor{"count": {Shape: []int{1, 1, 1, M}, Data: seen}, "selected": filled(1, 1, 1, 1, M), "agreement": filled(1, 1, 1, 1),
		"null": filled(12, 19), "scores": filled(1, 1, M), "base": filled(0, 0), "ablated": filled(0, 1, 1, 1, 0)}
	return keptRecord(t, s, b, ts)
}

// patching is a record of the prompts that the circuit was found on.
func (j judged) patching(t *testing.T) Record {
	t.Helper()
	s := message.PatchSettings{Units: j.neurons, Ablation: message.AblateZero}
	for _, text := range j.found {
		s.Cases = append(s.Cases, message.PatchCase{SweepCase: message.SweepCase{Prompt: message.Prompt{Text: text}, Target: message.TokenRef{How: "text", Text: "a"}}})
	}
	U, N := len(j.neurons), len(j.found)
	b := message.PatchBody{Shape: Shape{Layers: 2, Neurons: 8}, Units: j.neurons, Ablation: s.Ablation, Pairs: [][2]Neuron{}}
	ts := map[string]Tensor{"full": filled(j.difference, N), "patched": filled(j.difference, U, N)}
	for i, c := range s.Cases {
		b.Cases = append(b.Cases, message.SweepPrompt{Prompt: c.Prompt.Text, Tokens: 1, Target: engine.Token{ID: 1, Text: "a"}})
		ts[message.ShareOf(i)] = filled(1, U, 1)
	}
	for i := range U {
		for k := range N {
			ts["patched"].Data[i*N+k] = ts["full"].Data[k] - j.effect*float32(i+1)
		}
	}
	return keptRecord(t, s, b, ts)
}
