package steertest

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// vectors returns an edit that adds vectors to the MLP's output and to the residual stream of every layer, small against
// the stream itself.
func (b bench) vectors(t *testing.T, B, T int, seed uint64) *engine.Edit {
	t.Helper()
	x := b.forward(t, engine.Forward{IDs: b.ids[:1], Capture: engine.Embedding}).Embedding[0]
	size, noise := .3*largest(x), splitMix(seed)
	e := &engine.Edit{B: B, T: T, MLP: b.width(B, T), Residual: b.width(B, T)}
	for i := range e.MLP {
		e.MLP[i], e.Residual[i] = float32(size*noise()), float32(size*noise())
	}
	return e
}

// width returns B·L·T·D zeros.
func (b bench) width(B, T int) []float32 { return make([]float32, B*b.shape.Layers*T*b.shape.Width) }

// testVectors: a vector moves what it is added to by itself, in the layer where it is added and nowhere below. What a neuron
// writes more is a vector at the MLP's output.
func testVectors(t *testing.T, b bench) {
	s := b.shape
	plain := b.forward(t, engine.Forward{IDs: b.ids, Capture: everything})
	all := &engine.Edit{B: 1, T: 1, Add: make([]float32, s.Layers*s.Neurons), MLP: b.width(1, 1)}
	for l := range s.Layers {
		w, err := b.e.Outputs(l) // [F,D]
		if err != nil {
			t.Fatalf("Outputs: %v", err)
		}
		n := (7*l + 1) % s.Neurons
		x := .5 * largest(plain.MLP[0]) / largest(w[n*s.Width:][:s.Width])
		more := make([]float32, s.Layers*s.Neurons)
		more[l*s.Neurons+n] = float32(x)
		v := make([]float32, s.Width)
		for d := range v {
			v[d] = float32(x) * w[n*s.Width+d]
		}
		const part = 1. / 8 // in every layer at once it is smaller: rounding of what is put in and taken out adds up
		all.Add[l*s.Neurons+n] = -part * float32(x)
		for d, x := range v {
			all.MLP[l*s.Width+d] = part * x
		}
		neuron := b.forward(t, engine.Forward{IDs: b.ids, Capture: everything, Edit: &engine.Edit{B: 1, T: 1, Add: more}})
		only := b.width(1, 1) // layer l alone
		copy(only[l*s.Width:], v)
		mlp := b.forward(t, engine.Forward{IDs: b.ids, Capture: everything, Edit: &engine.Edit{B: 1, T: 1, MLP: only}})
		residual := b.forward(t, engine.Forward{IDs: b.ids, Capture: everything, Edit: &engine.Edit{B: 1, T: 1, Residual: only}})
		for i, ids := range b.ids {
			at := l * len(ids) * s.Width
			end := at + len(ids)*s.Width
			near(t, "MLP output + vector", mlp.MLP[i][at:end], moved(plain.MLP[i][at:end], v), orderBound)
			near(t, "residual stream + vector", residual.Residual[i][at:end], moved(plain.Residual[i][at:end], v), orderBound)
			near(t, "MLP output where the residual stream is moved", residual.MLP[i][at:end], plain.MLP[i][at:end], orderBound)
			near(t, "residual stream where the MLP is moved", mlp.Residual[i][at:end], neuron.Residual[i][at:end], orderBound)
			near(t, "logits by either way", mlp.Logits[i], neuron.Logits[i], orderBound)
			differ(t, "logits under a vector of the MLP", mlp.Logits[i], plain.Logits[i])
			near(t, "residual stream below", mlp.Residual[i][:at], plain.Residual[i][:at], orderBound)
			differ(t, "logits under a vector", residual.Logits[i], plain.Logits[i])
		}
	}
	nothing := b.forward(t, engine.Forward{IDs: b.ids, Edit: all})
	for i := range b.ids {
		near(t, "v − v", nothing.Logits[i], plain.Logits[i], orderBound)
	}
}

// moved returns rows [T,D] plus v [D].
func moved(x, v []float32) []float32 {
	out := make([]float32, len(x))
	for i := range x {
		out[i] = x[i] + v[i%len(v)]
	}
	return out
}

// testVectorAxes: vectors of each prompt and position go where they belong, together with neurons.
func testVectorAxes(t *testing.T, b bench) {
	T, B := 0, len(b.ids)
	for _, ids := range b.ids {
		T = max(T, len(ids))
	}
	e := b.vectors(t, B, T+1, 53) // one position more than needed
	e.Scale = b.random(B, T+1, 59).Scale
	f := b.forward(t, engine.Forward{IDs: b.ids, Edit: e, Capture: everything})
	a := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: engine.RelP, Edit: e})
	conserved(t, engine.RelP, a)
	for p := range B {
		own := b.own(e, p)
		one := b.forward(t, engine.Forward{IDs: b.ids[p : p+1], Edit: own, Capture: everything})
		want := b.captures(one, 0, len(b.ids[p]))
		for k, c := range b.captures(f, p, len(b.ids[p])) {
			near(t, c.what+" under a prompt's own edit", c.data, want[k].data, orderBound)
		}
		near(t, "logits under a prompt's own edit", f.Logits[p], one.Logits[0], orderBound)
		near(t, "logits of an attribution", a.Logits[p], one.Logits[0], orderBound)
	}
	early, n := b.ids[B-1:], len(b.ids[B-1]) // vectors at the last position alone leave the others as they are
	late := &engine.Edit{B: 1, T: n, Residual: b.width(1, n)}
	for l := range b.shape.Layers {
		copy(late.Residual[(l*n+n-1)*b.shape.Width:], e.Residual[:b.shape.Width])
	}
	V := b.shape.Vocab
	x := b.forward(t, engine.Forward{IDs: early, AllLogits: true}).Logits[0]
	y := b.forward(t, engine.Forward{IDs: early, AllLogits: true, Edit: late}).Logits[0]
	near(t, "logits before a vector", y[:(n-1)*V], x[:(n-1)*V], orderBound)
	differ(t, "logits at a vector", y[(n-1)*V:], x[(n-1)*V:])
}

// own returns prompt p's part of an edit.
func (b bench) own(e *engine.Edit, p int) *engine.Edit {
	cut := func(x []float32) []float32 {
		if x == nil {
			return nil
		}
		n := len(x) / e.B
		return x[p*n:][:n]
	}
	return &engine.Edit{B: 1, T: e.T, Scale: cut(e.Scale), Add: cut(e.Add), Lo: cut(e.Lo), Hi: cut(e.Hi), MLP: cut(e.MLP), Residual: cut(e.Residual)}
}
