package steer

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Sweep measures dose and response: the circuit's neurons are scaled by each multiplier at every position, and the
// prediction at the last token is measured, always beside the unsteered model (the multiplier 1).
//
//	dose, err := m.Sweep(circuit, 0, 2).OnExamples(set.Test()).Controls(39).Run(ctx)
//	dose, err := m.Sweep(circuit, 0, 1, 2).On("The capital of France is").Measure(" Paris", " Rome").Run(ctx)
//
// The layers below the circuit are run once for each prompt.
func (m *Model) Sweep(c Circuit, multipliers ...float64) SweepTask {
	return SweepTask{m: m, circuit: c, multipliers: slices.Clone(multipliers), proceed: 50}
}

// Range returns lo, lo+step, …, up to hi, for Sweep. It is empty where step does not lead from lo to hi.
func Range(lo, hi, step float64) []float64 {
	n := math.Floor((hi-lo)/step + 1e-9)
	if math.IsNaN(n) || step == 0 || n < 0 || n > 1e6 {
		return nil
	}
	out := make([]float64, int(n)+1)
	for i := range out {
		x := lo + float64(i)*step
		out[i] = math.Round(x*1e12) / 1e12 // −1 + 3·0.1 is to be −0.7
	}
	return out
}

// SweepTask describes a sweep. Its methods return changed copies.
type SweepTask struct {
	m           *Model
	circuit     Circuit
	multipliers []float64
	prompts     []string
	shared      message.Prompt // chat settings of every prompt and example
	target      message.TokenRef
	versus      message.TokenRef
	sets        []ExampleSet
	controls    int
	without     NeuronSet
	seed        uint64
	skipBOS     bool
	edits       []Intervention
	gate        *gating
	neutral     []string
	beside      bool
	proceed     int
	proceeds    bool // Continue was called
	ablation    Ablation
	patches     []string
	alignEnd    bool
	prompted    string
	instructs   bool // Prompted was called
}

// On measures these prompts, each by what Measure says.
func (t SweepTask) On(prompts ...string) SweepTask {
	t.prompts = append(slices.Clone(t.prompts), prompts...)
	return t
}

// Chat renders every prompt as a user's turn of the model's chat template. An example may also ask for that itself.
func (t SweepTask) Chat() SweepTask { t.shared = t.shared.InChat(); return t }

// System sets the system prompt of the prompts and examples that have none of their own, and Chat.
func (t SweepTask) System(s string) SweepTask { t.shared = t.shared.WithSystem(s); return t }

// Prefill begins the answer of the prompts and examples that have none of their own, and sets Chat.
func (t SweepTask) Prefill(s string) SweepTask { t.shared = t.shared.WithPrefill(s); return t }

// Measure sets what is measured on the prompts of On: logit(target) − logit(versus) and both probabilities. Each must be
// one token; mind the leading space. An empty versus measures the target's logit alone.
func (t SweepTask) Measure(target, versus string) SweepTask {
	t.target, t.versus = message.TokenRef{How: message.ByText, Text: target}, message.TokenRef{}
	if versus != "" {
		t.versus = message.TokenRef{How: message.ByText, Text: versus}
	}
	return t
}

// MeasureIDs is Measure with the ids of the tokens, for tokens that no text names; versus −1 is none.
func (t SweepTask) MeasureIDs(target, versus int32) SweepTask {
	t.target, t.versus = message.TokenRef{How: message.ByID, ID: target}, message.TokenRef{}
	if versus >= 0 {
		t.versus = message.TokenRef{How: message.ByID, ID: versus}
	}
	return t
}

// OnExamples measures every example by its own target and counterfactual. Use examples that the circuit was not found on.
func (t SweepTask) OnExamples(set ExampleSet) SweepTask {
	t.sets = append(slices.Clone(t.sets), set)
	return t
}

// Controls measures n random circuits beside the circuit: as many neurons in every layer, drawn without its own. The
// smallest p value that n controls can give is 1/(n + 1), and k/(n + 1) after Holm's adjustment for k multipliers other
// than 1: two multipliers take 39 controls to be beyond chance, eight take 159.
func (t SweepTask) Controls(n int) SweepTask { t.controls = n; return t }

// ControlsWithout keeps these neurons out of the controls too: those that the circuit was selected without.
func (t SweepTask) ControlsWithout(set NeuronSet) SweepTask { t.without = set; return t }

// Seed sets the seed of the controls and of the resamples; the default is 0.
func (t SweepTask) Seed(seed uint64) SweepTask { t.seed = seed; return t }

// SkipBOS leaves a real BOS unscaled.
func (t SweepTask) SkipBOS() SweepTask { t.skipBOS = true; return t }

// With adds interventions that hold in every pass, the unsteered one included; the circuit is scaled after them.
func (t SweepTask) With(is ...Intervention) SweepTask { t.edits = with(t.edits, is...); return t }

// SideEffects measures what scaling the circuit does to texts that have nothing to do with it: the Kullback–Leibler
// divergence from the unsteered model, the perplexity ratio, and how repetitive greedy continuations become. No texts are
// the twenty of DiverseTexts, which are short: give a few longer ones for a perplexity that means something.
func (t SweepTask) SideEffects(texts ...string) SweepTask {
	t.beside, t.neutral = true, append(slices.Clone(t.neutral), texts...)
	return t
}

// Continue sets how many tokens each text of SideEffects is continued by; the default is 50, and 0 continues none.
func (t SweepTask) Continue(tokens int) SweepTask {
	t.proceed, t.proceeds = tokens, true
	return t
}

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t SweepTask) Ablate(c Circuit) SweepTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t SweepTask) Scale(c Circuit, x float64) SweepTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t SweepTask) Model() *Model { return t.m }

// Run computes the curve.
func (t SweepTask) Run(ctx context.Context) (Curve, error) { return run(ctx, t) }

// Result builds the curve around fetch.
func (t SweepTask) Result(fetch func() Record) Curve {
	c := newCurve(fetch, t.edits...).Named(t.circuit.Name())
	c.gate = t.gate
	return c
}

// Request implements Task. The files of examples are read here.
func (t SweepTask) Request() (Request, error) {
	edits, err := interventions("sweep", t.m, t.edits)
	neurons, circuitErr := t.circuit.neuronsOn(t.m)
	without, withoutErr := t.without.on(t.m)
	s := message.SweepSettings{
		Neurons: neurons, Multipliers: slices.Clone(t.multipliers), Controls: t.controls, Without: without, Seed: t.seed,
		SkipBOS: t.skipBOS, Edits: edits, Texts: t.neutral, Beside: t.beside, AlignEnd: t.alignEnd, Prompted: t.prompted,
	}
	if t.ablation != ZeroAblation {
		s.Ablation = string(t.ablation)
	}
	if len(t.patches) > 0 {
		s.Patches = t.shared.Texts(t.patches)
	}
	if t.beside {
		s.Continue = t.proceed
		if len(s.Texts) == 0 {
			s.Texts = DiverseTexts()
		}
	}
	if t.gate != nil {
		gate, gateErr := t.gate.request("sweep", t.m)
		s.Gate, err = gate, errors.Join(err, gateErr)
	}
	slices.Sort(s.Multipliers)
	if t.proceeds && !t.beside {
		err = errors.Join(err, engine.Mistake(engine.BadSetting, "Continue says how long the texts of SideEffects are continued, but there are none").
			Try("add SideEffects(), or leave Continue out"))
	}
	if t.instructs && t.prompted == "" {
		err = errors.Join(err, engine.Mistake(engine.BadSetting, "the instruction of Prompted is empty").Try(`say what the model is to do, e.g. Prompted("Answer with praise.")`))
	}
	cases, caseErr := t.cases()
	s.Cases = cases
	reading := errors.Join(circuitErr, caseErr)
	if caseErr != nil && circuitErr == nil {
		reading = errors.Join(reading, s.CheckScaling())
	}
	return newRequest(s, reading, withoutErr, err)
}

// cases returns what is measured, in the order of the task.
func (t SweepTask) cases() (cases []message.SweepCase, err error) {
	var errs []error
	switch {
	case len(t.prompts) > 0 && t.target.How == "":
		errs = append(errs, engine.Errorf(engine.BadSetting, "sweep", "nothing says what to measure on the prompts").Try(`add Measure(" word", " other")`))
	case len(t.prompts) == 0 && t.target.How != "":
		errs = append(errs, engine.Errorf(engine.BadSetting, "sweep", "Measure has no prompt").
			Try("add On(prompt), or leave Measure out: examples bring their own targets"))
	}
	for _, p := range t.prompts {
		cases = append(cases, message.SweepCase{Prompt: message.Prompt{Text: p}.Sharing(t.shared), Target: t.target, Versus: t.versus})
	}
	for _, set := range t.sets {
		examples, err := set.Read()
		errs = append(errs, err)
		for _, e := range examples {
			c := e.sweepCase()
			c.Prompt = c.Prompt.Sharing(t.shared)
			cases = append(cases, c)
		}
	}
	return cases, errors.Join(errs...)
}

func (e Example) sweepCase() message.SweepCase {
	c := message.SweepCase{Prompt: message.Prompt{Text: e.Prompt, Chat: e.Chat || e.System != "" || e.Prefill != "", System: e.System, Prefill: e.Prefill}, Target: message.TokenRef{How: message.ByText, Text: e.Target}}
	if e.Versus != "" {
		c.Versus = message.TokenRef{How: message.ByText, Text: e.Versus}
	}
	return c
}
