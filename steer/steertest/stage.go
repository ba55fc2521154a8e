package steertest

import (
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// stage is a stage of an edit of prompt b, with what its gate has decided so far at each position.
type stage struct {
	*engine.Edit
	b      int
	affine func(l, t, n int) affine
	open   []bool
	last   []bool // the decision of the last position after each layer
	prompt []bool // of new text under a gate by prompt, the prompt's last; nil: it decides itself
}

// stagesOf lists the stages of an edit of prompt b, for T positions.
func stagesOf(e *engine.Edit, b, T int) (all []*stage) {
	for ; e != nil; e = e.Next {
		all = append(all, &stage{Edit: e, b: b, affine: edits(e, b), open: make([]bool, T), last: make([]bool, layers)})
	}
	return all
}

// acts reports whether the stage does anything at the i-th position that is run.
func (s *stage) acts(i int) bool { return s.Gate == nil || s.open[i] }

// decide asks the gate, if it reads this site: x is what is there at each position that is run.
func (s *stage) decide(site engine.Site, l int, x [][]float64) {
	if s.Gate == nil || s.Gate.Site != site {
		return
	}
	if s.prompt != nil {
		s.open[0] = s.prompt[l]
		return
	}
	n := len(x[0])
	u := s.Gate.Directions[l*n:][:n]
	if slices.ContainsFunc(u, func(v float32) bool { return v != 0 }) {
		for i := range x {
			at, p := i, 0.
			if s.Gate.Prompt {
				at = len(x) - 1
			}
			for k, v := range u {
				p += x[at][k] * float64(v)
			}
			s.open[i] = p > float64(s.Gate.Above)
		}
	}
	s.last[l] = s.open[len(s.open)-1]
}

// taken is a direction that is taken out of something: y − k·u⟨y,u⟩.
type taken struct {
	u [width]float64
	k float64
}

// from takes it out; it is its own transpose.
func (o taken) from(y *[width]float64) {
	p := o.k * dot(y, &o.u)
	for d := range y {
		y[d] -= p * o.u[d]
	}
}

// back is the backward pass of directions that were taken out one after the other.
func back(outs []taken, g [width]float64) [width]float64 {
	for _, o := range slices.Backward(outs) {
		o.from(&g)
	}
	return g
}

// out returns the direction that the stage takes out at position t.
func (s *stage) out(from []float32, l, t int) (o taken) {
	if from == nil {
		return o
	}
	if o.k = float64(s.Times); o.k == 0 {
		o.k = 1
	}
	for d := range o.u {
		o.u[d] = float64(from[((s.b%s.B*layers+l)*s.T+min(t, s.T-1))*width+d])
	}
	return o
}

// put lets stages act on y, which is what is at a site at positions from on; it returns what they added, and took out, at each.
func put(stages []*stage, site engine.Site, l, from int, y [][width]float64) (added [][width]float64, outs [][]taken) {
	added, outs = make([][width]float64, len(y)), make([][]taken, len(y))
	for _, s := range stages {
		s.decide(site, l, views(y))
		for i := range y {
			if !s.acts(i) {
				continue
			}
			mlp, residual := vectors(s.Edit, s.b, l, from+i)
			o, v := s.out(s.OutMLP, l, from+i), mlp
			if site == engine.Residual {
				o, v = s.out(s.OutResidual, l, from+i), residual
			}
			o.from(&y[i])
			o.from(&added[i])
			outs[i] = append(outs[i], o)
			add(&y[i], &v)
			add(&added[i], &v)
		}
	}
	return added, outs
}

// views are rows as slices.
func views[R [width]float64 | [neurons]float64](rows []R) [][]float64 {
	out := make([][]float64, len(rows))
	for i := range rows {
		switch r := any(&rows[i]).(type) {
		case *[width]float64:
			out[i] = r[:]
		case *[neurons]float64:
			out[i] = r[:]
		}
	}
	return out
}

// checkStage reports directions and a gate that mean nothing.
func checkStage(e *engine.Edit) error {
	for _, v := range [][]float32{e.OutMLP, e.OutResidual} {
		for u := range slices.Chunk(v, width) {
			sum := 0.
			for _, x := range u {
				sum += float64(x) * float64(x)
			}
			if !(sum == 0 || math.Abs(sum-1) < 1e-4) {
				return fmt.Errorf("a direction of the edit has the length %v, not 1", math.Sqrt(sum))
			}
		}
	}
	if x := float64(e.Times); math.IsNaN(x) || math.IsInf(x, 0) {
		return fmt.Errorf("the edit takes %v times its directions out", x)
	}
	if e.Gate == nil {
		return nil
	}
	want, ok := map[engine.Site]int{engine.Neurons: layers * neurons, engine.MLP: layers * width, engine.Residual: layers * width}[e.Gate.Site]
	if !ok || len(e.Gate.Directions) != want {
		return fmt.Errorf("a gate at %v with %d numbers; it needs %d", e.Gate.Site, len(e.Gate.Directions), want)
	}
	for _, x := range append(slices.Clone(e.Gate.Directions), e.Gate.Above) {
		if x-x != 0 {
			return fmt.Errorf("a gate with the number %v", x)
		}
	}
	return nil
}
