package steer

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// models are those from whose weights something was made: their names by digest. It is empty for what was given, not made,
// and where nobody knows.
type models map[string]string

// madeFrom returns the models of records.
func madeFrom(headers ...Header) models {
	m := models{}
	for _, h := range headers {
		if h.Identity.Model != "" {
			m[h.Identity.Model] = h.Model
		}
	}
	return m
}

// and returns the models of either.
func (a models) and(b models) models {
	if len(b) == 0 {
		return a
	}
	all := maps.Clone(b)
	maps.Copy(all, a)
	return all
}

// An identifier is a Runner that knows the digests of its model without running anything on it.
type identifier interface {
	Identity(ctx context.Context) (Identity, error)
}

// identity returns the digests of the model; empty where the runner does not know them.
func (m *Model) identity() Identity {
	ctx := context.Background() // digests are kept beside the model; a Request has no context to give
	if i, ok := m.runner.(identifier); ok {
		id, err := i.Identity(ctx)
		if err != nil {
			return Identity{} // Run will say so
		}
		return id
	}
	info, err := m.Info().Run(ctx)
	if err != nil {
		return Identity{}
	}
	return info.Identity()
}

// takes reports why something that was made from some models' weights cannot be used on this one: neurons and directions of
// another model have the same numbers and mean something else. It is asked by everything that a task is given.
func (m *Model) takes(what string, made models) error {
	if len(made) == 0 || m == nil || m.runner == nil {
		return nil
	}
	own := m.identity().Model
	if own == "" {
		return nil
	}
	for _, digest := range slices.Sorted(maps.Keys(made)) {
		if digest != own {
			return engine.Mistake(engine.ModelMismatch, "%s was made on the model %q (weights %.8s), this task is about %q (weights %.8s)", what, made[digest], digest, m.name, own).
				Try("make it on this model, or describe the task on that one")
		}
	}
	return nil
}

// on returns the circuit's entries for a task of m, or why it cannot be used there.
func (c Circuit) on(m *Model) ([]Entry, error) {
	o := c.from()
	if o.err != nil {
		return nil, o.err
	}
	return c.all(), m.takes("the circuit "+c.quoted(), o.made)
}

// neuronsOn is on for a task that asks for neurons, wherever they are.
func (c Circuit) neuronsOn(m *Model) ([]Neuron, error) {
	if _, err := c.on(m); err != nil {
		return nil, err
	}
	return c.Neurons(), nil
}

// on returns the set's neurons for a task of m, or why it cannot be used there.
func (s NeuronSet) on(m *Model) ([]Neuron, error) {
	var o origin
	if s.origin != nil {
		o = s.origin()
	}
	if o.err != nil {
		return nil, o.err
	}
	return s.all(), m.takes(fmt.Sprintf("the set of neurons %q", s.name), o.made)
}

// on returns the vector's data for a task of m, or why it cannot be used there.
func (v Vector) on(m *Model) (vectorData, error) {
	d := v.data()
	switch {
	case d.err != nil:
		return d, d.err
	case len(d.rows) == 0:
		return d, engine.Mistake(engine.BadSetting, "the vector %q is empty", v.name).Try("use one that m.ControlVector made")
	}
	return d, m.takes(fmt.Sprintf("the vector %q", v.name), madeFrom(d.from...))
}

// on reports why the activations cannot be used in a task of m.
func (a Activations) on(m *Model) error {
	return m.takes("what the neurons are set to", madeFrom(a.rec.record().Header))
}
