package steer

import (
	"context"
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// job is one prompt with its metric on its way through an attribution.
type job struct {
	tokens   []engine.Token // of the prompt, and of an answer all but the last
	bos      bool           // the first token is a real BOS
	asked    metric
	metric   resolved
	warnings []Warning
}

// readJob tokenizes a prompt and resolves its metric. It reports all mistakes that need a tokenizer at once.
func readJob(text engine.Tokenizer, shape engine.Shape, task string, p promptSpec, m metric) (job, error) {
	l, room := p.lead(text), 0
	if m.Target.How == byAnswer {
		if ts, _, err := l.next(m.Target.Text); err == nil {
			room = max(len(ts)-1, 0)
		}
	}
	tokens, ws, perr := p.read(text, shape, task, room)
	r, doubts, merr := m.resolve(l, task, tokens)
	if err := errors.Join(perr, merr); err != nil {
		return job{}, err
	}
	if n := len(r.Answer); n > 0 {
		tokens = append(tokens[:len(tokens):len(tokens)], r.Answer[:n-1]...)
	}
	return job{tokens: tokens, bos: startsWithBOS(text, tokens), asked: m, metric: r, warnings: append(ws, doubts...)}, nil
}

// attribution is a batch of jobs that are run alike.
type attribution struct {
	task    string
	logProb bool
	rule    engine.Rule
	edits   []intervention
}

// attributed1 is what one job of a batch gives.
type attributed1 struct {
	body     attributeBody
	scores   []float32 // [L,T,F]
	tokens   []float32 // [T]
	warnings []Warning
}

// run attributes a batch of jobs: one call of the engine, and one forward pass before it where a metric asks for what the
// model itself says.
func (a attribution) run(ctx context.Context, e engine.Engine, text engine.Tokenizer, jobs []job, progress func(phase string) func(int, int)) ([]attributed1, error) {
	shape := e.Shape()
	prompts, bos := make([][]int32, len(jobs)), make([]bool, len(jobs))
	for i, j := range jobs {
		prompts[i], bos[i] = ids(j.tokens), j.bos
	}
	edit := composeBatch(shape, a.edits, lengths(prompts), bos)
	if err := a.ask(ctx, e, text, jobs, prompts, edit, progress("forward")); err != nil {
		return nil, err
	}
	terms := make([][]engine.Term, len(jobs))
	for i, j := range jobs {
		terms[i] = j.metric.Terms
	}
	res, err := e.Attribute(ctx, engine.Attribution{IDs: prompts, Terms: terms, Rule: a.rule, Edit: edit, LogProb: a.logProb}, progress("attribute"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.task, err)
	}
	out := make([]attributed1, len(jobs))
	for i, j := range jobs {
		if err := errors.Join(finite(a.task, res.Scores[i], shape, len(j.tokens)), finiteLogits(a.task, res.Logits[i])); err != nil {
			return nil, err
		}
		b := attributeBody{
			Shape: shape, Tokens: j.tokens, BOS: j.bos, Metric: j.metric, Rule: a.rule,
			Target:       rank(res.Logits[i], j.metric.Target),
			Conservation: conserve(res, i, a.rule),
		}
		out[i] = attributed1{b, res.Scores[i], res.Tokens[i], append(j.warnings, attributeWarnings(b, res.Scores[i])...)}
	}
	return out, nil
}

// ask completes the metrics of jobs that ask for the model's first choice or its runner-up.
func (a attribution) ask(ctx context.Context, e engine.Engine, text engine.Tokenizer, jobs []job, prompts [][]int32, edit *engine.Edit, progress func(int, int)) error {
	asks, inside := false, false
	for _, j := range jobs {
		asks = asks || j.asked.asks()
		inside = inside || (j.asked.asks() && j.metric.Terms[0].Position != len(j.tokens)-1)
	}
	if !asks {
		return nil
	}
	f, err := e.Forward(ctx, engine.Forward{IDs: prompts, Edit: edit, AllLogits: inside}, progress)
	if err != nil {
		return fmt.Errorf("%s: %w", a.task, err)
	}
	var errs []error
	for i, j := range jobs {
		if !j.asked.asks() {
			continue
		}
		logits := f.Logits[i] // [V] or [T,V]
		if inside {
			V := len(logits) / len(j.tokens)
			logits = logits[j.metric.Terms[0].Position*V:][:V]
		}
		if err := finiteLogits(a.task, logits); err != nil {
			return err
		}
		jobs[i].metric, err = j.asked.choose(j.metric, logits, text, a.task)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
