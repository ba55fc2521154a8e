package steer

import (
	"context"
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
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
	v, err := t.vector.on(t.m)
	if err != nil {
		return newRequest(message.DecomposeSettings{}, err)
	}
	var errs []error
	s := message.DecomposeSettings{Space: v.space, Vector: v.rows, Greedy: t.greedy}
	for l, has := range v.has {
		if has {
			s.Layers = append(s.Layers, l)
		}
	}
	for _, c := range t.sets {
		ns, err := c.neuronsOn(t.m)
		s.Sets, errs = append(s.Sets, ns), append(errs, err)
	}
	return newRequest(s, errors.Join(errs...))
}
