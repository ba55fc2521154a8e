package steer

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// interventions computes the circuits, vectors and activations and returns the request's form.
func interventions(task string, m *Model, list []Intervention) ([]message.Intervention, error) {
	var (
		out  []message.Intervention
		errs []error
	)
	for _, i := range list {
		r, err := i.request(task, m)
		errs = append(errs, err)
		out = append(out, r)
	}
	return out, errors.Join(errs...)
}

func (i Intervention) request(task string, m *Model) (message.Intervention, error) {
	r := message.Intervention{Op: i.op, X: i.x, Scope: i.scope, SkipBOS: i.skipBOS}
	for _, x := range []float64{i.x, i.lo, i.hi} {
		if math.IsNaN(x) || (!unbounded(x) && math.Abs(x) > math.MaxFloat32) || (unbounded(x) && i.op != message.OpClamp) {
			return r, engine.Errorf(engine.BadSetting, task, "the number %v of an intervention is not a finite number of 32 bits", x).
				Try("Scale(circuit, 2) doubles, Ablate(circuit) is Scale(circuit, 0)")
		}
	}
	if i.gate != nil {
		g, err := i.gate.request(task, m)
		if err != nil {
			return r, err
		}
		r.Gate = g
	}
	if i.op == message.OpResidual || i.op == message.OpProjectResidual {
		return i.vectorRequest(task, m, r)
	}
	entries, err := i.circuit.on(m)
	if err != nil {
		return r, err
	}
	r.Neurons, r.Positions = sites(entries, i.positions)
	if len(r.Neurons) == 0 {
		return r, engine.Errorf(engine.BadSetting, task, "the circuit %s is empty, so there is nothing to change", i.circuit.quoted()).
			Try(`select some neurons, e.g. TopK(20), or name them: steer.Neurons("L5/N298")`)
	}
	if err := message.CheckScalable(i.op, r.Neurons); err != nil {
		return r, err
	}
	switch i.op {
	case message.OpClamp:
		if i.lo > i.hi {
			return r, engine.Errorf(engine.BadSetting, task, "Clamp(%v, %v) leaves no activation", i.lo, i.hi).Try("give the smaller bound first")
		}
		r.X, r.Lo, r.Hi = 0, bound(i.lo), bound(i.hi)
	case message.OpValues:
		if err := i.from.on(m); err != nil {
			return r, err
		}
		if r.Values, r.Rows, err = i.from.valuesOf(task, r.Neurons); err != nil {
			return r, err
		}
		r.X = 0
	}
	return r, nil
}

func (i Intervention) vectorRequest(task string, m *Model, r message.Intervention) (message.Intervention, error) {
	v, err := i.vector.on(m)
	if err != nil {
		return r, err
	}
	if i.op == message.OpProjectResidual {
		if v.space == engine.Neurons {
			return r, engine.Errorf(engine.BadSetting, task, "ProjectOut of %q, a vector of neurons", i.vector.Name()).
				Try("ablate the neurons, or use a vector From(steer.Residual) or From(steer.MLP)")
		}
		if v.space == engine.MLP {
			r.Op = message.OpProjectMLP
		}
		r.Values, _ = v.times(1)
		return r, nil
	}
	values, ok := v.times(i.x)
	if !ok {
		return r, engine.Errorf(engine.BadSetting, task, "%g times the vector %q leaves the range of 32-bit numbers", i.x, i.vector.Name()).Try("use a smaller factor")
	}
	r.Op = map[Site]string{engine.Residual: message.OpResidual, engine.MLP: message.OpMLP, engine.Neurons: message.OpAddEach}[v.space]
	r.Values, r.X = values, 0
	return r, nil
}

// request returns the condition's form, its directions at length 1.
func (g gating) request(task string, m *Model) (*message.Gate, error) {
	if !message.Finite(g.above) {
		return nil, engine.Errorf(engine.BadSetting, task, "an intervention ByPrompt without When, or When above %v", g.above).
			Try("say above which number: When(probe, 1)")
	}
	if _, err := g.probe.on(m); err != nil {
		return nil, err
	}
	d, err := g.probe.Normalize().on(m)
	if err != nil {
		return nil, err
	}
	values, _ := d.times(1)
	return &message.Gate{Site: d.space, Directions: values, Above: g.above, Prompt: g.prompt}, nil
}

func bound(x float64) *float64 {
	if unbounded(x) {
		return nil
	}
	return &x
}

// sites returns the distinct neurons of entries, sorted, with their positions where those count.
func sites(es []Entry, positions bool) (ns []Neuron, ps []int) {
	if !positions {
		return Circuit{entries: func() []Entry { return es }}.Neurons(), nil
	}
	es = slices.Clone(es)
	slices.SortFunc(es, func(a, b Entry) int {
		return cmp.Or(message.ByPlace(a.Neuron, b.Neuron), cmp.Compare(a.Position, b.Position))
	})
	es = slices.CompactFunc(es, func(a, b Entry) bool { return a.Neuron == b.Neuron && a.Position == b.Position })
	for _, e := range es {
		ns, ps = append(ns, e.Neuron), append(ps, e.Position)
	}
	return ns, ps
}
