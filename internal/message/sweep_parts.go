package message

import (
	"encoding/json"
	"slices"
)

// A SweepPart is one of the sweeps that a long one is made of.
type SweepPart struct {
	Settings SweepSettings
	Cases    []int // of the whole, which are the part's
	From     int   // the multiplier of the whole that is the part's first
}

// passesOfSweepPart is how many passes, of a prompt under an edit, a part of a sweep has, more where one multiplier has more.
const passesOfSweepPart = 128

// Parts returns the sweeps that a sweep is made of, which its settings alone say: of some of its prompts under every multiplier and,
// where those of one prompt are many, of some of its multipliers. Each is asked for, and kept, on its own. There are none of a sweep
// that is short, and of one around means, which are over all prompts. Side effects are the whole's.
func (s SweepSettings) Parts() (out []SweepPart) {
	each, perMultiplier := 1, 1+max(s.Controls, 0) // passes of a prompt
	for _, x := range s.Multipliers {
		if x != 1 {
			each += perMultiplier
		}
	}
	prompts := s.byPrompt()
	if s.Ablation != "" || each*len(prompts) <= passesOfSweepPart {
		return nil
	}
	block := max(1, passesOfSweepPart/each)
	multipliers := len(s.Multipliers)
	if each > passesOfSweepPart {
		multipliers = max(1, passesOfSweepPart/perMultiplier)
	}
	for some := range slices.Chunk(prompts, block) {
		cases := slices.Concat(some...)
		slices.Sort(cases)
		for from := 0; from < len(s.Multipliers); from += multipliers {
			p := SweepPart{Settings: s, Cases: cases, From: from}
			p.Settings.Multipliers = s.Multipliers[from:min(from+multipliers, len(s.Multipliers))]
			p.Settings.Cases = make([]SweepCase, len(cases))
			for i, c := range cases {
				p.Settings.Cases[i] = s.Cases[c]
			}
			p.Settings.Beside, p.Settings.Texts, p.Settings.Continue = false, nil, 0
			if from > 0 {
				p.Settings.Prompted = "" // the first has measured it
			}
			out = append(out, p)
		}
	}
	if len(out) == 1 {
		return nil
	}
	return out
}

// byPrompt returns the cases of each distinct prompt, which is run once for all of them, in the order of the first ones.
func (s SweepSettings) byPrompt() (out [][]int) {
	at := map[string]int{}
	for i, c := range s.Cases {
		b, err := json.Marshal(c.Prompt)
		if err != nil { // a struct of texts and numbers
			continue
		}
		k, ok := at[string(b)]
		if !ok {
			k = len(out)
			at[string(b)] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], i)
	}
	return out
}
