package steer

import (
	"context"
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Faithfulness asks how much of a behavior the first units of a ranking carry, for a list of sizes: what is left of the
// metric when all units but those are ablated, F(C), and when only those are, F(C̄), beside the whole model, F(M), and the
// model with every unit ablated, F(∅). All neurons are units where neurons are ranked, all heads where heads are.
//
//	found, err := m.Behavior(set.Train()).Run(ctx)
//	curve, err := m.Faithfulness(found, set.Test()).Controls(19).Run(ctx)
//
// faithfulness f = (F(C) − F(∅))/(F(M) − F(∅)) is 1 where the units suffice, and completeness c = (F(C̄) − F(∅))/(F(M) − F(∅))
// is 0 where nothing else does it (Marks et al., arXiv 2403.19647; the metric is the mean over examples of logit(target) −
// logit(versus) at the last position, in logits). By default units are ablated to their mean at each position over the
// examples' own prompts, and the sizes are 0, .2, .5, 1, 2, 5, 10, 20, 50, 70 and 100 percent of what is ranked.
func (m *Model) Faithfulness(r Ranking, examples ExampleSet) FaithfulnessTask {
	return FaithfulnessTask{m: m, ranked: r, examples: examples, ablation: MeanAblation}
}

// An Ablation is what a unit that is not kept is set to.
type Ablation string

// The ablations. Of a head they mean its whole output, a vector.
const (
	MeanAblation      Ablation = message.AblateMean     // its mean over the patch prompts, at each position
	TokenMeanAblation Ablation = message.AblateToken    // its mean over all tokens of the patch prompts, at every position the same
	ZeroAblation      Ablation = message.AblateZero     // zero
	PatchAblation     Ablation = message.AblatePatch    // what it is on the example's own Patch prompt, at each position
	ResampleAblation  Ablation = message.AblateResample // what it is on a patch prompt drawn for the example, at each position
)

// FaithfulnessTask describes a faithfulness curve. Its methods return changed copies.
type FaithfulnessTask struct {
	m           *Model
	ranked      Ranking
	examples    ExampleSet
	shared      message.Prompt // chat settings for every prompt
	ablation    Ablation
	patches     []string
	alignEnd    bool
	keepFirst   bool
	sizes       []int
	percentages []float64
	controls    int
	active      bool
	embeddings  bool
	transplant  bool
	seed        uint64
	edits       []Intervention
}

// Ablation sets what units are set to; the default is MeanAblation.
func (t FaithfulnessTask) Ablation(a Ablation) FaithfulnessTask { t.ablation = a; return t }

// PatchPrompts sets the prompts that means are over and that ResampleAblation draws from; without any they are the examples'
// own, and none is drawn for itself.
func (t FaithfulnessTask) PatchPrompts(texts ...string) FaithfulnessTask {
	t.patches = append(slices.Clone(t.patches), texts...)
	return t
}

// AlignEnd lets prompts differ in length where activations go from position to position: first tokens stand on one another,
// all others as far from the end. Without it unequal lengths are a mistake, since their positions do not mean the same.
func (t FaithfulnessTask) AlignEnd() FaithfulnessTask { t.alignEnd = true; return t }

// KeepFirst leaves all units as they are at the first position, in every pass, and that position out of means over tokens. An
// attention sink there is not of the behavior, but without it, or with its activations everywhere, a model says nothing: see
// "The first position".
func (t FaithfulnessTask) KeepFirst() FaithfulnessTask { t.keepFirst = true; return t }

// Sizes keeps the first units of the ranking by number, in place of the default percentages.
func (t FaithfulnessTask) Sizes(units ...int) FaithfulnessTask {
	t.sizes = append(slices.Clone(t.sizes), units...)
	return t
}

// Percentages keeps the first units by their share of the ranked ones, 0 to 100, in place of the default percentages; decimals
// of the number are dropped.
func (t FaithfulnessTask) Percentages(p ...float64) FaithfulnessTask {
	t.percentages = append(slices.Clone(t.percentages), p...)
	return t
}

// Controls measures n random rankings beside the ranking, with as many units in each layer at every size. A random set holds those
// of smaller sizes, as a circuit does, and what it has beyond them is drawn without the circuit's own where a layer has enough
// others. Each costs as many passes as the ranking itself.
func (t FaithfulnessTask) Controls(n int) FaithfulnessTask { t.controls = n; return t }

// EquallyActive draws every unit of a control from the ten others of its layer that are closest to one of the ranking's in
// mean |activation| on the examples, or a head's in mean length of its output: the harder null, since most neurons are nearly silent and keeping or ablating them does
// nothing.
func (t FaithfulnessTask) EquallyActive() FaithfulnessTask { t.active = true; return t }

// WithEmbeddings counts the embeddings among what is ablated, as MIB does the input (arXiv 2504.13151): they are ablated only where
// no unit is kept, so that F(∅) is the model on the Patch prompts. It needs PatchAblation. Without it F(∅) still reads the
// example's own tokens, and f is the share of what the units add to that.
func (t FaithfulnessTask) WithEmbeddings() FaithfulnessTask { t.embeddings = true; return t }

// Transplant also measures sufficiency: the units' activations on an example's prompt are put into its Patch prompt, and
// FaithfulnessRow.Sufficiency is the share of the difference between the two prompts that they bring along.
func (t FaithfulnessTask) Transplant() FaithfulnessTask { t.transplant = true; return t }

// Seed sets the seed of controls, draws and resamples; the default is 0.
func (t FaithfulnessTask) Seed(seed uint64) FaithfulnessTask { t.seed = seed; return t }

// Chat renders every prompt as a user's turn of the model's chat template. An example may also ask for that itself.
func (t FaithfulnessTask) Chat() FaithfulnessTask { t.shared = t.shared.InChat(); return t }

// System sets the system prompt of the prompts that have none of their own, and Chat.
func (t FaithfulnessTask) System(s string) FaithfulnessTask {
	t.shared = t.shared.WithSystem(s)
	return t
}

// Prefill begins the answer of the prompts that have none of their own, and sets Chat.
func (t FaithfulnessTask) Prefill(s string) FaithfulnessTask {
	t.shared = t.shared.WithPrefill(s)
	return t
}

// With adds interventions that hold in every pass; units are ablated after them.
func (t FaithfulnessTask) With(is ...Intervention) FaithfulnessTask {
	t.edits = with(t.edits, is...)
	return t
}

// Ablate sets the circuit's neurons to zero at every position of every pass: With(Ablate(c)).
func (t FaithfulnessTask) Ablate(c Circuit) FaithfulnessTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position of every pass: With(Scale(c, x)).
func (t FaithfulnessTask) Scale(c Circuit, x float64) FaithfulnessTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t FaithfulnessTask) Model() *Model { return t.m }

// Run computes the curve.
func (t FaithfulnessTask) Run(ctx context.Context) (FaithfulnessCurve, error) { return run(ctx, t) }

// Result builds the curve around fetch.
func (t FaithfulnessTask) Result(fetch func() Record) FaithfulnessCurve {
	c := newFaithfulnessCurve(fetch, t.edits...)
	if n, ok := t.ranked.(interface{ Name() string }); ok {
		c.name = n.Name()
	}
	return c
}

// defaultPercentages are upstream's.
var defaultPercentages = []float64{0, .2, .5, 1, 2, 5, 10, 20, 50, 70, 100}

// Request implements Task. The file of examples is read here, and scores that are still lazy are computed.
func (t FaithfulnessTask) Request() (Request, error) {
	examples, rerr := t.examples.Read()
	edits, err := interventions("faithfulness", t.m, t.edits)
	s := message.FaithfulnessSettings{
		Ablation: string(t.ablation), Patches: t.shared.Texts(t.patches), AlignEnd: t.alignEnd, KeepFirst: t.keepFirst, Controls: t.controls, Active: t.active,
		Embeddings: t.embeddings, Transplant: t.transplant, Seed: t.seed, Edits: edits,
	}
	var rankErr, sizeErr error
	if t.ranked != nil {
		s.Ranked, rankErr = t.ranked.ranking(t.m)
	}
	percentages := t.percentages
	if len(t.sizes) == 0 && len(percentages) == 0 {
		percentages = defaultPercentages
	}
	s.Counts, sizeErr = message.CountsOf(len(s.Ranked), t.sizes, percentages)
	for _, e := range examples {
		s.Cases = append(s.Cases, e.patchCase(t))
	}
	return newRequest(s, errors.Join(rerr, rankErr, sizeErr), err)
}

// patchCase is the example as a case of a task: its patch prompt is asked for where the task takes activations from it.
func (e Example) patchCase(t FaithfulnessTask) message.PatchCase {
	c := message.PatchCase{SweepCase: e.sweepCase()}
	c.Prompt = c.Prompt.Sharing(t.shared)
	if e.Patch != "" && (t.ablation == PatchAblation || t.transplant) {
		p := c.Prompt
		p.Text = e.Patch
		c.Patch = &p
	}
	return c
}
