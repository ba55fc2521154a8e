package message

import (
	"fmt"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestSweepParts: the parts of a sweep are sweeps that have every case under every multiplier once, cases of one prompt together, and
// no parts of their own; a short sweep has none, nor has one around means, which are over all prompts.
func TestSweepParts(t *testing.T) {
	sweep := func(prompts, cases, controls int, xs ...float64) SweepSettings {
		s := SweepSettings{Neurons: []engine.Neuron{{}}, Multipliers: xs, Controls: controls, Beside: true, Texts: []string{"a text"}, Continue: 3, Prompted: "Be brief."}
		for i := range cases {
			s.Cases = append(s.Cases, SweepCase{Prompt: Prompt{Text: fmt.Sprint("prompt ", i%prompts)}, Target: TokenRef{How: ByText, Text: fmt.Sprint(" ", i)}})
		}
		return s
	}
	for name, c := range map[string]struct {
		s     SweepSettings
		parts int
	}{
		"short":                {sweep(8, 8, 0, 0, 1, 2), 0},
		"many prompts":         {sweep(100, 100, 0, 0, 1, 2), 3},     // 42 prompts of 3 passes each
		"few prompts":          {sweep(20, 100, 9, 0, 1, 2), 4},      // 6 prompts of 21 passes each
		"many controls":        {sweep(1, 2, 99, -1, 0, 1, 2, 3), 5}, // a multiplier each
		"both":                 {sweep(3, 3, 49, -1, 0, 1, 2, 3), 9}, // a prompt and two multipliers each
		"thousands of prompts": {sweep(5000, 5000, 0, 0, 2, 3), 157}, // 32 prompts of 4 passes each
		"one multiplier":       {sweep(2, 2, 500, 0), 2},             // more than a part has otherwise
	} {
		parts := c.s.Parts()
		if len(parts) != c.parts {
			t.Errorf("%s: %d parts, want %d", name, len(parts), c.parts)
		}
		seen, of, prompted := map[[2]int]int{}, map[string]int{}, map[int]int{}
		for k, p := range parts {
			if len(p.Settings.Parts()) > 0 || p.Settings.Beside || p.Settings.Check() != nil {
				t.Errorf("%s: part %d is no sweep of its own: %v", name, k, p.Settings.Check())
			}
			for i, at := range p.Cases {
				if p.Settings.Cases[i].Target != c.s.Cases[at].Target {
					t.Errorf("%s: part %d has another case %d", name, k, at)
				}
				if before, ok := of[p.Settings.Cases[i].Prompt.Text]; ok && p.From == 0 && before != k {
					t.Errorf("%s: a prompt is in the parts %d and %d", name, before, k)
				} else if p.From == 0 {
					of[p.Settings.Cases[i].Prompt.Text] = k
				}
				if p.Settings.Prompted != "" {
					prompted[at]++
				}
				for m, x := range p.Settings.Multipliers {
					if x != c.s.Multipliers[p.From+m] {
						t.Errorf("%s: part %d has another multiplier", name, k)
					}
					seen[[2]int{at, p.From + m}]++
				}
			}
		}
		if len(parts) > 0 && (len(seen) != len(c.s.Cases)*len(c.s.Multipliers) || len(prompted) != len(c.s.Cases)) {
			t.Errorf("%s: %d of %d are measured, %d with the instruction", name, len(seen), len(c.s.Cases)*len(c.s.Multipliers), len(prompted))
		}
		for at, k := range prompted {
			if k != 1 {
				t.Errorf("%s: case %d has the instruction %d times", name, at, k)
			}
		}
	}
	around := sweep(100, 100, 9, 0, 1, 2)
	around.Ablation = AblateMean
	if n := len(around.Parts()); n > 0 {
		t.Errorf("around means: %d parts", n)
	}
}
