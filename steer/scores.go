package steer

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Scores holds a score of every MLP neuron, dense and lossless: [L,T,F] over the positions of a prompt, or [L,F] where
// there is no position axis (a contrast, a decomposition, a mean over prompts aligned from the end has one). Nothing is
// recomputed when a circuit is selected from it. Methods that narrow (Positive, Layers, SkipFirst, …) return a changed
// copy; they are selections of what is there, never new computations. Heads gives the scores of the attention heads from the
// same pass, which are narrowed and selected from as those of neurons.
//
// Scores may be lazy: in a notebook the first method that needs numbers fetches or computes them.
type Scores struct {
	load  func() dense
	view  view
	heads bool // of Heads, known before anything is loaded
	conditions
}

// dense is loaded scores.
type dense struct {
	about
	scores   []float32    // [L,T,F]; T is 1 without a position axis
	tokens   []float32    // relevance of the input embeddings [T]; nil where there is none
	headed   func() dense // the scores of the heads from the same pass; nil where there are none
	sourced  func() dense // of heads: the same scores by the position that they read; nil where there are none
	warnings []Warning
	attr     *message.AttributeBody // of one prompt; nil otherwise
	parts    []dense                // of a behavior: its examples
	header   Header                 // of the record that they came from
}

// about is what every kind of scores says of itself, as it stands in a record.
type about struct {
	Shape     Shape    `json:"shape"`
	Heads     bool     `json:"heads,omitempty"` // the scores are of attention heads, H a layer
	Positions int      `json:"positions"`       // T; 1 without a position axis
	Summed    bool     `json:"summed"`          // there is no position axis: entries have position −1
	Labels    []string `json:"labels"`          // text of each position; empty without a position axis
	BOS       bool     `json:"bos"`             // the first position is a real BOS
	Method    string   `json:"method"`          // how the scores were made, e.g. "relevance attribution"
	Metric    string   `json:"metric"`          // what they measure, e.g. logit(" Paris") − logit(" Rome")
	Unit      string   `json:"unit"`            // "logits"; empty for a plain number
	Reference float64  `json:"reference"`       // the metric's value, for Percent; 0: none
	N         int      `json:"n"`               // how much they rest on
	Of        string   `json:"of"`              // of what, e.g. "prompts"
}

// width returns how many neurons, or heads, a layer has a score for.
func (a about) width() int { return a.Shape.Units(a.Heads) }

// unit returns the neuron, or the head, of a place in scores [L,F] or [L,H].
func (a about) unit(at int) Neuron {
	return Neuron{Layer: at / a.width(), Index: at % a.width(), Head: a.Heads}
}

// units names what is scored.
func (a about) units() string {
	if a.Heads {
		return "heads"
	}
	return "neurons"
}

// fits makes a record that does not fit its own header empty. One without a number is of no model: a shape that nothing
// bears out is not to be trusted.
func (d dense) fits() dense {
	const most = 1 << 24
	L, T, F := d.Shape.Layers, d.Positions, d.width()
	if min(L, T, F) <= 0 || max(L, T, F) > most || L*T > math.MaxInt/F || L*T*F != len(d.scores) {
		d.Shape, d.Positions, d.about.Labels, d.scores = Shape{}, 0, nil, nil
	}
	return d
}

// newScores builds scores that are loaded once, by whoever first needs a number.
func newScores(load func() dense, v view) Scores {
	return Scores{load: sync.OnceValue(func() dense { return load().fits() }), view: v}
}

// under returns the scores with the interventions of their task.
func (s Scores) under(is []Intervention) Scores {
	s.conditions = under(is, func() Header { return s.data().header })
	return s
}

// data loads the scores; those of the zero value are empty.
func (s Scores) data() dense {
	if s.load == nil {
		return dense{}
	}
	return s.load()
}

// Shape returns the sizes of the model.
func (s Scores) Shape() Shape { return s.data().Shape }

// Tokens returns the tokens of the prompt; none where the scores are not of one prompt.
func (s Scores) Tokens() []Token {
	if a := s.data().attr; a != nil {
		return slices.Clone(a.Tokens)
	}
	return nil
}

// At returns the score of one neuron, or head, at one position, in the scores' unit; 0 outside the model or the prompt. Negative
// layers and positions count from the end.
func (s Scores) At(layer, position, index int) float64 {
	d := s.data()
	T, F := d.Positions, d.width()
	layer, position = fromEnd(layer, d.Shape.Layers), fromEnd(position, T)
	if layer < 0 || layer >= d.Shape.Layers || position < 0 || position >= T || index < 0 || index >= F {
		return 0
	}
	return float64(d.scores[(layer*T+position)*F+index])
}

// Dense returns every score, [L,T,F] or of heads [L,T,H] in row-major order, in the scores' unit. It is a view, narrowed by nothing; do not change it.
func (s Scores) Dense() Tensor {
	d := s.data()
	return Tensor{[]int{d.Shape.Layers, d.Positions, d.width()}, d.scores}
}

// ByToken returns the relevance of the input embeddings, ⟨∂m/∂e_t, e_t⟩ of each position, in the scores' unit.
func (s Scores) ByToken() []float64 {
	var out []float64
	for _, v := range s.data().tokens {
		out = append(out, float64(v))
	}
	return out
}

// attribute returns the attribution that the scores are of; the zero value where they are not of one prompt.
func (s Scores) attribute() message.AttributeBody {
	if a := s.data().attr; a != nil {
		return *a
	}
	return message.AttributeBody{}
}

// Metric returns m, the value that the scores explain, in their unit; 0 where there is none.
func (s Scores) Metric() float64 { return s.data().Reference }

// Target returns the target with its place among the predictions at the last position. A metric that is a sum of terms has
// none.
func (s Scores) Target() Ranked { return Ranked(s.attribute().Target) }

// Versus returns the counterfactual; ok is false when the target's logit stands alone.
func (s Scores) Versus() (t Token, ok bool) {
	if v := s.attribute().Metric.Versus; v != nil {
		return *v, true
	}
	return Token{}, false
}

// Conservation returns the self-check of the pass that made the scores; it does not hold where they are not of one pass.
func (s Scores) Conservation() Conservation { return s.data().conservation() }

// Rule returns what the backward pass held constant; ok is false where the scores are no attribution of a prompt.
func (s Scores) Rule() (r Rule, ok bool) { r = s.attribute().Rule; return r, r != "" }

// Warnings returns what a reader must know before concluding anything.
func (s Scores) Warnings() []Warning {
	d := s.data()
	return append(slices.Clone(d.warnings), d.doubts(s.view)...)
}

// String returns one line: what was scored, on what, and how well the pass checks.
func (s Scores) String() string {
	d := s.data()
	line := fmt.Sprintf("%s of %d × %d %s", d.Method, d.Shape.Layers, d.width(), d.units())
	if !d.Summed {
		line += fmt.Sprintf(" at %d positions", d.Positions)
	}
	if d.about.Metric != "" {
		line += " for " + d.about.Metric
	}
	if d.attr != nil {
		line += fmt.Sprintf(" = %+.3f (%s)", d.Reference, d.checked())
	}
	return line
}

// checked says how well the pass checks itself, in a few words.
func (d dense) checked() string {
	if c, ok := d.completeness(); ok {
		return fmt.Sprintf("%d steps, residual %.0e", c.Steps, c.Residual)
	}
	c := d.conservation()
	return fmt.Sprintf("attention %+.3f, residual %.0e", c.Attention, c.Residual)
}
