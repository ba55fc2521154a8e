package engine

import (
	"math"

	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	"github.com/neuronsteer/neuronsteer/steer"
)

// editFields are the numbers of an edit in the order of decoder.Edit, with their neutral values. That of Add is −0, which
// leaves even the sign of a zero alone.
func editFields(e *steer.Edit) [4]struct {
	name    string
	data    []float32
	neutral float32
} {
	type field = struct {
		name    string
		data    []float32
		neutral float32
	}
	inf := float32(math.Inf(1))
	return [4]field{{"Scale", e.Scale, 1}, {"Add", e.Add, float32(math.Copysign(0, -1))}, {"Lo", e.Lo, -inf}, {"Hi", e.Hi, inf}}
}

// checkEdit reports what keeps an edit from fitting b prompts of t positions.
func checkEdit(task string, c decoder.Config, e *steer.Edit, b, t int) error {
	if e == nil {
		return nil
	}
	if e.B != 1 && e.B != b || e.T != 1 && e.T < t {
		return steer.Errorf(steer.BadSetting, task, "the edit is for %d prompts of %d positions, the batch has %d of %d", e.B, e.T, b, t).
			Try("make the edit's B 1 or %d, and its T 1 or at least %d", b, t)
	}
	want := e.B * c.Layers * e.T * c.Neurons
	for _, f := range editFields(e) {
		if f.data == nil {
			continue
		}
		if len(f.data) != want {
			return steer.Errorf(steer.BadSetting, task, "the edit's %s has %d numbers, not B·L·T·F = %d·%d·%d·%d = %d",
				f.name, len(f.data), e.B, c.Layers, e.T, c.Neurons, want).Try("leave it nil or give all")
		}
		finite := f.name == "Scale" || f.name == "Add"
		for i, v := range f.data {
			if x := float64(v); math.IsNaN(x) || finite && math.IsInf(x, 0) {
				return steer.Errorf(steer.NotFinite, task, "the edit's %s is %v for neuron %d of layer %d", f.name, v, i%c.Neurons,
					i/(e.T*c.Neurons)%c.Layers).Try("use a finite number")
			}
		}
	}
	if e.Lo != nil && e.Hi != nil {
		for i, lo := range e.Lo {
			if lo > e.Hi[i] {
				return steer.Errorf(steer.BadSetting, task, "the edit clamps neuron %d of layer %d between %v and %v", i%c.Neurons,
					i/(e.T*c.Neurons)%c.Layers, lo, e.Hi[i]).Try("give the lower bound first")
			}
		}
	}
	return nil
}

// edit uploads an edit: four tensors [B',T',F] for each layer, T' being 1 or t. A field that is nil shares one neutral
// tensor among the layers, of the same shape, so that no combination of fields compiles anything new. A nil edit gives nil.
func (s *scope) edit(e *steer.Edit, t int) (layers [][]*tensors.Tensor, err error) { // [L][4]
	if e == nil {
		return nil, nil
	}
	c := s.e.cfg
	if e.T == 1 {
		t = 1
	}
	layers = make([][]*tensors.Tensor, c.Layers)
	for _, f := range editFields(e) {
		if f.data == nil {
			rest := make([]float32, e.B*t*c.Neurons)
			for i := range rest {
				rest[i] = f.neutral
			}
			x, err := upload(s, rest, e.B, t, c.Neurons)
			if err != nil {
				return nil, err
			}
			for l := range layers {
				layers[l] = append(layers[l], x)
			}
			continue
		}
		for l := range layers {
			part := make([]float32, 0, e.B*t*c.Neurons)
			for b := range e.B {
				part = append(part, f.data[(b*c.Layers+l)*e.T*c.Neurons:][:t*c.Neurons]...)
			}
			x, err := upload(s, part, e.B, t, c.Neurons)
			if err != nil {
				return nil, err
			}
			layers[l] = append(layers[l], x)
		}
	}
	return layers, nil
}

// of returns the edits of a group's layers, flat; none without an edit.
func (g group) of(layers [][]*tensors.Tensor) (out []*tensors.Tensor) {
	if layers == nil {
		return nil
	}
	for l := g.from; l < g.to; l++ {
		out = append(out, layers[l]...)
	}
	return out
}
