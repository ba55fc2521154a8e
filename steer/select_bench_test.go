package steer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// heavy returns scores of SmolLM2's size, L = 30, T = 20, F = 1536, whose sizes are spread as those of an attribution are:
// of the twenty DiverseTexts half of Σ|score| sits on the largest 2 to 4 % of the entries.
func heavy(seed uint64) []float32 {
	const L, T, F = 30, 20, 1536
	r := rand.New(rand.NewPCG(1, seed))
	data := make([]float32, L*T*F)
	for i := range data {
		data[i] = float32(math.Exp(2*r.NormFloat64()-8) * (1 - 2*float64(r.IntN(2))))
	}
	return data
}

// BenchmarkSelection selects in every way from stored scores of SmolLM2's size; the bar is 5 ms.
func BenchmarkSelection(b *testing.B) {
	const L, T, F = 30, 20, 1536
	s := scoresOf(b, L, T, F, true, heavy(2))
	s.Shape() // loaded
	without := make([]Neuron, 100)
	for i := range without {
		without[i] = Neuron{Layer: i % L, Index: 7 * i}
	}
	set := NewNeuronSet("", without...)
	for name, narrow := range map[string]func(Scores) Scores{
		"plain":         func(s Scores) Scores { return s },
		"Positive":      Scores.Positive,
		"Without":       func(s Scores) Scores { return s.Without(set) },
		"LastPositions": func(s Scores) Scores { return s.LastPositions(4) },
		"Candidates":    func(s Scores) Scores { return s.Candidates(200) },
		"Percent":       func(s Scores) Scores { return s.Percent(.005) },
		"PerLayer":      func(s Scores) Scores { return s.PerLayer(50) },
		"Cumulative .1": func(s Scores) Scores { return s.Cumulative(.1) },
		"Cumulative .5": func(s Scores) Scores { return s.Cumulative(.5) },
		"all of them": func(s Scores) Scores {
			return s.Candidates(200).Without(set).Positive().Percent(.001).PerLayer(50).Cumulative(.5)
		},
		"Cumulative .9 *": func(s Scores) Scores { return s.Cumulative(.9) },
	} {
		for _, k := range []int{200, everything} {
			of := fmt.Sprint(k)
			if k == everything {
				of = "all"
				if name == "plain" || name == "Positive" || name == "Without" || name == "LastPositions" || name == "Candidates" {
					continue // that is no selection
				}
			}
			b.Run("TopK "+of+"/"+name, func(b *testing.B) { times(b, func() int { return narrow(s).TopK(k).Len() }) })
			b.Run("TopEntries "+of+"/"+name, func(b *testing.B) { times(b, func() int { return narrow(s).TopEntries(k).Len() }) })
		}
	}
	b.Run("ByLayer", func(b *testing.B) { times(b, func() int { a, _ := s.ByLayer(); return len(a) }) })
	b.Run("ByLayerPos", func(b *testing.B) { times(b, func() int { return len(s.ByLayerPos()) }) })
	b.Run("Diagnostics", func(b *testing.B) { times(b, func() int { return len(s.Diagnostics().Layers) }) })
}

// BenchmarkBehaviorSelection selects from the scores of eight prompts of 20 tokens, after the first use.
func BenchmarkBehaviorSelection(b *testing.B) {
	const L, T, F, n = 30, 20, 1536, 8
	tensors, x := map[string]Tensor{}, message.BehaviorBody{}
	for i := range n {
		x.Examples = append(x.Examples, message.AttributeBody{Shape: Shape{Layers: L, Neurons: F}, Tokens: make([]Token, T), Rule: engine.RelP, Conservation: message.Conservation{Metric: 4}})
		tensors[message.ScoresOfExample(i)] = Tensor{[]int{L, T, F}, heavy(uint64(i))}
	}
	rec := made(b, x, tensors)
	s := newBehaviorScores(func() Record { return rec }, view{}, nil)
	for name, pick := range map[string]func() Scores{
		"Example": func() Scores { return s.Example(3) }, "Mean": s.Mean, "Any": s.Any, "AnyPercent": func() Scores { return s.AnyPercent(.005) },
	} {
		pick().TopK(1).Len() // the first use
		b.Run(name+"/TopK", func(b *testing.B) { times(b, func() int { return pick().TopK(200).Len() }) })
		b.Run(name+"/TopEntries", func(b *testing.B) { times(b, func() int { return pick().TopEntries(200).Len() }) })
	}
}

func times(b *testing.B, pick func() int) {
	for b.Loop() {
		if pick() == 0 {
			b.Fatal("nothing selected")
		}
	}
}
