package steer

import (
	"errors"
	"math"
	"slices"
)

// intervention is one change to the neurons as it stands in a request: neurons as values, never a circuit's name.
type intervention struct {
	Op      string   `json:"op"` // "scale"
	Neurons []Neuron `json:"neurons"`
	X       float64  `json:"x"`
}

// pending is an intervention whose circuit may still be lazy. A list of them is copied on every addition, so forks of a
// task never share one.
type pending struct {
	circuit Circuit
	x       float64
}

func withScale(ps []pending, c Circuit, x float64) []pending {
	return append(slices.Clone(ps), pending{c, x})
}

// interventions computes the circuits and returns the request's form, neurons sorted.
func interventions(task string, ps []pending) ([]intervention, error) {
	var (
		out  []intervention
		errs []error
	)
	for _, p := range ps {
		if err := checkMultiplier(task, p.x); err != nil {
			errs = append(errs, err)
			continue
		}
		ns := p.circuit.Neurons()
		if len(ns) == 0 {
			errs = append(errs, Errorf(BadSetting, task, "the circuit %s is empty, so there is nothing to change", p.circuit.quoted()).
				Try("select some neurons, e.g. TopK(20)"))
			continue
		}
		out = append(out, intervention{Op: "scale", Neurons: ns, X: p.x})
	}
	return out, errors.Join(errs...)
}

// checkMultiplier reports a number that float32, in which the model computes, does not hold.
func checkMultiplier(task string, x float64) error {
	if !(math.Abs(x) <= math.MaxFloat32) { // NaN, ±Inf and what becomes ±Inf
		return Errorf(BadSetting, task, "the multiplier %v is not a finite number of 32 bits", x).
			Try("Scale(circuit, 2) doubles, Ablate(circuit) is Scale(circuit, 0)")
	}
	return nil
}

// checkInterventions reports what this version cannot do to a neuron.
func checkInterventions(task string, is []intervention) error {
	var errs []error
	for _, i := range is {
		if i.Op != "scale" {
			errs = append(errs, Errorf(BadRequest, task, "unknown intervention %q", i.Op).Try("use the same version of neuronsteer on both sides"))
		}
		errs = append(errs, checkMultiplier(task, i.X))
	}
	return errors.Join(errs...)
}

// checkNeurons reports neurons that the model does not have.
func checkNeurons(task string, shape Shape, is []intervention) error {
	for _, i := range is {
		for _, n := range i.Neurons {
			if n.Layer < 0 || n.Layer >= shape.Layers || n.Index < 0 || n.Index >= shape.Neurons {
				return Errorf(ModelMismatch, task, "neuron %v is outside this model of %d layers with %d neurons each", n, shape.Layers, shape.Neurons).
					Try("use a circuit that was found on this model")
			}
		}
	}
	return nil
}

// compose returns all interventions as one edit, the same at every position, or nil for none. Each is affine with bounds,
// and such functions are closed under composition: clamp(h·s+a, lo, hi)·x = clamp(h·sx+ax, lo·x, hi·x), the bounds
// swapped when x is negative.
func compose(shape Shape, is []intervention) *Edit {
	if len(is) == 0 {
		return nil
	}
	n := shape.Layers * shape.Neurons
	e := &Edit{B: 1, T: 1, Scale: make([]float32, n)} // [1,L,1,F]
	for i := range e.Scale {
		e.Scale[i] = 1
	}
	for _, in := range is {
		for _, u := range in.Neurons {
			e.Scale[u.Layer*shape.Neurons+u.Index] *= float32(in.X)
		}
	}
	return e
}
