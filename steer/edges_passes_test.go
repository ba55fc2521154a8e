package steer_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// calls counts those of an engine.
type calls struct {
	engine.Engine
	forward, edges int
}

func (c *calls) Forward(ctx context.Context, in engine.Forward, progress func(int, int)) (engine.ForwardResult, error) {
	c.forward++
	return c.Engine.Forward(ctx, in, progress)
}

func (c *calls) Edges(ctx context.Context, in engine.Edges, progress func(int, int)) (engine.EdgesResult, error) {
	c.edges++
	return c.Engine.Edges(ctx, in, progress)
}

// TestEdgesPasses: a graph is one call of the engine, which says what the model predicts too, and the profiles of a prompt are one
// pass that names the outputs and one call for all of them.
func TestEdgesPasses(t *testing.T) {
	for name, x := range map[string]struct {
		request        func() (steer.Request, error)
		forward, edges int
	}{
		"edges":            {fake.Edges(pair).On(france).Measure(" Paris", " Rome").Request, 0, 1},
		"edges, no metric": {fake.Edges(pair).On(france).Targets(1).Request, 0, 1},
		"profiles":         {fake.Profiles(pair).On(france).Measure(" Paris", "").Outputs(5).Request, 1, 1},
	} {
		r, err := x.request()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c := &calls{Engine: steertest.NewEngine()}
		rec, err := execute.Run(t.Context(), c, steertest.NewText(), r, nil)
		if err != nil || c.forward != x.forward || c.edges != x.edges {
			t.Errorf("%s: %d passes forward and %d calls for edges, want %d and %d (%v)", name, c.forward, c.edges, x.forward, x.edges, err)
			continue
		}
		var body struct {
			Ranked *struct{ Rank int }
			Metric *struct{}
		}
		if err := json.Unmarshal(rec.Header.Body, &body); err != nil || r.Kind == "edges" && (body.Metric != nil) != (body.Ranked != nil && body.Ranked.Rank > 0) {
			t.Errorf("%s: the target's rank is %+v (%v)", name, body.Ranked, err)
		}
	}
}
