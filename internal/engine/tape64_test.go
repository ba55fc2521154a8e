package engine

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A matrix64 is a node of a computation in float64 with its gradient: rows·cols numbers. The reference of the tests is made
// of them; it shares nothing with the graphs that it is compared with, nor with their backward pass.
type matrix64 struct {
	rows, cols int
	v, g       []float64
}

// A tape64 remembers how matrices were made, to run it backward.
type tape64 struct {
	steps []func()
	noise *rand.Rand // nil: none
}

// made remembers how z was made. With noise its numbers, and their gradients on the way back, are off by as much as float32 rounds
// at the most, 2⁻²⁴ of each, at random: how far the results of such runs lie apart is what float32 leaves of them (Monte Carlo
// arithmetic, Parker 1997).
func (t *tape64) made(z *matrix64, back func()) *matrix64 {
	t.blur(z.v)
	t.then(func() {
		t.blur(z.g)
		back()
	})
	return z
}

func (t *tape64) blur(v []float64) {
	for i := range v {
		if t.noise != nil {
			v[i] *= 1 + (2*t.noise.Float64()-1)*0x1p-24
		}
	}
}

func newMatrix64(rows, cols int) *matrix64 {
	return &matrix64{rows, cols, make([]float64, rows*cols), make([]float64, rows*cols)}
}

func constant64(rows, cols int, x []float32) *matrix64 {
	m := newMatrix64(rows, cols)
	for i, v := range x {
		m.v[i] = float64(v)
	}
	return m
}

// backward runs everything backward, from gradients that the caller has put in.
func (t *tape64) backward() {
	for _, v := range slices.Backward(t.steps) {
		v()
	}
}

func (t *tape64) then(step func()) { t.steps = append(t.steps, step) }

// product is x y, or x yᵀ.
func (t *tape64) product(x, y *matrix64, transposed bool) *matrix64 {
	n := y.cols
	at := func(k, j int) int { return k*y.cols + j }
	if transposed {
		n = y.rows
		at = func(k, j int) int { return j*y.cols + k }
	}
	z := newMatrix64(x.rows, n)
	each := func(f func(xi, yi, zi int)) {
		for i := range x.rows {
			for k := range x.cols {
				for j := range n {
					f(i*x.cols+k, at(k, j), i*n+j)
				}
			}
		}
	}
	each(func(xi, yi, zi int) { z.v[zi] += x.v[xi] * y.v[yi] })
	return t.made(z, func() {
		each(func(xi, yi, zi int) {
			x.g[xi] += z.g[zi] * y.v[yi]
			y.g[yi] += z.g[zi] * x.v[xi]
		})
	})
}

// sum is x + y, y repeated for every row where it has one alone.
func (t *tape64) sum(x, y *matrix64) *matrix64 {
	z := newMatrix64(x.rows, x.cols)
	for i := range z.v {
		z.v[i] = x.v[i] + y.v[i%len(y.v)]
	}
	return t.made(z, func() {
		for i, g := range z.g {
			x.g[i] += g
			y.g[i%len(y.g)] += g
		}
	})
}

// times is x·y elementwise.
func (t *tape64) times(x, y *matrix64) *matrix64 {
	z := newMatrix64(x.rows, x.cols)
	for i := range z.v {
		z.v[i] = x.v[i] * y.v[i%len(y.v)]
	}
	return t.made(z, func() {
		for i, g := range z.g {
			x.g[i] += g * y.v[i%len(y.v)]
			y.g[i%len(y.v)] += g * x.v[i]
		}
	})
}

func (t *tape64) scaled(x *matrix64, by float64) *matrix64 {
	return t.times(x, &matrix64{1, 1, []float64{by}, []float64{0}})
}

// stop is x for the forward pass and a constant for the backward pass.
func (t *tape64) stop(x *matrix64) *matrix64 {
	return &matrix64{x.rows, x.cols, x.v, make([]float64, len(x.v))}
}

// maybe stops x where a rule says so.
func (t *tape64) maybe(stop bool, x *matrix64) *matrix64 {
	if stop {
		return t.stop(x)
	}
	return x
}

// apply is f of every number; the slope is taken by a central difference of f in its complex-step-free form: df.
func (t *tape64) apply(x *matrix64, f, df func(float64) float64) *matrix64 {
	z := newMatrix64(x.rows, x.cols)
	for i, v := range x.v {
		z.v[i] = f(v)
	}
	return t.made(z, func() {
		for i, g := range z.g {
			x.g[i] += g * df(x.v[i])
		}
	})
}

// columns takes columns [from, to).
func (t *tape64) columns(x *matrix64, from, to int) *matrix64 {
	z := newMatrix64(x.rows, to-from)
	each := func(f func(xi, zi int)) {
		for r := range x.rows {
			for j := range z.cols {
				f(r*x.cols+from+j, r*z.cols+j)
			}
		}
	}
	each(func(xi, zi int) { z.v[zi] = x.v[xi] })
	return t.made(z, func() { each(func(xi, zi int) { x.g[xi] += z.g[zi] }) })
}

// beside joins columns.
func (t *tape64) beside(parts []*matrix64) *matrix64 {
	n := 0
	for _, p := range parts {
		n += p.cols
	}
	z := newMatrix64(parts[0].rows, n)
	each := func(f func(p *matrix64, pi, zi int)) {
		at := 0
		for _, p := range parts {
			for r := range p.rows {
				for j := range p.cols {
					f(p, r*p.cols+j, r*n+at+j)
				}
			}
			at += p.cols
		}
	}
	each(func(p *matrix64, pi, zi int) { z.v[zi] = p.v[pi] })
	return t.made(z, func() { each(func(p *matrix64, pi, zi int) { p.g[pi] += z.g[zi] }) })
}

// root is rsqrt(mean x² + eps) of every row, repeated along it.
func (t *tape64) root(x *matrix64, eps float64) *matrix64 {
	z, n := newMatrix64(x.rows, x.cols), float64(x.cols)
	for r := range x.rows {
		mean := 0.
		for _, v := range x.v[r*x.cols:][:x.cols] {
			mean += v * v / n
		}
		for j := range x.cols {
			z.v[r*x.cols+j] = 1 / math.Sqrt(mean+eps)
		}
	}
	return t.made(z, func() {
		for r := range x.rows {
			row, all := r*x.cols, 0.
			for j := range x.cols {
				all += z.g[row+j]
			}
			k := z.v[row]
			for j := range x.cols {
				x.g[row+j] -= all * k * k * k * x.v[row+j] / n
			}
		}
	})
}

// softmax is that of every row over the columns that see allows.
func (t *tape64) softmax(x *matrix64, see func(row, col int) bool) *matrix64 {
	z := newMatrix64(x.rows, x.cols)
	for r := range x.rows {
		sum := 0.
		for j := range x.cols {
			if see(r, j) {
				z.v[r*x.cols+j] = math.Exp(x.v[r*x.cols+j])
				sum += z.v[r*x.cols+j]
			}
		}
		for j := range x.cols {
			z.v[r*x.cols+j] /= sum
		}
	}
	return t.made(z, func() {
		for r := range x.rows {
			mean := 0.
			for j := range x.cols {
				mean += z.v[r*x.cols+j] * z.g[r*x.cols+j]
			}
			for j := range x.cols {
				x.g[r*x.cols+j] += z.v[r*x.cols+j] * (z.g[r*x.cols+j] - mean)
			}
		}
	})
}

// relevance is ⟨∂m/∂x, x⟩.
func (m *matrix64) relevance() (s float64) {
	for i, v := range m.v {
		s += v * m.g[i]
	}
	return s
}
