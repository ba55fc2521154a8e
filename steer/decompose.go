package steer

import (
	"context"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Decompose asks which neurons write a vector: the projection of each layer's direction on what every neuron of that
// layer writes, W_down[:,n], and how much of it a few of them can write together.
//
//	parts, err := m.Decompose(v).For(praise).Run(ctx)
//	parts.TopK(20)                     // a Circuit, as from any Scores
//	parts.R2(praise)                   // how much of v the circuit's neurons span
func (m *Model) Decompose(v Vector) DecomposeTask { return DecomposeTask{m: m, vector: v, greedy: 50} }

// DecomposeTask describes a decomposition. Its methods return changed copies.
type DecomposeTask struct {
	m      *Model
	vector Vector
	sets   []Circuit
	greedy int
}

// For asks how much of the vector the neurons of each circuit span (Decomposition.R2).
func (t DecomposeTask) For(circuits ...Circuit) DecomposeTask {
	t.sets = append(slices.Clone(t.sets), circuits...)
	return t
}

// Greedy sets how many neurons of each layer are chosen for the curve R²(k); the default is 50, 0 leaves it out.
func (t DecomposeTask) Greedy(k int) DecomposeTask { t.greedy = k; return t }

// Model returns the model that the task is about.
func (t DecomposeTask) Model() *Model { return t.m }

// Run computes the decomposition.
func (t DecomposeTask) Run(ctx context.Context) (Decomposition, error) { return run(ctx, t) }

// Result builds the decomposition around fetch.
func (t DecomposeTask) Result(fetch func() Record) Decomposition {
	return Decomposition{newScores(func() dense { return decomposed(fetch(), t.vector) }, view{}), newResult[message.DecomposeBody](fetch)}
}

// Request implements Task.
func (t DecomposeTask) Request() (Request, error) {
	v := t.vector.data()
	if v.err != nil {
		return Request{}, fmt.Errorf("decompose: %w", v.err)
	}
	if len(v.rows) == 0 {
		return Request{}, engine.Errorf(engine.BadSetting, "decompose", "the vector %q is empty", t.vector.Name()).Try("use one that m.ControlVector made")
	}
	s := message.DecomposeSettings{Space: v.space, Vector: v.rows, Greedy: t.greedy}
	for l, has := range v.has {
		if has {
			s.Layers = append(s.Layers, l)
		}
	}
	for _, c := range t.sets {
		s.Sets = append(s.Sets, c.Neurons())
	}
	return newRequest(s, nil)
}
