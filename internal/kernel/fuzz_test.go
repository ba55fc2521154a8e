package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// FuzzProducts: for any shape, strides and cut, all implementations agree, and a part gives the bits of the whole.
func FuzzProducts(f *testing.F) {
	for _, s := range shapes {
		f.Add(uint8(s[0]), uint8(s[1]), uint8(s[2]), uint8(3), uint64(1))
	}
	f.Fuzz(func(t *testing.T, rows8, n8, k8, cut8 uint8, seed uint64) {
		rows, n, k := int(rows8)%80+1, int(n8)%100+1, int(k8)%100+1
		r := rand.New(rand.NewPCG(seed, 1))
		m := pack(t, n, k, numbers(r, n*k))
		x, g := numbers(r, rows*k), numbers(r, rows*n)
		use(t, Go)
		y0, gx0 := outputs(m, rows, x, g)
		for l := range best() + 1 {
			use(t, l)
			y, gx := outputs(m, rows, x, g)
			near(t, "forward", y, y0, 1e-7*float64(k)) // every product is below 1
			near(t, "backward", gx, gx0, 1e-7*float64(n))
			var s Scratch
			var gt Packed
			gt.Resize(rows, n)
			part, width := make([]float32, rows*n), make([]float32, rows*k)
			p, n0, k0 := int(cut8)%(m.Panels()+1), int(cut8)%(n+1), int(cut8)%(k+1)/16*16
			m.Forward(&s, rows, x, k, part, n, p, m.Panels())
			m.Forward(&s, rows, x, k, part, n, 0, p)
			gt.PackRows(g, n, n0, n)
			gt.PackRows(g, n, 0, n0)
			m.Backward(&s, rows, &gt, width, k, k0, k)
			m.Backward(&s, rows, &gt, width, k, 0, k0)
			sameBits(t, "forward in parts", part, y)
			sameBits(t, "backward in parts", width, gx)
		}
	})
}

// FuzzVectors: for any bits in any place, binary operations are Go's own, and the functions of AVX-512 and AVX2 agree in every bit and
// with plain Go to a few units in the last place.
func FuzzVectors(f *testing.F) {
	f.Add([]byte{0, 0, 0x80, 0x3f, 0, 0, 0xc0, 0x7f, 1, 0, 0, 0}, uint8(1))
	f.Add([]byte{0, 0, 0x80, 0x7f, 0, 0, 0x80, 0xff, 0, 0, 0, 0x80, 0, 0, 0xb0, 0x42}, uint8(0))
	f.Fuzz(func(t *testing.T, bits []byte, from uint8) {
		var x []float32
		for ; len(bits) >= 4 && len(x) < 300; bits = bits[4:] {
			x = append(x, math.Float32frombits(uint32(bits[0])|uint32(bits[1])<<8|uint32(bits[2])<<16|uint32(bits[3])<<24))
		}
		x = x[min(int(from), len(x)):]
		y := append([]float32{}, x...)
		for i := range y {
			y[i] = x[len(x)-1-i]
		}
		n := len(x)
		z, want := make([]float32, n), make([]float32, n)
		for l := range best() + 1 {
			use(t, l)
			for op := range binaryOps {
				plainBinary(op, want, x, y)
				Binary(op, z, x, y)
				sameBits(t, "binary", z, want)
			}
			sameBits(t, "max", []float32{Max(x)}, []float32{plainMax(x)})
			for op := range unaryOps {
				Unary(op, z, x)
				for i, v := range z {
					if u := ulps(v, accuracies[op].of(float64(x[i]))); u > accuracies[op].ulps {
						t.Fatalf("%s(%v) = %v with %v: off by %.2f", accuracies[op].name, x[i], v, l, u)
					}
				}
			}
		}
	})
}
