package execute

import (
	"context"
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runCalibrate runs the unsteered model once on every prompt and then a dose after the other, as the search says.
func runCalibrate(ctx context.Context, e *env, s message.CalibrateSettings) (any, tensors, error) {
	c := calibrating{CalibrateSettings: s}
	b := message.CalibrateBody{Zero: s.Zero, One: s.One, Goal: s.Goal, Value: s.Value, Limit: s.Limit, Seed: s.Seed}
	if err := c.read(e, &b); err != nil {
		return nil, nil, err
	}
	find, base, err := c.begin(ctx, e)
	if err != nil {
		return nil, nil, err
	}
	values := base
	for {
		dose, ok := find.next()
		if !ok {
			break
		}
		row, err := c.measure(ctx, e, dose, len(find.tries)+1)
		if err != nil {
			return nil, nil, err
		}
		values, b.Doses = append(values, row...), append(b.Doses, dose)
		find.tries = append(find.tries, try{dose, c.share(b, row, base)})
	}
	b.Found, _ = find.found()
	e.emit(steer.Event{Phase: "calibrate", Done: 1 + maxDoses, Total: 1 + maxDoses})
	return b, tensors{"values": {Shape: []int{1 + len(b.Doses), c.n()}, Data: values}}, nil
}

// calibrating is a calibration that is being run.
type calibrating struct {
	message.CalibrateSettings
	texts []sweepText
	in    sweepInput  // of the cases
	base  [][]float32 // [text][T,V] the unsteered model's logits
}

// n returns the number of prompts.
func (c *calibrating) n() int { return len(c.texts) + len(c.in.cases) }

// baseBytes bounds the unsteered logits that are kept, for a text is run once for each dose.
const baseBytes = 2 << 30

// read tokenizes everything.
func (c *calibrating) read(e *env, b *message.CalibrateBody) (err error) {
	if c.Goal == message.GoalTarget {
		c.in, err = sweeping{SweepSettings: message.SweepSettings{Cases: c.Cases}}.read(e)
		b.Cases = c.in.cases
		return err
	}
	tokens, warnings, err := readAll(e, c.Texts, message.TextName)
	if err != nil {
		return err
	}
	e.warn(warnings...)
	size := 0
	for i, ts := range tokens {
		size += 4 * len(ts) * e.Shape().Vocab
		c.texts = append(c.texts, sweepText{message.IDs(ts), startsWithBOS(e, ts)})
		b.Texts, b.Tokens = append(b.Texts, c.Texts[i].Text), append(b.Tokens, len(ts))
	}
	return checkBase(len(tokens), size)
}

// checkBase reports unsteered logits that are too many to be kept.
func checkBase(texts, size int) error {
	if size > baseBytes {
		return engine.Mistake(engine.BadSetting, "the predictions on %d neutral texts take %d MiB, more than %d", texts, size>>20, baseBytes>>20).
			Try("use fewer or shorter texts")
	}
	return nil
}

// begin runs the unsteered model and says what is sought.
func (c *calibrating) begin(ctx context.Context, e *env) (search, []float32, error) {
	base, err := c.measure(ctx, e, 0, 0)
	if c.Goal == message.GoalKL {
		return search{aim: .975, lo: .95, hi: 1, order: 2, limit: c.Limit}, base, err // a budget is never passed
	}
	if err == nil && c.Value == mean32(base) {
		err = engine.Mistake(engine.BadSetting, "the unsteered model is at %v already", c.Value).Try("use another target")
	}
	return search{aim: 1, lo: .95, hi: 1.05, order: 1, limit: c.Limit}, base, err
}

// share returns a row's value in units of what is sought: of the budget, or of the way from the unsteered model to the target.
func (c *calibrating) share(b message.CalibrateBody, row, base []float32) float64 {
	if c.Goal == message.GoalTarget {
		from := mean32(base)
		return (mean32(row) - from) / (c.Value - from)
	}
	sum, tokens := 0., 0
	for i, x := range row {
		sum, tokens = sum+float64(x), tokens+b.Tokens[i]
	}
	return sum / float64(tokens) / c.Value
}

func mean32(row []float32) float64 {
	sum := 0.
	for _, x := range row {
		sum += float64(x)
	}
	return sum / float64(len(row))
}

// measure returns what a dose does to every prompt [N]; step counts the passes before it.
func (c *calibrating) measure(ctx context.Context, e *env, dose float64, step int) ([]float32, error) {
	list := slices.Clip(c.Edits)
	if dose != 0 {
		steered, err := c.Steer.Times(dose)
		if err != nil {
			return nil, err
		}
		list = append(list, steered)
	}
	out := make([]float32, c.n())
	e.emit(steer.Event{Phase: "calibrate", Done: step, Total: 1 + maxDoses})
	if c.Goal == message.GoalTarget {
		return out, passes[float64]{
			edit: func(float64) *engine.Edit { return composeBatch(e.Shape(), list, c.in.lengths, c.in.bos) },
			each: func(_ float64, prompt int, logits []float32) {
				for _, k := range c.in.byPrompt[prompt] {
					out[k] = metricAt(logits, c.in.cases[k])
				}
			},
			overflow: func(_ float64, _ int, gives string) error { return c.overflow(dose, gives) },
		}.run(ctx, e, c.in.prompts, []float64{dose}, editBytes)
	}
	for i, x := range c.texts {
		edit, _ := compose(e.Shape(), list, len(x.ids), x.bos)
		f, err := e.Forward(ctx, engine.Forward{IDs: [][]int32{x.ids}, AllLogits: true, Edit: edit}, nil)
		if at := (*engine.Error)(nil); errors.As(err, &at) && at.Place != nil && at.Place.Layer >= 0 {
			return nil, c.overflow(dose, badLayer(at.Place.Layer))
		}
		if err != nil {
			return nil, err
		}
		if gives, bad := badLogit(f.Logits[0]); bad {
			return nil, c.overflow(dose, gives)
		}
		if step == 0 {
			c.base = append(c.base, f.Logits[0])
			continue
		}
		kl, _ := divergence(c.base[i], f.Logits[0], x.ids)
		out[i] = float32(max(0, kl))
	}
	return out, nil
}

// strength returns a dose in units of what was given.
func (c *calibrating) strength(dose float64) float64 { return c.Zero + dose*(c.One-c.Zero) }

func (c *calibrating) overflow(dose float64, gives string) error {
	return engine.Mistake(engine.NotFinite, "the strength %.4g gives %s", c.strength(dose), gives).
		Try("use a smaller Limit; if the unsteered model does it, " + engine.TryCheck)
}
