package execute

import (
	"math"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// principal writes the first principal component of rows [n][W], not centered, into out [W]: a direction of norm 1 on
// which the rows have the largest Σ⟨row,out⟩², its sign such that their mean projects to a positive number. It returns the
// share of Σ‖row‖² that the component holds. Rows that are all zero give zeros.
//
// The component is Σ_i c_i·row_i, c being the first eigenvector of the Gram matrix [n,n], which is small where pairs are few.
func principal(rows [][]float32, out []float32) (share float64) {
	n := len(rows)
	g := make([][]float64, n)
	var total float64
	for i, x := range rows {
		g[i] = make([]float64, n)
		for j, y := range rows {
			g[i][j] = message.Inner(x, y)
		}
		total += g[i][i]
	}
	clear(out)
	if total == 0 || math.IsNaN(total) || math.IsInf(total, 0) {
		for k := range out {
			out[k] *= float32(total) // not finite stays so, and is reported
		}
		return 0
	}
	value, c := largestEigen(g)
	sum := make([]float64, len(out))
	var length, lean float64
	for i, r := range rows {
		for k, x := range r {
			sum[k] += c[i] * float64(x)
		}
	}
	for _, x := range sum {
		length += x * x
	}
	for _, r := range rows {
		for k, x := range r {
			lean += float64(x) * sum[k]
		}
	}
	scale := math.Copysign(1/math.Sqrt(length), lean)
	for k, x := range sum {
		out[k] = float32(x * scale)
	}
	return value / total
}

// largestEigen returns the largest eigenvalue of a symmetric matrix, which it changes, with its eigenvector of norm 1.
// Jacobi's rotations (Golub and Van Loan, Matrix Computations, §8.5): slow for large matrices, exact to rounding, and the
// same on every machine.
func largestEigen(a [][]float64) (float64, []float64) {
	n := len(a)
	v := make([][]float64, n) // rows are the eigenvectors
	for i := range v {
		v[i] = make([]float64, n)
		v[i][i] = 1
	}
	for range 60 { // it takes about ten
		var off, diag float64
		for i := range n {
			diag += a[i][i] * a[i][i]
			for j := range i {
				off += 2 * a[i][j] * a[i][j]
			}
		}
		if off <= 1e-30*diag {
			break
		}
		for p := range n {
			for q := p + 1; q < n; q++ {
				rotate(a, v, p, q)
			}
		}
	}
	best := 0
	for i := range n {
		if a[i][i] > a[best][best] {
			best = i
		}
	}
	return a[best][best], v[best]
}

// rotate makes a[p][q] zero.
func rotate(a, v [][]float64, p, q int) {
	if a[p][q] == 0 {
		return
	}
	theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
	t := 1 / (math.Abs(theta) + math.Hypot(theta, 1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Hypot(t, 1)
	s := t * c
	for k := range a {
		x, y := a[k][p], a[k][q]
		a[k][p], a[k][q] = c*x-s*y, s*x+c*y
	}
	for k := range a {
		x, y := a[p][k], a[q][k]
		a[p][k], a[q][k] = c*x-s*y, s*x+c*y
		x, y = v[p][k], v[q][k]
		v[p][k], v[q][k] = c*x-s*y, s*x+c*y
	}
	a[p][q], a[q][p] = 0, 0
}
