package engine

import seam "github.com/neuronsteer/neuronsteer/steer/engine"

// edited is h' = clamp(h·s + a, lo, hi), and the part of it that is not linear in h.
func (r reference64) edited(t *tape64, h, s, a, lo, hi *matrix64) (y *matrix64, rest []float64) {
	y = newMatrix64(h.rows, h.cols)
	slope := make([]float64, len(h.v))
	for i, v := range h.v {
		z := v*s.v[i] + a.v[i]
		y.v[i] = min(max(z, lo.v[i]), hi.v[i])
		if lo.v[i] < z && z < hi.v[i] {
			slope[i] = s.v[i]
		}
		rest = append(rest, y.v[i]-slope[i]*v)
	}
	t.then(func() {
		for i, g := range y.g {
			h.g[i] += g * slope[i]
		}
	})
	return y, rest
}

// stage64 is a stage of an edit, with what its gate has decided so far at each position.
type stage64 struct {
	*seam.Edit
	tokens int
	open   []bool
}

// field gives [T,n] numbers of a field at a layer, neutral where the gate is shut.
func (s *stage64) field(x []float32, l, n int, neutral float64) *matrix64 {
	m := newMatrix64(s.tokens, n)
	for i := range m.v {
		if m.v[i] = neutral; x != nil && (s.Gate == nil || s.open[i/n]) {
			m.v[i] = float64(x[(l*s.T+min(i/n, s.T-1))*n+i%n])
		}
	}
	return m
}

// decide asks the gate, if it reads this site, and has a direction in this layer.
func (s *stage64) decide(site seam.Site, l int, x *matrix64) {
	if s.Gate == nil || s.Gate.Site != site {
		return
	}
	u := s.Gate.Directions[l*x.cols:][:x.cols]
	silent := true
	for _, v := range u {
		silent = silent && v == 0
	}
	if silent {
		return
	}
	for i := range s.open {
		at, p := i, 0.
		if s.Gate.Prompt {
			at = s.tokens - 1
		}
		for j, v := range u {
			p += x.v[at*x.cols+j] * float64(v)
		}
		s.open[i] = p > float64(s.Gate.Above)
	}
}

// project is y − k·u⟨y,u⟩.
func (s *stage64) project(t *tape64, y, u *matrix64) *matrix64 {
	k := float64(s.Times)
	if k == 0 {
		k = 1
	}
	sums := t.product(t.times(y, u), constant64(y.cols, 1, filled(y.cols, 1)), false) // ⟨y,u⟩ [T,1]
	return t.sum(y, t.scaled(t.times(u, t.beside(repeat(sums, y.cols))), -k))
}
