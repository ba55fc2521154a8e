package execute

import (
	"context"
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// job is one prompt with its metric on its way through an attribution.
type job struct {
	tokens   []engine.Token // of the prompt, and of an answer all but the last
	bos      bool           // the first token is a real BOS
	asked    message.Metric
	metric   message.Resolved
	warnings []engine.Warning
}

// readJob tokenizes a prompt and resolves its metric. It reports all mistakes that need a tokenizer at once.
func readJob(e *env, p message.Prompt, m message.Metric) (job, error) {
	l, room := leadOf(e, p), 0
	if m.Target.How == message.ByAnswer {
		if ts, _, err := l.next(m.Target.Text); err == nil {
			room = max(len(ts)-1, 0)
		}
	}
	tokens, ws, perr := readPrompt(e, p, room)
	r, doubts, merr := resolveMetric(e, m, l, tokens)
	if err := errors.Join(perr, merr); err != nil {
		return job{}, err
	}
	if n := len(r.Answer); n > 0 {
		tokens = append(slices.Clip(tokens), r.Answer[:n-1]...)
	}
	return job{tokens: tokens, bos: startsWithBOS(e, tokens), asked: m, metric: r, warnings: append(ws, doubts...)}, nil
}

// readJobs is readJob of every example; sizes are their numbers of tokens.
func readJobs(e *env, examples []message.BehaviorExample) (jobs []job, sizes []int, err error) {
	var list message.Mistakes
	jobs, sizes = make([]job, len(examples)), make([]int, len(examples))
	for i, x := range examples {
		jobs[i], err = readJob(e, x.Prompt, x.Metric)
		list.Add(message.ExampleName(i), err)
		sizes[i] = len(jobs[i].tokens)
	}
	return jobs, sizes, list.Join()
}

// attribution is a batch of jobs that are run alike.
type attribution struct {
	logProb bool
	rule    engine.Rule
	edits   []message.Intervention
}

// attributed1 is what one job of a batch gives.
type attributed1 struct {
	body     message.AttributeBody
	scores   []float32 // [L,T,F]
	heads    []float32 // [L,T,H]
	sources  []float32 // [L,T,H]
	tokens   []float32 // [T]
	warnings []engine.Warning
}

// run attributes a batch of jobs: one call of the engine, and one forward pass before it where a metric asks for what the
// model itself says.
func (a attribution) run(ctx context.Context, e *env, jobs []job, progress func(phase string) func(int, int)) ([]attributed1, error) {
	shape := e.Shape()
	prompts, bos := make([][]int32, len(jobs)), make([]bool, len(jobs))
	for i, j := range jobs {
		prompts[i], bos[i] = message.IDs(j.tokens), j.bos
	}
	edit := composeBatch(shape, a.edits, lengths(prompts), bos)
	if err := a.ask(ctx, e, jobs, prompts, edit, progress("forward")); err != nil {
		return nil, err
	}
	terms := make([][]engine.Term, len(jobs))
	for i, j := range jobs {
		terms[i] = j.metric.Terms
	}
	in := engine.Attribution{IDs: prompts, Terms: terms, Rule: a.rule, Edit: edit, LogProb: a.logProb}
	res, checks, err := a.pass(ctx, e, in, progress("attribute"))
	if err != nil {
		return nil, err
	}
	out := make([]attributed1, len(jobs))
	for i, j := range jobs {
		if err := errors.Join(finite(res.Scores[i], shape.Layers), finite(res.Heads[i], shape.Layers), finite(res.Sources[i], shape.Layers), finiteLogits(res.Logits[i])); err != nil {
			return nil, err
		}
		b := message.AttributeBody{
			Shape: shape, Tokens: j.tokens, BOS: j.bos, Metric: j.metric, Rule: a.rule,
			Conservation: conserve(res, i, a.rule), Completeness: checks[i],
		}
		if len(j.metric.Sum) == 0 {
			b.Target = message.Rank(res.Logits[i], j.metric.Target)
		}
		out[i] = attributed1{b, res.Scores[i], res.Heads[i], res.Sources[i], res.Tokens[i], j.warnings}
	}
	return out, nil
}

// pass attributes by one pass of the engine, or by one for each step of a path. Only the latter have a check of their own;
// those of a pass are nil.
func (a attribution) pass(ctx context.Context, e *env, in engine.Attribution, progress func(int, int)) (engine.AttributionResult, []*message.Completeness, error) {
	if steps, ok := a.rule.Steps(); ok {
		return integrate(ctx, e, steps, in, progress)
	}
	res, err := e.Attribute(ctx, in, progress)
	return res, make([]*message.Completeness, len(in.IDs)), err
}

// ask completes the metrics of jobs that ask for the model's first choice or its runner-up.
func (a attribution) ask(ctx context.Context, e *env, jobs []job, prompts [][]int32, edit *engine.Edit, progress func(int, int)) error {
	asks, inside := false, false
	for _, j := range jobs {
		asks = asks || j.asked.Asks()
		inside = inside || (j.asked.Asks() && j.metric.Terms[0].Position != len(j.tokens)-1)
	}
	if !asks {
		return nil
	}
	f, err := e.Forward(ctx, engine.Forward{IDs: prompts, Edit: edit, AllLogits: inside}, progress)
	if err != nil {
		return err
	}
	var errs []error
	for i, j := range jobs {
		if !j.asked.Asks() {
			continue
		}
		logits := f.Logits[i] // [V] or [T,V]
		if inside {
			V := len(logits) / len(j.tokens)
			logits = logits[j.metric.Terms[0].Position*V:][:V]
		}
		if err := finiteLogits(logits); err != nil {
			return err
		}
		jobs[i].metric, err = chooseTokens(e, j.asked, j.metric, logits)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// conserve fills in the identity for prompt b of a result.
func conserve(r engine.AttributionResult, b int, rule engine.Rule) message.Conservation {
	c := message.Conservation{Holds: message.Conserves(rule), Metric: float64(r.Metric[b]), Linear: float64(r.Linear[b]), Injected: float64(r.Injected[b])}
	if r.Biases != nil {
		c.Biases = float64(r.Biases[b])
	}
	for _, v := range r.Tokens[b] {
		c.Tokens += float64(v)
	}
	for _, v := range r.Attention[b] {
		c.ByLayer = append(c.ByLayer, float64(v))
		c.Attention += 2 * float64(v)
	}
	return c
}
