package execute

import (
	"context"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runSweep measures the prompts under every pass, a long sweep part by part, then the side effects.
func runSweep(ctx context.Context, e *env, settings message.SweepSettings) (any, tensors, error) {
	s := sweeping{SweepSettings: settings}
	in, err := s.read(e)
	if err != nil {
		return nil, nil, err
	}
	if s.around, err = s.center(ctx, e, in); err != nil {
		return nil, nil, err
	}
	circuits, err := s.circuits(e.Shape())
	if err != nil {
		return nil, nil, err
	}
	got := newSweepResponse(len(s.Multipliers), len(circuits), len(in.cases))
	if parts := s.Parts(); len(parts) > 0 {
		err = s.inParts(ctx, e, parts, got)
	} else {
		err = s.measure(ctx, e, in, circuits, got, editBytes)
	}
	if err != nil {
		return nil, nil, err
	}
	b := message.SweepBody{Shape: e.Shape(), Neurons: s.Neurons, Multipliers: s.Multipliers, Seed: s.Seed, Controls: s.Controls, Ablation: s.Ablation, Prompted: s.Prompted, Gated: s.Gate != nil, Cases: in.cases}
	ts := got.tensors(circuits[1:])
	if s.Beside {
		side, err := s.sideEffects(ctx, e, in)
		if err != nil {
			return nil, nil, err
		}
		b.Texts, b.Tokens, b.Continuations = s.Texts, side.tokens, side.continuations
		shape := []int{1 + len(s.Multipliers), len(s.Texts)}
		ts["kl"], ts["nll"] = steer.Tensor{Shape: shape, Data: side.kl}, steer.Tensor{Shape: shape, Data: side.nll}
	}
	return b, ts, nil
}

// sweeping is a sweep that is being run.
type sweeping struct {
	message.SweepSettings
	around center
}

// circuits returns the circuit and its controls.
func (s sweeping) circuits(shape engine.Shape) ([][]engine.Neuron, error) {
	out := [][]engine.Neuron{s.Neurons}
	if s.Controls == 0 {
		return out, nil
	}
	draws, err := steer.MatchedControls(steer.NewCircuit("circuit", s.Neurons...), steer.NewNeuronSet("without", s.Without...), shape, s.Controls, s.Seed)
	if err != nil {
		return nil, err
	}
	for _, c := range draws {
		out = append(out, c.Neurons())
	}
	return out, nil
}

// scaling returns the interventions of a pass: those of every pass, then neurons times x. A multiplier of 1 is none, which
// is the same bit for bit.
func (s sweeping) scaling(neurons []engine.Neuron, x float64) []message.Intervention {
	list := slices.Clip(s.Edits)
	if x == 1 {
		return list
	}
	list = append(list, message.Intervention{Op: message.OpScale, Neurons: neurons, X: x, Scope: message.Everywhere, SkipBOS: s.SkipBOS, Gate: s.Gate})
	return s.around.everywhere(list, neurons, x)
}

// A sweepPass is one circuit times one multiplier; the unsteered pass has multiplier 1 and no row.
type sweepPass struct {
	row, circuit int // row −1: unsteered
}

// passes lists every pass that is not the unsteered one, which comes first.
func (s sweeping) passes(circuits int) []sweepPass {
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

// measure runs every pass on every prompt, as many in one call as a bound of the edits' bytes allows, then the unsteered model
// after the instruction.
func (s sweeping) measure(ctx context.Context, e *env, in sweepInput, circuits [][]engine.Neuron, got *sweepResponse, bound int) error {
	list, shape := s.passes(len(circuits)), e.Shape()
	done, total := 0, len(list)*len(in.prompts)+len(in.prompted.prompts)
	e.emit(steer.Event{Phase: "sweep", Total: total})
	each := func(set promptSet, keep func(p sweepPass, at int, got [3]float32)) func(p sweepPass, prompt int, logits []float32) {
		return func(p sweepPass, prompt int, logits []float32) {
			norm := message.LogSum(logits)
			for _, c := range set.byPrompt[prompt] {
				keep(p, c, measured(logits, norm, in.cases[c]))
			}
			done++
			e.emit(steer.Event{Phase: "sweep", Done: done, Total: total})
		}
	}
	err := passes[sweepPass]{
		edit:     func(p sweepPass) *engine.Edit { return s.edit(shape, circuits, p, in) },
		each:     each(in.promptSet, got.put),
		overflow: func(p sweepPass, prompt int, gives string) error { return s.overflow(p, in, prompt, gives) },
	}.run(ctx, e, in.prompts, list, bound)
	if err != nil {
		return err
	}
	got.fill(s.Multipliers)
	if s.Prompted == "" {
		return nil
	}
	got.prompted = make([]float32, 3*got.n)
	return passes[sweepPass]{
		edit: func(sweepPass) *engine.Edit {
			return composeBatch(shape, s.Edits, in.prompted.lengths, in.prompted.bos)
		},
		each: each(in.prompted, func(_ sweepPass, at int, x [3]float32) { got.column(got.prompted, at, x) }),
		overflow: func(_ sweepPass, prompt int, gives string) error {
			return engine.Mistake(engine.NotFinite, "the unsteered model gives %s on %q after the instruction", gives, in.cases[in.prompted.byPrompt[prompt][0]].Prompt).
				Try(engine.TryCheck)
		},
	}.run(ctx, e, in.prompted.prompts, []sweepPass{{row: -1}}, bound)
}

// edit composes one pass.
func (s sweeping) edit(shape engine.Shape, circuits [][]engine.Neuron, p sweepPass, in sweepInput) *engine.Edit {
	x := 1.
	if p.row >= 0 {
		x = s.Multipliers[p.row]
	}
	list := s.scaling(circuits[p.circuit], x)
	if s.around.at == nil || x == 1 {
		return composeBatch(shape, list, in.lengths, in.bos)
	}
	return s.around.edit(shape, list, circuits[p.circuit], x, in)
}

// overflow is the mistake of a pass whose numbers float32 does not hold.
func (s sweeping) overflow(p sweepPass, in sweepInput, prompt int, gives string) error {
	by := "the unsteered model"
	if p.row >= 0 {
		by = fmt.Sprintf("the multiplier %v", s.Multipliers[p.row])
	}
	return engine.Mistake(engine.NotFinite, "%s gives %s on %q", by, gives, in.cases[in.byPrompt[prompt][0]].Prompt).
		Try("use smaller multipliers; if the unsteered model does it, " + engine.TryCheck)
}
