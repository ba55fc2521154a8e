package steer

import (
	"fmt"
	"math"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// The methods here narrow, and then TopK or TopEntries counts. Narrowing never recomputes anything, and the order of the
// calls does not matter: see each method for what it looks at.

// Positive narrows to neurons that support the metric: Σ_t score > 0 before TopK, score > 0 before TopEntries.
func (s Scores) Positive() Scores { s.view = s.view.signed(1); return s }

// Negative narrows to neurons that oppose the metric.
func (s Scores) Negative() Scores { s.view = s.view.signed(-1); return s }

// Layers narrows to layers lo to hi, both included; negative ones count from the end, −1 being the last.
func (s Scores) Layers(lo, hi int) Scores { s.view = s.view.within(lo, hi); return s }

// Positions narrows to these positions; negative ones count from the end. Scores without a position axis are not changed.
func (s Scores) Positions(positions ...int) Scores { s.view = s.view.at(positions); return s }

// LastPositions narrows to the last n positions; an n below 1 is no bound.
func (s Scores) LastPositions(n int) Scores { s.view = s.view.last(n); return s }

// SkipFirst leaves out the first position, even where it is an ordinary token.
func (s Scores) SkipFirst() Scores { s.view = s.view.skipFirst(); return s }

// KeepBOS keeps a real BOS, which is left out otherwise.
func (s Scores) KeepBOS() Scores { s.view.keepBOS = true; return s }

// Without leaves out the neurons of the sets, e.g. those that Model.Universal finds active whatever the text.
func (s Scores) Without(sets ...NeuronSet) Scores { s.view = s.view.leaving(sets); return s }

// Candidates keeps only the n largest |score| of every layer and position, before anything else is left out; 200 is what
// the reference implementation keeps. An n below 1 keeps all.
func (s Scores) Candidates(n int) Scores { s.view.candidates = max(n, 0); return s }

// Percent keeps what alone is at least the share x of the metric, |score| ≥ x·|m|: of Σ_t before TopK, of entries before
// TopEntries. Percent(.005) keeps what carries half a percent. Scores that have no metric keep nothing.
func (s Scores) Percent(x float64) Scores {
	if math.IsNaN(x) || x > s.view.percent {
		s.view.percent = x
	}
	return s
}

// PerLayer keeps the n strongest neurons of each layer before TopK, entries before TopEntries; an n below 1 is no bound.
// It is for models in which a few layers outweigh all others.
func (s Scores) PerLayer(n int) Scores {
	if n > 0 && (s.view.perLayer == 0 || n < s.view.perLayer) {
		s.view.perLayer = n
	}
	return s
}

// Cumulative keeps the strongest that together reach the share x of Σ|score|: of neurons, with |Σ_t score|, before TopK,
// of entries before TopEntries. The sum is that of what all other narrowing keeps. At least one is kept.
func (s Scores) Cumulative(x float64) Scores { s.view = s.view.share(x); return s }

// everything is a k beyond every ranking.
const everything = math.MaxInt

// TopK returns the circuit of the k distinct neurons with the largest |Σ_t score|: the slope of the metric as that neuron is
// scaled everywhere. Under the rules RelP and Frozen it is the slope of the linearized model alone, which ranks neurons but
// does not foretell what scaling or ablating one of them does, not even its sign (see the package's "What is measured");
// under Gradient it is the model's own. TopK(math.MaxInt) is all that the narrowing keeps.
func (s Scores) TopK(k int) Circuit { return s.circuit("neurons", k, topNeurons) }

// TopEntries returns the circuit of the k entries (layer, position, neuron) with the largest |score|, as the reference
// implementation counts. TopEntries(math.MaxInt) is all that the narrowing keeps.
func (s Scores) TopEntries(k int) Circuit { return s.circuit("entries", k, topEntries) }

func (s Scores) circuit(of string, k int, pick func(dense, view, int) []Entry) Circuit {
	named := of
	if s.heads {
		named = map[string]string{"neurons": "heads", "entries": "entries of heads"}[of]
	}
	_, those := message.Counted(k, named)
	name := fmt.Sprintf("top %d %s", k, those)
	if k == everything {
		name = "all " + named
	}
	return Circuit{
		name:    name,
		entries: sync.OnceValue(func() []Entry { return pick(s.data(), s.view, k) }),
		origin: func() origin {
			d := s.data()
			o := origin{
				shape: d.Shape, about: d.about.Metric, unit: d.Unit, positions: d.Positions,
				method: d.Method, header: d.header, made: madeFrom(d.header), selection: s.view.selection(named, k, d.Shape.Layers),
			}
			for _, set := range s.view.without {
				o = o.without(set)
			}
			return o
		},
	}
}
