package steer

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// intervention is one change as it stands in a request: neurons as values, never a circuit's name.
type intervention struct {
	Op        string   `json:"op"`
	Neurons   []Neuron `json:"neurons,omitempty"`   // sorted
	Positions []int    `json:"positions,omitempty"` // of each neuron: the same length, −1 everywhere; absent: all −1
	X         float64  `json:"x"`
	Lo        *float64 `json:"lo,omitempty"` // clamp; absent: no bound
	Hi        *float64 `json:"hi,omitempty"`
	Values    numbers  `json:"values,omitempty"` // values [neurons,Rows]; vectors [L,D]; add-each [L,F]
	Rows      int      `json:"rows,omitempty"`   // values: positions from the end; 1: the same everywhere
	Scope     string   `json:"scope"`
	SkipBOS   bool     `json:"skipBOS,omitempty"`
}

// interventions computes the circuits, vectors and activations and returns the request's form.
func interventions(task string, list []Intervention) ([]intervention, error) {
	var (
		out  []intervention
		errs []error
	)
	for _, i := range list {
		r, err := i.request(task)
		errs = append(errs, err)
		out = append(out, r)
	}
	return out, errors.Join(errs...)
}

func (i Intervention) request(task string) (intervention, error) {
	r := intervention{Op: i.op, X: i.x, Scope: i.scope, SkipBOS: i.skipBOS}
	for _, x := range []float64{i.x, i.lo, i.hi} {
		if math.IsNaN(x) || (!unbounded(x) && math.Abs(x) > math.MaxFloat32) || (unbounded(x) && i.op != opClamp) {
			return r, engine.Errorf(engine.BadSetting, task, "the number %v of an intervention is not a finite number of 32 bits", x).
				Try("Scale(circuit, 2) doubles, Ablate(circuit) is Scale(circuit, 0)")
		}
	}
	if i.op == opResidual {
		return i.vectorRequest(task, r)
	}
	r.Neurons, r.Positions = sites(i.circuit.all(), i.positions)
	if len(r.Neurons) == 0 {
		return r, engine.Errorf(engine.BadSetting, task, "the circuit %s is empty, so there is nothing to change", i.circuit.quoted()).
			Try("select some neurons, e.g. TopK(20)")
	}
	switch i.op {
	case opClamp:
		if i.lo > i.hi {
			return r, engine.Errorf(engine.BadSetting, task, "Clamp(%v, %v) leaves no activation", i.lo, i.hi).Try("give the smaller bound first")
		}
		r.X, r.Lo, r.Hi = 0, bound(i.lo), bound(i.hi)
	case opValues:
		var err error
		if r.Values, r.Rows, err = i.from.valuesOf(task, r.Neurons); err != nil {
			return r, err
		}
		r.X = 0
	}
	return r, nil
}

func (i Intervention) vectorRequest(task string, r intervention) (intervention, error) {
	v := i.vector.data()
	if v.err != nil {
		return r, fmt.Errorf("%s: %w", task, v.err)
	}
	if len(v.rows) == 0 {
		return r, engine.Errorf(engine.BadSetting, task, "the vector %q is empty", i.vector.Name()).Try("use one that m.ControlVector made")
	}
	values, ok := v.times(i.x)
	if !ok {
		return r, engine.Errorf(engine.BadSetting, task, "%g times the vector %q leaves the range of 32-bit numbers", i.x, i.vector.Name()).Try("use a smaller factor")
	}
	r.Op = map[engine.Site]string{engine.Residual: opResidual, engine.MLP: opMLP, engine.Neurons: opAddEach}[v.space]
	r.Values, r.X = values, 0
	return r, nil
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
		return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Index, b.Index), cmp.Compare(a.Position, b.Position))
	})
	es = slices.CompactFunc(es, func(a, b Entry) bool { return a.Neuron == b.Neuron && a.Position == b.Position })
	for _, e := range es {
		ns, ps = append(ns, e.Neuron), append(ps, e.Position)
	}
	return ns, ps
}

// checkInterventions reports what a message asks that this version or this model cannot do.
func checkInterventions(task string, shape engine.Shape, is []intervention) error {
	var errs []error
	for _, i := range is {
		errs = append(errs, i.check(task, shape))
	}
	return errors.Join(errs...)
}

func (i intervention) check(task string, shape engine.Shape) error {
	bad := func(format string, args ...any) error {
		return engine.Errorf(engine.BadRequest, task, format, args...).Try("use the same version of neuronsteer on both sides")
	}
	if !slices.Contains([]string{everywhere, promptOnly, generatedOnly}, i.Scope) {
		return bad("unknown scope %q of an intervention", i.Scope)
	}
	if math.IsNaN(i.X) || math.Abs(i.X) > math.MaxFloat32 || notFinite(i.Values) >= 0 {
		return bad("an intervention with a number that is not finite")
	}
	if i.Positions != nil && len(i.Positions) != len(i.Neurons) {
		return bad("an intervention with %d positions for %d neurons", len(i.Positions), len(i.Neurons))
	}
	want := 0
	switch i.Op {
	case opScale, opSet, opAdd, opClamp:
	case opValues:
		if want = len(i.Neurons) * i.Rows; i.Rows < 1 || want/i.Rows != len(i.Neurons) {
			return bad("an intervention with %d rows of values", i.Rows)
		}
	case opMLP, opResidual:
		want = shape.Layers * shape.Width
	case opAddEach:
		want = shape.Layers * shape.Neurons
	default:
		return bad("unknown intervention %q", i.Op)
	}
	if len(i.Values) != want && (want > 0 || len(i.Values) > 0) {
		return engine.Errorf(engine.ModelMismatch, task, "an intervention has %d numbers, this model needs %d", len(i.Values), want).
			Try("use a vector or activations of this model")
	}
	for _, n := range i.Neurons {
		if n.Layer < 0 || n.Layer >= shape.Layers || n.Index < 0 || n.Index >= shape.Neurons {
			return engine.Errorf(engine.ModelMismatch, task, "neuron %v is outside this model of %d layers with %d neurons each", n, shape.Layers, shape.Neurons).
				Try("use a circuit that was found on this model")
		}
	}
	return nil
}
