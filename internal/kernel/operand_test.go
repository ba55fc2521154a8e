package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestOperand: products of activations are Forward's, bit for bit, whichever way the right operand comes and however much of it counts.
func TestOperand(t *testing.T) {
	eachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(7, 8))
		for _, shape := range shapes {
			rows, n, k := shape[0], shape[1], shape[2]
			b, x := numbers(r, n*k), numbers(r, rows*k)
			m := pack(t, n, k, b)
			want, _ := outputs(m, rows, x, numbers(r, rows*n))
			turned := make([]float32, n*k)
			Transpose(turned, n, b, k, n, k)
			var o Operand
			var s Scratch
			for _, from := range []string{"NK", "KN"} {
				o.Resize(k, n)
				for i := range o.data {
					o.data[i] = float32(math.NaN())
				}
				for p := range o.Panels() {
					if from == "NK" {
						o.PackNK(b, k, p, p+1)
					} else {
						o.PackKN(turned, n, p, p+1)
					}
				}
				if i := slices.IndexFunc(o.data[:o.Panels()*k*Panel], func(v float32) bool { return v != v }); i >= 0 {
					t.Fatalf("%s %v: what was there before is kept at %d: it costs time where it is denormal", from, shape, i)
				}
				got := make([]float32, rows*n)
				o.NN(&s, rows, k, x, k, got, n, false, 0, o.Panels())
				sameBits(t, fmt.Sprint(from, shape), got, want)
				twice := slices.Clone(x) // what is added goes on where the first sums ended: it is a product over both
				o.NN(&s, rows, k, twice, k, got, n, true, 0, o.Panels())
				for i, v := range got {
					if d := math.Abs(float64(v) - 2*float64(want[i])); !(d <= 1e-5*float64(k)) {
						t.Fatalf("%s %v: %v after the product was added to itself, want %v", from, shape, v, 2*want[i])
					}
				}
				half := k / 2
				short := make([]float32, rows*k)
				for i := range rows {
					copy(short[i*k:][:half], x[i*k:])
				}
				o.NN(&s, rows, half, x, k, got, n, false, 0, o.Panels())
				all := make([]float32, rows*n)
				o.NN(&s, rows, k, short, k, all, n, false, 0, o.Panels())
				for i, v := range all {
					if v != got[i] {
						t.Fatalf("%v: %v over the first %d of %d, want %v", shape, got[i], half, k, v)
					}
				}
			}
		}
	})
}
