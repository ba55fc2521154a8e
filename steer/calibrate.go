package steer

import (
	"context"
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Calibrate finds the strength of an intervention: the multiplier of Scale, the factor of AddVector or ProjectOut, or the addend of AddTo
// at which the price on neutral texts (KL) or the effect on examples (Target) is what it is to be. What was given says which
// way to go, and how far one step is; the model's answer says how many.
//
//	found, err := m.Calibrate(steer.AddVector(cheer, 1)).KL(.1).Run(ctx)
//	text, err := m.Generate(prompt).With(found.Intervention()).Run(ctx)
//
// It runs every prompt at most twelve times, the unsteered model among them: doses rise from an eighth of what was given
// until one reaches the value, and secants close the bracket, also far below that eighth. Where they do not, because the value
// jumps, nothing is found, and a Warning names the bracket.
func (m *Model) Calibrate(i Intervention) CalibrateTask {
	return CalibrateTask{m: m, steer: i, limit: 16}
}

// CalibrateTask describes a calibration. Its methods return changed copies.
type CalibrateTask struct {
	m      *Model
	steer  Intervention
	goal   string
	value  float64
	limit  float64
	texts  []string
	sets   []ExampleSet
	shared message.Prompt // chat settings of every text and example
	seed   uint64
	edits  []Intervention
}

// KL asks for the strength whose side effects are within a budget in nats, and at least .95 of it: the Kullback–Leibler
// divergence KL(unsteered‖steered) of the next token, mean over the positions of neutral texts, which is SideEffect's.
func (t CalibrateTask) KL(nats float64) CalibrateTask {
	t.goal, t.value = message.GoalKL, nats
	return t
}

// Target asks for the strength at which logit(target) − logit(versus), mean over the examples of OnExamples, is x logits,
// within a twentieth of the way from the unsteered model.
func (t CalibrateTask) Target(x float64) CalibrateTask {
	t.goal, t.value = message.GoalTarget, x
	return t
}

// On measures KL on these texts, which have nothing to do with the intervention; none are the twenty of DiverseTexts.
func (t CalibrateTask) On(texts ...string) CalibrateTask {
	t.texts = append(slices.Clone(t.texts), texts...)
	return t
}

// OnExamples measures Target on examples, each by its own target and counterfactual.
func (t CalibrateTask) OnExamples(set ExampleSet) CalibrateTask {
	t.sets = append(slices.Clone(t.sets), set)
	return t
}

// Limit sets the largest multiple of the given intervention that is tried; the default is 16.
func (t CalibrateTask) Limit(times float64) CalibrateTask { t.limit = times; return t }

// Seed sets the seed of the resamples; the default is 0.
func (t CalibrateTask) Seed(seed uint64) CalibrateTask { t.seed = seed; return t }

// Chat renders every prompt as a user's turn of the model's chat template. An example may also ask for that itself.
func (t CalibrateTask) Chat() CalibrateTask { t.shared = t.shared.InChat(); return t }

// System sets the system prompt of the prompts that have none of their own, and Chat.
func (t CalibrateTask) System(s string) CalibrateTask { t.shared = t.shared.WithSystem(s); return t }

// Prefill begins the answer of the prompts that have none of their own, and sets Chat.
func (t CalibrateTask) Prefill(s string) CalibrateTask {
	t.shared = t.shared.WithPrefill(s)
	return t
}

// With adds interventions that hold in every pass, the unsteered one included; the calibrated one comes after them.
func (t CalibrateTask) With(is ...Intervention) CalibrateTask {
	t.edits = with(t.edits, is...)
	return t
}

// Ablate sets the circuit's neurons to zero in every pass: With(Ablate(c)).
func (t CalibrateTask) Ablate(c Circuit) CalibrateTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x in every pass: With(Scale(c, x)).
func (t CalibrateTask) Scale(c Circuit, x float64) CalibrateTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t CalibrateTask) Model() *Model { return t.m }

// Run computes the calibration.
func (t CalibrateTask) Run(ctx context.Context) (Calibration, error) { return run(ctx, t) }

// Result builds the calibration around fetch.
func (t CalibrateTask) Result(fetch func() Record) Calibration {
	return newCalibration(t.steer, fetch, t.edits...)
}

// Request implements Task. The files of examples are read here.
func (t CalibrateTask) Request() (Request, error) {
	edits, err := interventions("calibrate", t.m, t.edits)
	one, steerErr := t.steer.request("calibrate", t.m)
	s := message.CalibrateSettings{Steer: one, One: t.steer.x, Goal: t.goal, Value: t.value, Limit: t.limit, Seed: t.seed, Edits: edits}
	if t.steer.op == message.OpScale {
		s.Zero = 1
	}
	texts := t.texts
	if t.goal == message.GoalKL && len(texts) == 0 {
		texts = DiverseTexts()
	}
	s.Texts = t.shared.Texts(texts)
	var errs []error
	for _, set := range t.sets {
		examples, err := set.Read()
		errs = append(errs, err)
		for _, e := range examples {
			c := e.sweepCase()
			c.Prompt = c.Prompt.Sharing(t.shared)
			s.Cases = append(s.Cases, c)
		}
	}
	if t.goal == message.GoalTarget && len(t.sets) == 0 {
		errs = append(errs, engine.Errorf(engine.BadSetting, "calibrate", "nothing says where the target is measured").Try("add OnExamples(set)"))
	}
	return newRequest(s, errors.Join(append(errs, steerErr)...), err)
}
