package steer_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// tally is an engine that counts the passes it runs.
type tally struct {
	engine.Engine
	forward, backward, steps, tokens int
}

func (c *tally) add(ids [][]int32) {
	for _, p := range ids {
		c.forward++
		c.tokens += len(p)
	}
}

func (c *tally) back(n, tokens int) { c.backward, c.tokens = c.backward+n, c.tokens+tokens }

func (c *tally) Forward(ctx context.Context, in engine.Forward, p func(int, int)) (engine.ForwardResult, error) {
	c.add(in.IDs)
	return c.Engine.Forward(ctx, in, p)
}

func (c *tally) Attribute(ctx context.Context, in engine.Attribution, p func(int, int)) (engine.AttributionResult, error) {
	c.add(in.IDs)
	for _, ids := range in.IDs {
		c.back(1, len(ids))
	}
	return c.Engine.Attribute(ctx, in, p)
}

func (c *tally) Edges(ctx context.Context, in engine.Edges, p func(int, int)) (engine.EdgesResult, error) {
	out, err := c.Engine.Edges(ctx, in, p)
	c.add([][]int32{in.IDs})
	c.back(len(out.Value), len(out.Value)*len(in.IDs))
	return out, err
}

func (c *tally) Variants(ctx context.Context, ids [][]int32, edits []*engine.Edit, tokens []int32, each func(int, int, []float32) error, p func(int, int)) error {
	for range edits {
		c.add(ids)
	}
	return c.Engine.Variants(ctx, ids, edits, tokens, each, p)
}

func (c *tally) Decode(ctx context.Context, in engine.Decoding) (engine.Decoder, error) {
	c.add([][]int32{in.IDs})
	d, err := c.Engine.Decode(ctx, in)
	return tallied{d, c}, err
}

type tallied struct {
	engine.Decoder
	c *tally
}

func (d tallied) Step(ctx context.Context, id int32) error {
	d.c.steps++
	d.c.tokens++
	return d.Decoder.Step(ctx, id)
}

// TestPlanCountsWhatRuns: a plan says the passes that the task then runs, of every kind; of one that looks for something, no fewer
// than a tenth and no more than ten times.
func TestPlanCountsWhatRuns(t *testing.T) {
	p := steertest.FakePrompts()
	c := &tally{Engine: steertest.NewEngine()}
	m := steertest.ModelOf(c, steertest.NewText())
	set := steer.NewExamples(steer.Example{Prompt: p.Prompt, Target: p.Target, Versus: p.Versus}, steer.Example{Prompt: p.Other, Target: p.Versus, Versus: p.Target})
	pairs := steer.NewPairs(steer.Pair{Positive: p.Prompt, Negative: p.Other}, steer.Pair{Positive: p.Prompt + p.Target, Negative: p.Other + p.Versus})
	top := steer.Neurons("L0/N0, L0/N1")
	v, err := m.ControlVector(pairs).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	type task interface {
		Plan() steer.PlanTask
		Request() (steer.Request, error)
	}
	for name, q := range map[string]struct {
		task    task
		depends bool // on what is found
	}{
		"attribute":            {m.Attribute(p.Prompt).Target(p.Target), false},
		"the first choice":     {m.Attribute(p.Prompt).TargetTop().VersusRunnerUp(), false},
		"integrated gradients": {m.Attribute(p.Prompt).Target(p.Target).Rule(steer.IntegratedGradients(3)), false},
		"a whole answer":       {m.Attribute(p.Prompt).TargetText(p.Target + p.Versus), false},
		"baseline":             {m.Baseline(set), false},
		"behavior":             {m.Behavior(set), false},
		"calibrate":            {m.Calibrate(steer.Scale(top, 2)).KL(.01).On(p.Prompt, p.Other), true},
		"capture":              {m.Capture(p.Prompt).From(engine.Residual), false},
		"contexts":             {m.TopActivations(top, p.Prompt, p.Other), false},
		"contrast":             {m.Contrast(pairs), false},
		"control vector":       {m.ControlVector(pairs), false},
		"decompose":            {m.Decompose(v), false},
		"edges":                {m.Edges(top).On(p.Prompt).Measure(p.Target, p.Versus), false},
		"faithfulness":         {m.Faithfulness(top, set).Ablation(steer.ZeroAblation).Controls(2).Sizes(1, 2), false},
		"generate":             {m.Generate(p.Prompt).MaxTokens(4).IgnoreEnd(), false},
		"generate each":        {m.GenerateEach(p.Prompt, p.Other).MaxTokens(3).IgnoreEnd(), false},
		"logit lens":           {m.LogitLens(p.Prompt), false},
		"mean activations":     {m.MeanActivations(p.Prompt, p.Other), false},
		"methods":              {m.Methods(m.Behavior(set)).TopK(2).Steps(1).Controls(1).Exact(4), true},
		"patch":                {m.Patch(set).Sample(5), false},
		"predict":              {m.Predict(p.Prompt).Ablate(top), false},
		"profiles":             {m.Profiles(top).On(p.Prompt).Measure(p.Target, p.Versus).Outputs(2), true},
		"stability":            {m.Stability(m.Behavior(set)).Sizes(1, 2).Resamples(3).Controls(1), true},
		"sweep":                {m.Sweep(top, 0, 1, 2).OnExamples(set).Controls(2).SideEffects(p.Other), true},
		"tokens":               {m.Tokens(p.Prompt), false},
		"universal":            {m.Universal(p.Prompt, p.Other).PerLayer(2), false},
		"writes":               {m.Writes(top), false},
	} {
		plan, err := q.task.Plan().Run(t.Context())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c.forward, c.backward, c.steps, c.tokens = 0, 0, 0, 0
		r, err := q.task.Request()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Runner().Run(t.Context(), r, nil); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		forward, backward := plan.Passes()
		got, want := []int{forward, backward, plan.Steps(), plan.Tokens()}, []int{c.forward, c.backward, c.steps, c.tokens}
		for i := range got {
			most := 10 * want[i]
			if i >= 2 {
				most += 10 * 3 * 50 // every continuation may end early
			}
			if q.depends && got[i] >= want[i]/10 && got[i] <= most {
				got[i] = want[i]
			}
		}
		if !reflect.DeepEqual(got, want) || len(plan.Warnings()) > 0 && !q.depends || plan.Stored() {
			t.Errorf("%s: planned forward, backward, steps, tokens %v, ran %v; %v %s", name, got, want, plan.Warnings(), plan)
		}
		if !strings.Contains(plan.String(), "tokens, about ") || want[0] > 0 && plan.Time() <= 0 {
			t.Errorf("%s: %s", name, plan)
		}
	}
}
