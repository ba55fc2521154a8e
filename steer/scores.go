package steer

import (
	"fmt"
	"slices"
	"sync"
)

// Scores holds the score of every MLP neuron at every position of a prompt, dense and lossless: [L,T,F]. Nothing is
// recomputed when a circuit is selected from it. Methods that narrow (Positive, Layers, SkipFirst, …) return a changed
// copy; they are selections of what is there, never new computations.
//
// Scores may be lazy: in a notebook the first method that needs numbers fetches or computes them.
type Scores struct {
	load func() dense
	rec  func() Record
	view view
}

// dense is a loaded record of scores.
type dense struct {
	shape  Shape
	tokens []Token
	bos    bool
	scores []float32 // [L,T,F]
	body   attributeBody
}

func newScores(fetch func() Record, v view) Scores {
	load := sync.OnceValue(func() dense {
		r := fetch()
		b := body[attributeBody](r)
		d := dense{b.Shape, b.Tokens, b.BOS, r.Tensors["scores"].Data, b}
		if len(d.scores) != d.shape.Layers*len(d.tokens)*d.shape.Neurons {
			d.tokens, d.scores = nil, nil // a record that does not fit its own header shows as empty
		}
		return d
	})
	return Scores{load, fetch, v}
}

// Shape returns the sizes of the model.
func (s Scores) Shape() Shape { return s.load().shape }

// Tokens returns the tokens of the prompt.
func (s Scores) Tokens() []Token { return slices.Clone(s.load().tokens) }

// At returns the score of one neuron at one position, in logits; 0 outside the model or the prompt.
func (s Scores) At(layer, position, index int) float64 {
	d := s.load()
	T, F := len(d.tokens), d.shape.Neurons
	if layer < 0 || layer >= d.shape.Layers || position < 0 || position >= T || index < 0 || index >= F {
		return 0
	}
	return float64(d.scores[(layer*T+position)*F+index])
}

// Dense returns every score, [L,T,F] in row-major order, in logits. It is a view, narrowed by nothing; do not change it.
func (s Scores) Dense() Tensor { return s.rec().Tensors["scores"] }

// ByToken returns the relevance of the input embeddings, ⟨∂m/∂e_t, e_t⟩ of each position, in logits.
func (s Scores) ByToken() []float64 {
	var out []float64
	for _, v := range s.rec().Tensors["tokens"].Data {
		out = append(out, float64(v))
	}
	return out
}

// Metric returns m, the value that the scores explain, in logits.
func (s Scores) Metric() float64 { return s.load().body.Conservation.Metric }

// Target returns the target with its place among the predictions at the last position.
func (s Scores) Target() Ranked { return s.load().body.Target }

// Versus returns the counterfactual; ok is false when the target's logit stands alone.
func (s Scores) Versus() (t Token, ok bool) {
	if v := s.load().body.Metric.Versus; v != nil {
		return *v, true
	}
	return Token{}, false
}

// Conservation returns the self-check of the pass that made the scores.
func (s Scores) Conservation() Conservation { return s.load().body.Conservation }

// Warnings returns what a reader must know before concluding anything.
func (s Scores) Warnings() []Warning { return slices.Clone(s.rec().Header.Warnings) }

// Positive narrows to neurons that support the metric: Σ_t score > 0 before TopK, score > 0 before TopEntries.
func (s Scores) Positive() Scores { s.view = s.view.signed(1); return s }

// Negative narrows to neurons that oppose the metric.
func (s Scores) Negative() Scores { s.view = s.view.signed(-1); return s }

// Layers narrows to layers lo to hi, both included.
func (s Scores) Layers(lo, hi int) Scores { s.view = s.view.within(lo, hi); return s }

// LastPositions narrows to the last n positions; an n below 1 is no bound.
func (s Scores) LastPositions(n int) Scores { s.view = s.view.last(n); return s }

// SkipFirst leaves out the first position, even where it is an ordinary token.
func (s Scores) SkipFirst() Scores { s.view = s.view.skipFirst(); return s }

// KeepBOS keeps a real BOS, which is left out otherwise.
func (s Scores) KeepBOS() Scores { s.view.keepBOS = true; return s }

// Candidates keeps only the n largest |score| of every layer and position; 200 is what the reference implementation keeps.
// An n below 1 keeps all.
func (s Scores) Candidates(n int) Scores { s.view.candidates = max(n, 0); return s }

// TopK returns the circuit of the k distinct neurons with the largest |Σ_t score|: the first-order effect of scaling that
// neuron everywhere.
func (s Scores) TopK(k int) Circuit {
	return s.circuit(fmt.Sprintf("top %d neurons", k), func(d dense) []Entry { return topNeurons(d, s.view, k) })
}

// TopEntries returns the circuit of the k entries (layer, position, neuron) with the largest |score|, as the reference
// implementation counts.
func (s Scores) TopEntries(k int) Circuit {
	return s.circuit(fmt.Sprintf("top %d entries", k), func(d dense) []Entry { return topEntries(d, s.view, k) })
}

func (s Scores) circuit(name string, pick func(dense) []Entry) Circuit {
	entries := sync.OnceValue(func() []Entry { return pick(s.load()) })
	return Circuit{name: name, entries: entries, origin: func() origin {
		b := s.load().body
		return origin{b.Shape, b.Metric.About(), len(b.Tokens)}
	}}
}

// String returns one line: what was scored, on what, and how well the pass checks.
func (s Scores) String() string {
	d := s.load()
	c := d.body.Conservation
	return fmt.Sprintf("scores of %d × %d neurons at %d positions for %s = %+.3f (attention %+.3f, residual %.0e)",
		d.shape.Layers, d.shape.Neurons, len(d.tokens), d.body.Metric.About(), c.Metric, c.Attention, c.Residual)
}
