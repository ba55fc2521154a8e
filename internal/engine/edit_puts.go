package engine

import (
	"math"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// checkPut reports what is wrong with one put of an edit.
func checkPut(task string, c decoder.Config, e *seam.Edit, p seam.Put) error {
	units := c.Neurons
	if p.Head {
		units = c.Heads
	}
	if p.Layer < 0 || p.Layer >= c.Layers || p.Index < 0 || p.Index >= units || p.Position < 0 || p.Position >= e.T {
		return seam.Errorf(seam.BadSetting, task, "the edit puts %v at position %d; the model has %d layers of %d neurons and %d heads, and the edit %d positions",
			p.Neuron, p.Position, c.Layers, c.Neurons, c.Heads, e.T).Try("take a place that there is")
	}
	if x := float64(p.Value); math.IsNaN(x) || math.IsInf(x, 0) {
		return seam.Errorf(seam.NotFinite, task, "the edit puts %v at %v", p.Value, p.Neuron).Try("use a finite number")
	}
	return nil
}

// isPut reports whether a put is of this field in a layer.
func (f editField) isPut(layer int) bool {
	for _, p := range f.puts {
		if p.Layer == layer {
			if _, ok := f.put(p); ok {
				return true
			}
		}
	}
	return false
}

// into writes the puts of a layer over what the field has there, for t positions [t,n].
func (f editField) into(data []float32, layer, t int, e *seam.Edit) {
	for _, p := range f.puts {
		if p.Layer != layer {
			continue
		}
		x, ok := f.put(p)
		switch {
		case !ok:
		case e.T > 1 && p.Position < t:
			data[p.Position*f.n+p.Index] = x
		case e.T == 1:
			for at := range t {
				data[at*f.n+p.Index] = x
			}
		}
	}
}

// leftOf returns the puts that stay where some layers are shut to them.
func leftOf(puts []seam.Put, shut func(layer int, at seam.Site) bool) (left []seam.Put) {
	for _, p := range puts {
		site := seam.Neurons
		if p.Head {
			site = seam.Attention
		}
		if !shut(p.Layer, site) {
			left = append(left, p)
		}
	}
	return left
}
