package steertest

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Attribute implements engine.Engine.
func (e *linear) Attribute(ctx context.Context, in engine.Attribution, progress func(done, total int)) (engine.AttributionResult, error) {
	var r engine.AttributionResult
	if err := e.check(ctx, in.IDs, in.Edit); err != nil {
		return r, fmt.Errorf("attribute: %w", err)
	}
	if err := checkBack(in.Edit); err != nil {
		return r, fmt.Errorf("attribute: %w", err)
	}
	if err := checkTerms(in); err != nil {
		return r, fmt.Errorf("attribute: %w", err)
	}
	for b, ids := range in.IDs {
		done := steps(progress, b, len(in.IDs), 2)
		p, err := e.forward(ctx, ids, in.Edit, b, done)
		if err != nil {
			return engine.AttributionResult{}, err
		}
		s, err := e.backward(ctx, ids, p, e.metric(p, in.Terms[b], in.LogProb), done)
		if err != nil {
			return engine.AttributionResult{}, err
		}
		r.Scores = append(r.Scores, s.scores)
		r.Heads, r.Sources = append(r.Heads, s.heads), append(r.Sources, s.sources)
		r.Tokens = append(r.Tokens, s.tokens)
		if in.HeadSlopes {
			r.HeadSlopes = append(r.HeadSlopes, s.slopes)
		}
		r.Metric = append(r.Metric, float32(s.value))
		r.Linear = append(r.Linear, float32(s.linear))
		r.Injected = append(r.Injected, float32(s.injected))
		r.Attention = append(r.Attention, make([]float32, layers))
		r.Logits = append(r.Logits, e.logits(p.x[len(ids)-1]))
	}
	return r, nil
}

// checkTerms reports a metric that does not fit its prompt.
func checkTerms(in engine.Attribution) error {
	if !slices.Contains(engine.Rules(), in.Rule) {
		return fmt.Errorf("unknown rule %q; use one of %q", in.Rule, engine.Rules())
	}
	if len(in.Terms) != len(in.IDs) {
		return fmt.Errorf("%d metrics for %d prompts; give one for each", len(in.Terms), len(in.IDs))
	}
	for b, terms := range in.Terms {
		if len(terms) == 0 {
			return fmt.Errorf("prompt %d has no metric; give at least one term", b)
		}
		for _, m := range terms {
			if m.Position < 0 || m.Position >= len(in.IDs[b]) {
				return fmt.Errorf("prompt %d: position %d is outside; use 0 to %d", b, m.Position, len(in.IDs[b])-1)
			}
			if m.Target < 0 || int(m.Target) >= vocabSize || m.Versus < -1 || int(m.Versus) >= vocabSize {
				return fmt.Errorf("prompt %d: metric %+v names an id outside the vocabulary; use 0 to %d", b, m, vocabSize-1)
			}
			if w := float64(m.Weight); math.IsNaN(w) || math.IsInf(w, 0) {
				return fmt.Errorf("prompt %d: metric %+v has no finite weight", b, m)
			}
			if in.LogProb && m.Versus >= 0 {
				return fmt.Errorf("prompt %d: metric %+v: a log-probability has no counterfactual; use Versus -1", b, m)
			}
		}
	}
	return nil
}

type relevance struct {
	metric
	scores, heads, sources, tokens []float32 // [L,T,F], [L,T,H] twice, [T]
	slopes                         []float32 // ∂m/∂z' [L,T,D]
	injected                       float64
}

// backward carries ∂m/∂x from the metric to the embeddings.
func (e *linear) backward(ctx context.Context, ids []int32, p *pass, m metric, done func(int)) (*relevance, error) {
	T, g := len(ids), m.gradient
	r := &relevance{metric: m, scores: make([]float32, layers*T*neurons), heads: make([]float32, layers*T*heads), sources: make([]float32, layers*T*heads), slopes: make([]float32, layers*T*width), tokens: make([]float32, T)}
	for l := layers - 1; l >= 0; l-- {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var sum [width]float64 // Σ over later positions of ∂m/∂mean[t] / (t+1)
		for t := T - 1; t >= 0; t-- {
			at := l*T + t
			r.injected += dot(&p.added[at], &g[t])
			g[t] = back(p.outs[at], g[t])
			r.injected += dot(&p.addedMLP[at], &g[t])
			own := back(p.outsMLP[at], g[t]) // ∂m/∂ of the MLP's output
			var gz [width]float64            // ∂m/∂z'
			for n := range neurons {
				gh := dot(&e.w.down[l][n], &own) // ∂m/∂h'
				r.scores[at*neurons+n] = float32(gh * p.h[at][n])
				r.injected += gh * p.constant[at][n]
				for d := range width {
					gz[d] += gh * p.slope[at][n] * e.w.in[l][n][d]
				}
			}
			for h := range heads {
				score := 0.
				for d := h * headDim; d < (h+1)*headDim; d++ {
					r.slopes[at*width+d] = float32(gz[d])
					score += p.z[at][d] * gz[d]
					sum[d] += gz[d] * p.factor[at][h] / float64(t+1)
				}
				r.heads[at*heads+h] = float32(score)
			}
			for d := range width { // sum is ∂m/∂x[t] by way of the heads, which read x[t] as it was before the layer
				r.sources[at*heads+d/headDim] += float32(sum[d] * p.before(l, t, len(ids))[d])
				g[t][d] += sum[d]
			}
		}
		done(2*layers - l)
	}
	for t, id := range ids {
		r.tokens[t] = float32(dot(&e.w.embed[id], &g[t]))
	}
	return r, nil
}
