package steer

import (
	"fmt"
	"slices"
	"sync"
)

// Scores holds a score of every MLP neuron, dense and lossless: [L,T,F] over the positions of a prompt, or [L,F] where
// there is no position axis (a contrast, a decomposition, a mean over prompts aligned from the end has one). Nothing is
// recomputed when a circuit is selected from it. Methods that narrow (Positive, Layers, SkipFirst, …) return a changed
// copy; they are selections of what is there, never new computations.
//
// Scores may be lazy: in a notebook the first method that needs numbers fetches or computes them.
type Scores struct {
	load func() dense
	view view
}

// dense is loaded scores.
type dense struct {
	about
	scores   []float32 // [L,T,F]; T is 1 without a position axis
	tokens   []float32 // relevance of the input embeddings [T]; nil where there is none
	warnings []Warning
	attr     *attributeBody // of one prompt; nil otherwise
	header   Header         // of the record that they came from
}

// about is what every kind of scores says of itself, as it stands in a record.
type about struct {
	Shape     Shape    `json:"shape"`
	Positions int      `json:"positions"` // T; 1 without a position axis
	Summed    bool     `json:"summed"`    // there is no position axis: entries have position −1
	Labels    []string `json:"labels"`    // text of each position; empty without a position axis
	BOS       bool     `json:"bos"`       // the first position is a real BOS
	Method    string   `json:"method"`    // how the scores were made, e.g. "relevance attribution"
	Metric    string   `json:"metric"`    // what they measure, e.g. logit(" Paris") − logit(" Rome")
	Unit      string   `json:"unit"`      // "logits"; empty for a plain number
	Reference float64  `json:"reference"` // the metric's value, for Percent; 0: none
	N         int      `json:"n"`         // how much they rest on
	Of        string   `json:"of"`        // of what, e.g. "prompts"
}

// fits makes a record that does not fit its own header empty.
func (d dense) fits() dense {
	if d.Positions < 0 || len(d.scores) != d.Shape.Layers*d.Positions*d.Shape.Neurons {
		d.Positions, d.Labels, d.scores = 0, nil, nil
	}
	return d
}

// newScores builds scores that are loaded once, by whoever first needs a number.
func newScores(load func() dense, v view) Scores {
	return Scores{sync.OnceValue(func() dense { return load().fits() }), v}
}

// Shape returns the sizes of the model.
func (s Scores) Shape() Shape { return s.load().Shape }

// Tokens returns the tokens of the prompt; none where the scores are not of one prompt.
func (s Scores) Tokens() []Token {
	if a := s.load().attr; a != nil {
		return slices.Clone(a.Tokens)
	}
	return nil
}

// At returns the score of one neuron at one position, in logits; 0 outside the model or the prompt.
func (s Scores) At(layer, position, index int) float64 {
	d := s.load()
	T, F := d.Positions, d.Shape.Neurons
	if layer < 0 || layer >= d.Shape.Layers || position < 0 || position >= T || index < 0 || index >= F {
		return 0
	}
	return float64(d.scores[(layer*T+position)*F+index])
}

// Dense returns every score, [L,T,F] in row-major order, in logits. It is a view, narrowed by nothing; do not change it.
func (s Scores) Dense() Tensor {
	d := s.load()
	return Tensor{[]int{d.Shape.Layers, d.Positions, d.Shape.Neurons}, d.scores}
}

// ByToken returns the relevance of the input embeddings, ⟨∂m/∂e_t, e_t⟩ of each position, in logits.
func (s Scores) ByToken() []float64 {
	var out []float64
	for _, v := range s.load().tokens {
		out = append(out, float64(v))
	}
	return out
}

// attribute returns the attribution that the scores are of; the zero value where they are not of one prompt.
func (s Scores) attribute() attributeBody {
	if a := s.load().attr; a != nil {
		return *a
	}
	return attributeBody{}
}

// Metric returns m, the value that the scores explain, in logits; 0 where there is none.
func (s Scores) Metric() float64 { return s.load().Reference }

// Target returns the target with its place among the predictions at the last position.
func (s Scores) Target() Ranked { return s.attribute().Target }

// Versus returns the counterfactual; ok is false when the target's logit stands alone.
func (s Scores) Versus() (t Token, ok bool) {
	if v := s.attribute().Metric.Versus; v != nil {
		return *v, true
	}
	return Token{}, false
}

// Conservation returns the self-check of the pass that made the scores; it does not hold where they are not of one pass.
func (s Scores) Conservation() Conservation { return s.attribute().Conservation }

// Warnings returns what a reader must know before concluding anything.
func (s Scores) Warnings() []Warning { return slices.Clone(s.load().warnings) }

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
		d := s.load()
		return origin{d.Shape, d.about.Metric, d.Unit, d.Positions}
	}}
}

// String returns one line: what was scored, on what, and how well the pass checks.
func (s Scores) String() string {
	d := s.load()
	line := fmt.Sprintf("%s of %d × %d neurons", d.Method, d.Shape.Layers, d.Shape.Neurons)
	if !d.Summed {
		line += fmt.Sprintf(" at %d positions", d.Positions)
	}
	if d.about.Metric != "" {
		line += " for " + d.about.Metric
	}
	if d.attr != nil {
		c := d.attr.Conservation
		line += fmt.Sprintf(" = %+.3f (attention %+.3f, residual %.0e)", c.Metric, c.Attention, c.Residual)
	}
	return line
}
