package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestBackwardOfSums: a sum of products is the product with the matrices one above the other, to the bit where the first ends with a
// panel, and whatever the formats are it is the sum of both.
func TestBackwardOfSums(t *testing.T) {
	eachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(4, 8))
		for _, shape := range [][4]int{{1, 32, 1, 7}, {16, 64, 33, 48}, {17, 96, 70, 100}, {64, 32, 192, 576}, {100, 128, 64, 65}} {
			rows, n1, n2, k := shape[0], shape[1], shape[2], shape[3]
			w, g := numbers(r, (n1+n2)*k), numbers(r, rows*(n1+n2))
			packed := func(from, to int) *Packed {
				gt := new(Packed)
				gt.Resize(rows, to-from)
				gt.PackRows(g[from:], n1+n2, 0, to-from)
				return gt
			}
			var s Scratch
			all, want, got := pack(t, n1+n2, k, w), make([]float32, rows*k), make([]float32, rows*k)
			all.Backward(&s, rows, packed(0, n1+n2), want, k, 0, k)
			terms := []Term{{pack(t, n1, k, w[:n1*k]), packed(0, n1)}, {pack(t, n2, k, w[n1*k:]), packed(n1, n1+n2)}}
			c := all.Chunk(rows)
			for k0 := 0; k0 < k; k0 += c {
				Backward(&s, rows, terms, got, k, k0, min(k, k0+c))
			}
			sameBits(t, fmt.Sprint("sum of products ", shape), got, want)
		}
		for _, f := range stored { // the second as it is stored
			const rows, n1, n2, k = 16, 40, 72, 512
			m, err := Pack(f, n2, k, randomRaw(r, f, n2, k, false))
			if err != nil {
				t.Fatal(err)
			}
			g1, g2 := numbers(r, rows*n1), numbers(r, rows*n2)
			var s Scratch
			var p1, p2 Packed
			p1.Resize(rows, n1)
			p1.PackRows(g1, n1, 0, n1)
			p2.Resize(rows, n2)
			p2.PackRows(g2, n2, 0, n2)
			first := pack(t, n1, k, numbers(r, n1*k))
			one, two, got := make([]float32, rows*k), make([]float32, rows*k), make([]float32, rows*k)
			first.Backward(&s, rows, &p1, one, k, 0, k)
			m.Backward(&s, rows, &p2, two, k, 0, k)
			Backward(&s, rows, []Term{{first, &p1}, {m, &p2}}, got, k, 0, k)
			for i, v := range got {
				if d := math.Abs(float64(v) - float64(one[i]) - float64(two[i])); !(d <= 1e-3) {
					t.Fatalf("%v: a sum of products is %v at %d, want %v", f, v, i, one[i]+two[i])
				}
			}
		}
	})
}
