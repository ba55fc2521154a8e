package execute

import (
	"math"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// span measures how much of a vector lies in the span of the directions that were added: an orthonormal basis by
// Gram–Schmidt, each direction orthogonalized twice, in float64.
type span struct {
	all   float64     // ‖v‖²
	in    float64     // ‖P v‖²
	rest  []float64   // v − P v
	basis [][]float64 // orthonormal
}

func newSpan(v []float32) *span {
	s := &span{all: message.Inner(v, v), rest: make([]float64, len(v))}
	for i, x := range v {
		s.rest[i] = float64(x)
	}
	return s
}

// dependent is the share of a direction's length below which what is left of it is taken for rounding: its numbers are
// float32.
const dependent = 1e-6

// add widens the span. It reports whether the direction was new: one that the others span already changes nothing.
func (s *span) add(w []float32) bool {
	q, length := make([]float64, len(w)), message.Norm(w)
	for i, x := range w {
		q[i] = float64(x)
	}
	for range 2 {
		for _, b := range s.basis {
			axpy(q, -dot(b, q), b)
		}
	}
	left := math.Sqrt(dot(q, q))
	if length == 0 || left <= dependent*length {
		return false
	}
	for i := range q {
		q[i] /= left
	}
	s.basis = append(s.basis, q)
	x := dot(q, s.rest)
	s.in += x * x
	axpy(s.rest, -x, q)
	return true
}

// r2 returns ‖P v‖²/‖v‖², 0 to 1; 0 where v is zero.
func (s *span) r2() float64 {
	if s.all == 0 {
		return 0
	}
	return min(s.in/s.all, 1)
}

// left returns the share of ‖v‖² that is not spanned.
func (s *span) left() float64 {
	if s.all == 0 {
		return 0
	}
	return dot(s.rest, s.rest) / s.all
}

func dot(a, b []float64) float64 {
	var s float64
	for i, x := range a {
		s += x * b[i]
	}
	return s
}

// axpy adds x·b to a.
func axpy(a []float64, x float64, b []float64) {
	for i, y := range b {
		a[i] += x * y
	}
}
