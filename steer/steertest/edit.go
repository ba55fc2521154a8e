package steertest

import (
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// checkEdit reports an edit that does not fit B prompts of at most T positions.
func checkEdit(e *engine.Edit, B, T int) error {
	if e == nil {
		return nil
	}
	if e.B != 1 && e.B != B {
		return fmt.Errorf("the edit is for %d prompts, the batch has %d; B must be 1 or that", e.B, B)
	}
	if e.T != 1 && e.T < T {
		return fmt.Errorf("the edit has %d positions, the longest prompt %d; T must be 1 or at least that", e.T, T)
	}
	for _, v := range [][]float32{e.Scale, e.Add, e.Lo, e.Hi} {
		if want := e.B * layers * e.T * neurons; v != nil && len(v) != want {
			return fmt.Errorf("a slice of the edit has %d numbers; [B,L,T,F] makes %d", len(v), want)
		}
	}
	if want := e.B * layers * e.T * heads; e.Heads != nil && len(e.Heads) != want {
		return fmt.Errorf("the edit has factors of %d heads; [B,L,T,H] makes %d", len(e.Heads), want)
	}
	for _, v := range [][]float32{e.MLP, e.Residual, e.OutMLP, e.OutResidual, e.HeadAdd} { // H·C is D here
		if want := e.B * layers * e.T * width; v != nil && len(v) != want {
			return fmt.Errorf("a vector of the edit has %d numbers; [B,L,T,D] makes %d", len(v), want)
		}
	}
	for _, p := range e.Puts {
		units := neurons
		if p.Head {
			units = heads
		}
		if p.Layer < 0 || p.Layer >= layers || p.Index < 0 || p.Index >= units || p.Position < 0 || p.Position >= e.T || math.IsNaN(float64(p.Value)) || math.IsInf(float64(p.Value), 0) {
			return fmt.Errorf("the edit puts %v at %v, position %d; take a place that there is and a finite number", p.Value, p.Neuron, p.Position)
		}
	}
	if e.Next != nil && (e.Next.B != e.B || e.Next.T != e.T) {
		return fmt.Errorf("a stage of the edit is for %d prompts of %d positions, the one before it for %d of %d", e.Next.B, e.Next.T, e.B, e.T)
	}
	if err := checkStage(e); err != nil {
		return err
	}
	return checkEdit(e.Next, B, T)
}

// vectors returns what the edit adds to the output of the MLP and to the residual stream of prompt b.
func vectors(e *engine.Edit, b, l, t int) (mlp, residual [width]float64) {
	if e == nil {
		return mlp, residual
	}
	at := ((b%e.B*layers+l)*e.T + min(t, e.T-1)) * width
	for d := range width {
		if e.MLP != nil {
			mlp[d] = float64(e.MLP[at+d])
		}
		if e.Residual != nil {
			residual[d] = float64(e.Residual[at+d])
		}
	}
	return mlp, residual
}

// factor returns what an edit multiplies a head's output by.
func factor(e *engine.Edit, b, l, t, head int) float64 {
	if e == nil {
		return 1
	}
	if x, ok := putAt(e, t, engine.Neuron{Layer: l, Index: head, Head: true}); ok {
		return x
	}
	if e.Heads == nil {
		return 1
	}
	return float64(e.Heads[((b%e.B*layers+l)*e.T+min(t, e.T-1))*heads+head])
}

// addend returns what an edit adds to a channel of the heads' outputs.
func addend(e *engine.Edit, b, l, t, channel int) float64 {
	if e == nil || e.HeadAdd == nil {
		return 0
	}
	return float64(e.HeadAdd[((b%e.B*layers+l)*e.T+min(t, e.T-1))*width+channel])
}

// checkBack reports what no backward pass knows.
func checkBack(e *engine.Edit) error {
	for ; e != nil; e = e.Next {
		if e.HeadAdd != nil {
			return fmt.Errorf("the edit sets heads to values, which is not attributed through")
		}
	}
	return nil
}

// putAt returns what an edit puts at a neuron or a head, if it does.
func putAt(e *engine.Edit, t int, n engine.Neuron) (x float64, ok bool) {
	for _, p := range e.Puts {
		if p.Neuron == n && (e.T == 1 || p.Position == t) {
			x, ok = float64(p.Value), true
		}
	}
	return x, ok
}

// affine is an edit of one neuron at one position: h' = clamp(h·scale + add, lo, hi).
type affine struct{ scale, add, lo, hi float64 }

// edits returns the edit of prompt b as a function of layer, position and neuron.
func edits(e *engine.Edit, b int) func(l, t, n int) affine {
	return func(l, t, n int) affine {
		a := affine{1, 0, math.Inf(-1), math.Inf(1)}
		if e == nil {
			return a
		}
		i := ((b%e.B*layers+l)*e.T+min(t, e.T-1))*neurons + n
		for _, f := range []struct {
			from []float32
			to   *float64
		}{{e.Scale, &a.scale}, {e.Add, &a.add}, {e.Lo, &a.lo}, {e.Hi, &a.hi}} {
			if f.from != nil {
				*f.to = float64(f.from[i])
			}
		}
		if x, ok := putAt(e, t, engine.Neuron{Layer: l, Index: n}); ok {
			return affine{0, x, math.Inf(-1), math.Inf(1)}
		}
		return a
	}
}

// apply returns h', its slope in h, and the part of h' that is not linear in h.
func (a affine) apply(h float64) (edited, slope, constant float64) {
	y := h*a.scale + a.add
	if c := min(max(y, a.lo), a.hi); c != y {
		return c, 0, c
	}
	return y, a.scale, a.add
}
