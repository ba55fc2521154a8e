package steer

import (
	"context"
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// sweepBody is the part of a sweep's record that is not tensors. The tensors are, with the circuit as row 0 of 1+R and the
// controls after it:
//
//	difference, target, versus [M,1+R,N]  logit(target) − logit(versus), and both probabilities
//	unsteered                  [3,N]      the same three without scaling
//	controls                   [R,K,2]    layer and index of the controls' neurons
//	kl, nll                    [1+M,S]    sums over the positions of a text, the unsteered model first
type sweepBody struct {
	Shape         engine.Shape `json:"shape"`
	Neurons       []Neuron     `json:"neurons"`
	Multipliers   []float64    `json:"multipliers"`
	Seed          uint64       `json:"seed"`
	Controls      int          `json:"controls"`
	Cases         []sweptCase  `json:"cases"`
	Texts         []string     `json:"texts,omitempty"`
	Tokens        []int        `json:"tokens,omitempty"`        // of each text
	Continuations [][]string   `json:"continuations,omitempty"` // [1+M,S]
}

// executeSweep measures the prompts under every pass, then the side effects.
func executeSweep(ctx context.Context, e engine.Engine, text engine.Tokenizer, r Request, emit func(Event)) (Record, error) {
	var s sweepSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	if err := errors.Join(s.check(), s.checkCases()); err != nil {
		return Record{}, err
	}
	shape := e.Shape()
	in, err := s.read(text, shape)
	scaled := intervention{Op: opScale, Neurons: s.Neurons, Scope: everywhere}
	if err := errors.Join(err, checkInterventions("sweep", shape, append(s.Edits[:len(s.Edits):len(s.Edits)], scaled))); err != nil {
		return Record{}, err
	}
	circuits, err := s.circuits(shape)
	if err != nil {
		return Record{}, err
	}
	got := newSweepResponse(len(s.Multipliers), len(circuits), len(in.cases))
	if err := s.measure(ctx, e, in, circuits, got, editBytes, emit); err != nil {
		return Record{}, err
	}
	b := sweepBody{Shape: shape, Neurons: s.Neurons, Multipliers: s.Multipliers, Seed: s.Seed, Controls: s.Controls, Cases: in.cases}
	tensors := got.tensors(circuits[1:])
	if s.Beside {
		side, err := s.sideEffects(ctx, e, text, in, emit)
		if err != nil {
			return Record{}, err
		}
		b.Texts, b.Tokens, b.Continuations = s.Texts, side.tokens, side.continuations
		shape := []int{1 + len(s.Multipliers), len(s.Texts)}
		tensors["kl"], tensors["nll"] = Tensor{shape, side.kl}, Tensor{shape, side.nll}
	}
	return record(b, in.warnings, tensors)
}

// circuits returns the circuit and its controls.
func (s sweepSettings) circuits(shape engine.Shape) ([][]Neuron, error) {
	out := [][]Neuron{s.Neurons}
	if s.Controls == 0 {
		return out, nil
	}
	draw, err := newControls("sweep", s.Neurons, s.Without, shape, s.Seed)
	if err != nil {
		return nil, err
	}
	for range s.Controls {
		out = append(out, draw.next())
	}
	return out, nil
}

// scaling returns the interventions of a pass: those of every pass, then neurons times x. A multiplier of 1 is none, which
// is the same bit for bit.
func (s sweepSettings) scaling(neurons []Neuron, x float64) []intervention {
	list := s.Edits[:len(s.Edits):len(s.Edits)]
	if x == 1 {
		return list
	}
	return append(list, intervention{Op: opScale, Neurons: neurons, X: x, Scope: everywhere, SkipBOS: s.SkipBOS})
}

// A sweepPass is one circuit times one multiplier; the unsteered pass has multiplier 1 and no row.
type sweepPass struct {
	row, circuit int // row −1: unsteered
}

// passes lists every pass that is not the unsteered one, which comes first.
func (s sweepSettings) passes(circuits int) []sweepPass {
	out := []sweepPass{{-1, 0}}
	for m, x := range s.Multipliers {
		for c := range circuits {
			if x != 1 {
				out = append(out, sweepPass{m, c})
			}
		}
	}
	return out
}

// editBytes bounds the memory of the edits of one call of the engine.
const editBytes = 256 << 20

// measure runs every pass on every prompt, as many in one call as a bound of the edits' bytes allows.
func (s sweepSettings) measure(ctx context.Context, e engine.Engine, in swept, circuits [][]Neuron, got *sweepResponse, bound int, emit func(Event)) error {
	passes, shape := s.passes(len(circuits)), e.Shape()
	done, total := 0, len(passes)*len(in.prompts)
	emit(Event{Phase: "sweep", Total: total})
	for len(passes) > 0 {
		var edits []*engine.Edit
		for size := 0; len(edits) < len(passes) && (len(edits) == 0 || size <= bound); {
			edit := s.edit(shape, circuits, passes[len(edits)], in)
			edits, size = append(edits, edit), size+edit.Bytes()
		}
		part := passes[:len(edits)]
		each := func(edit, prompt int, logits []float32) error {
			if err := s.finite(part[edit], in, prompt, logits); err != nil {
				return err
			}
			norm := logSum(logits)
			for _, c := range in.byPrompt[prompt] {
				got.put(part[edit], c, logits, norm, in.cases[c])
			}
			done++
			emit(Event{Phase: "sweep", Done: done, Total: total})
			return nil
		}
		if err := e.Variants(ctx, in.prompts, edits, each, nil); err != nil {
			return s.located(err, part, in)
		}
		passes = passes[len(edits):]
	}
	got.fill(s.Multipliers)
	return nil
}

// edit composes one pass.
func (s sweepSettings) edit(shape engine.Shape, circuits [][]Neuron, p sweepPass, in swept) *engine.Edit {
	x := 1.
	if p.row >= 0 {
		x = s.Multipliers[p.row]
	}
	return composeBatch(shape, s.scaling(circuits[p.circuit], x), in.lengths, in.bos)
}

// finite reports logits that are not numbers, and the pass that made them.
func (s sweepSettings) finite(p sweepPass, in swept, prompt int, logits []float32) error {
	if i := notFinite(logits); i >= 0 {
		return s.overflow(p, in, prompt, fmt.Sprintf("a logit that is not a finite number (%v)", logits[i]))
	}
	return nil
}

// located names the pass of a mistake that the engine found in one.
func (s sweepSettings) located(err error, part []sweepPass, in swept) error {
	var e *engine.Error
	if errors.As(err, &e) && e.Place != nil && e.Place.Edit >= 0 && e.Place.Layer >= 0 {
		return s.overflow(part[e.Place.Edit], in, e.Place.Prompt, fmt.Sprintf("numbers that are not finite, or too large, in layer %d", e.Place.Layer))
	}
	return fmt.Errorf("sweep: %w", err)
}

func (s sweepSettings) overflow(p sweepPass, in swept, prompt int, what string) error {
	by := "the unsteered model"
	if p.row >= 0 {
		by = fmt.Sprintf("the multiplier %v", s.Multipliers[p.row])
	}
	return engine.Errorf(engine.NotFinite, "sweep", "%s gives %s on %q", by, what, in.cases[in.byPrompt[prompt][0]].Prompt).
		Try("use smaller multipliers; if the unsteered model does it, the weights may be damaged: neuronsteer check")
}
