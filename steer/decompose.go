package steer

import (
	"context"
	"errors"
	"fmt"
	"slices"

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
	return Decomposition{newScores(func() dense { return decomposed(fetch(), t.vector) }, view{}), fetch}
}

const decomposeVersion = 1

type decomposeSettings struct {
	Space  engine.Site `json:"space"`
	Layers []int       `json:"layers"`
	Vector numbers     `json:"vector"` // [L,D]
	Sets   [][]Neuron  `json:"sets"`
	Greedy int         `json:"greedy"`
}

// check reports all mistakes that can be seen without a model.
func (s decomposeSettings) check() error {
	const task = "decompose"
	var errs []error
	if s.Space == engine.Neurons {
		errs = append(errs, engine.Errorf(engine.BadSetting, task, "a vector of neurons is one number for each neuron already").Try("decompose one From(steer.Residual) or From(steer.MLP), or use m.Contrast"))
	} else if s.Space != engine.Residual && s.Space != engine.MLP {
		errs = append(errs, engine.Errorf(engine.BadRequest, task, "unknown space %q", s.Space).Try("use the same version of neuronsteer on both sides"))
	}
	if s.Greedy < 0 {
		errs = append(errs, engine.Errorf(engine.BadSetting, task, "Greedy(%d) is no number of neurons", s.Greedy).Try("use Greedy(50)"))
	}
	if i := notFinite(s.Vector); i >= 0 {
		errs = append(errs, engine.Errorf(engine.NotFinite, task, "number %d of the vector is %v", i, s.Vector[i]).Try("make it anew with m.ControlVector"))
	}
	for i, set := range s.Sets {
		if len(set) == 0 {
			errs = append(errs, engine.Errorf(engine.BadSetting, task, "circuit %d of For is empty", i+1).Try("select some neurons, e.g. TopK(20)"))
		}
	}
	return errors.Join(errs...)
}

// fits reports a vector or circuits of another model.
func (s decomposeSettings) fits(shape engine.Shape) error {
	const task = "decompose"
	if len(s.Vector) != shape.Layers*shape.Width {
		return engine.Errorf(engine.ModelMismatch, task, "the vector has %d numbers, this model needs %d layers of %d", len(s.Vector), shape.Layers, shape.Width).
			Try("use a vector of this model")
	}
	for i, l := range s.Layers {
		if l < 0 || l >= shape.Layers || (i > 0 && l <= s.Layers[i-1]) {
			return engine.Errorf(engine.BadRequest, task, "layers %v of a model of %d", s.Layers, shape.Layers).Try("use the same version of neuronsteer on both sides")
		}
	}
	var errs []error
	for _, set := range s.Sets {
		errs = append(errs, checkNeurons(task, shape, set))
	}
	return errors.Join(errs...)
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
	s := decomposeSettings{Space: v.space, Vector: v.rows, Greedy: t.greedy}
	for l, has := range v.has {
		if has {
			s.Layers = append(s.Layers, l)
		}
	}
	for _, c := range t.sets {
		s.Sets = append(s.Sets, c.Neurons())
	}
	if err := s.check(); err != nil {
		return Request{}, err
	}
	return newRequest("decompose", decomposeVersion, s)
}
