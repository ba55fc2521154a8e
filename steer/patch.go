package steer

import (
	"context"
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Patch measures what every unit does on its own, by doing it: the unit's activation is set to what it is elsewhere, the rest of
// the model runs on, and the effect is what the metric loses, in logits. It is exact activation patching (Meng et al.,
// arXiv 2202.05262; Zhang and Nanda, arXiv 2309.16042), the truth that scores of one backward pass are held against:
//
//	truth, err := m.Patch(set).Sample(500).Run(ctx)
//	relp, err := m.Behavior(set).Run(ctx)
//	fmt.Println(truth.Agreement(relp).Pearson)
//
// By default units are set to zero at every position, and all MLP neurons are patched, each a pass for each example: that is
// 46,080 passes a prompt on SmolLM2-135M, which Sample cuts down. It is computed in parts, and a store keeps each, so what was
// canceled goes on from there.
func (m *Model) Patch(examples ExampleSet) PatchTask {
	return PatchTask{m: m, examples: examples, ablation: ZeroAblation}
}

// PatchTask describes exact activation patching. Its methods return changed copies.
type PatchTask struct {
	m         *Model
	examples  ExampleSet
	shared    message.Prompt // chat settings for every prompt
	units     []Circuit
	pairs     []Circuit
	sample    int
	ablation  Ablation
	patches   []string
	alignEnd  bool
	keepFirst bool
	seed      uint64
	edits     []Intervention
}

// Units patches the neurons and heads of a circuit, in place of all neurons. What a head is set to is its output, a vector of as many
// numbers as it has channels.
func (t PatchTask) Units(c Circuit) PatchTask { t.units = append(slices.Clone(t.units), c); return t }

// Sample patches n neurons that are drawn, as many in one layer as in another, beside those of Units and Pairs, in place of all.
func (t PatchTask) Sample(n int) PatchTask { t.sample = n; return t }

// Pairs patches the units of a circuit one by one and two by two, for their synergy: K(K−1)/2 passes more an example.
func (t PatchTask) Pairs(c Circuit) PatchTask { t.pairs = append(slices.Clone(t.pairs), c); return t }

// Ablation sets what a unit is set to; the default is ZeroAblation. PatchAblation takes it from the example's own Patch prompt.
func (t PatchTask) Ablation(a Ablation) PatchTask { t.ablation = a; return t }

// PatchPrompts sets the prompts that means are over and that ResampleAblation draws from; without any they are the examples' own.
func (t PatchTask) PatchPrompts(texts ...string) PatchTask {
	t.patches = append(slices.Clone(t.patches), texts...)
	return t
}

// AlignEnd lets prompts differ in length where activations go from position to position: see FaithfulnessTask.AlignEnd.
func (t PatchTask) AlignEnd() PatchTask { t.alignEnd = true; return t }

// KeepFirst leaves every unit as it is at the first position, where an attention sink may be: see "The first position".
func (t PatchTask) KeepFirst() PatchTask { t.keepFirst = true; return t }

// Seed sets the seed of the sample, draws and resamples; the default is 0.
func (t PatchTask) Seed(seed uint64) PatchTask { t.seed = seed; return t }

// Chat renders every prompt as a user's turn of the model's chat template. An example may also ask for that itself.
func (t PatchTask) Chat() PatchTask { t.shared = t.shared.InChat(); return t }

// System sets the system prompt of the prompts that have none of their own, and Chat.
func (t PatchTask) System(s string) PatchTask { t.shared = t.shared.WithSystem(s); return t }

// Prefill begins the answer of the prompts that have none of their own, and sets Chat.
func (t PatchTask) Prefill(s string) PatchTask { t.shared = t.shared.WithPrefill(s); return t }

// With adds interventions that hold in every pass; units are patched after them.
func (t PatchTask) With(is ...Intervention) PatchTask { t.edits = with(t.edits, is...); return t }

// Ablate sets the circuit's neurons to zero at every position of every pass: With(Ablate(c)).
func (t PatchTask) Ablate(c Circuit) PatchTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position of every pass: With(Scale(c, x)).
func (t PatchTask) Scale(c Circuit, x float64) PatchTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t PatchTask) Model() *Model { return t.m }

// Run computes the effects.
func (t PatchTask) Run(ctx context.Context) (Patching, error) { return run(ctx, t) }

// Result builds the patching around fetch.
func (t PatchTask) Result(fetch func() Record) Patching { return newPatching(fetch, t.edits...) }

// Request implements Task. The file of examples is read here, and circuits that are still lazy are computed.
func (t PatchTask) Request() (Request, error) {
	examples, rerr := t.examples.Read()
	edits, err := interventions("patch", t.m, t.edits)
	s := message.PatchSettings{
		Sample: t.sample, Ablation: string(t.ablation), Patches: t.shared.Texts(t.patches), AlignEnd: t.alignEnd, KeepFirst: t.keepFirst, Seed: t.seed, Edits: edits,
	}
	var pairErr, unitErr error
	s.Pairs, pairErr = unitsOf(t.m, t.pairs)
	s.Units, unitErr = unitsOf(t.m, slices.Concat(t.units, t.pairs))
	for _, e := range examples {
		c := message.PatchCase{SweepCase: e.sweepCase()}
		c.Prompt = c.Prompt.Sharing(t.shared)
		if e.Patch != "" && t.ablation == PatchAblation {
			p := c.Prompt
			p.Text = e.Patch
			c.Patch = &p
		}
		s.Cases = append(s.Cases, c)
	}
	return newRequest(s, errors.Join(rerr, pairErr, unitErr), err)
}

// unitsOf returns the distinct units of circuits for a task of m, by place.
func unitsOf(m *Model, cs []Circuit) (out []Neuron, err error) {
	var errs []error
	for _, c := range cs {
		ns, err := c.ranking(m)
		if err == nil && len(ns) == 0 {
			err = engine.Mistake(engine.BadSetting, "the circuit %q is empty, so there is nothing to patch", c.Name()).Try("select some neurons, e.g. TopK(20)")
		}
		out, errs = append(out, ns...), append(errs, err)
	}
	slices.SortFunc(out, message.ByPlace)
	return slices.Compact(out), errors.Join(errs...)
}
