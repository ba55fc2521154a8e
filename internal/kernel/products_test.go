package kernel

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// numbers returns n random numbers from −1 to 1.
func numbers(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = r.Float32()*2 - 1
	}
	return x
}

// littleEndian returns x as a file has it.
func littleEndian(x []float32) []byte {
	b := make([]byte, 0, 4*len(x))
	for _, v := range x {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

func pack(t testing.TB, n, k int, w []float32) *Matrix {
	t.Helper()
	m, err := Pack(F32, n, k, littleEndian(w))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

// shapes are rows, N and K: ones, odd ones, exact multiples, one past and one short of them.
var shapes = [][3]int{
	{1, 1, 1}, {1, 32, 1}, {1, 33, 7}, {2, 31, 16}, {3, 64, 17}, {5, 100, 65}, {13, 96, 48}, {14, 97, 191}, {15, 50, 192},
	{16, 1, 193}, {17, 63, 200}, {31, 65, 100}, {32, 40, 24}, {33, 129, 33}, {48, 32, 96}, {49, 70, 31}, {64, 64, 64}, {65, 37, 50},
	{97, 33, 45}, {130, 35, 41},
}

// untouched marks memory that nothing may write.
const untouched = 12345

func marked(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = untouched
	}
	return x
}

// grid is a row-major [rows,cols] with ld floats a row, whose other elements are marked.
func grid(rows, cols, ld int, x []float32) []float32 {
	g := marked((rows-1)*ld + cols)
	for r := range rows {
		copy(g[r*ld:][:cols], x[r*cols:])
	}
	return g
}

// TestProductsAgainstFloat64: both directions are sums of float64 to rounding, for any shape, and touch nothing else.
func TestProductsAgainstFloat64(t *testing.T) {
	eachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		for _, shape := range shapes {
			rows, n, k := shape[0], shape[1], shape[2]
			t.Run(fmt.Sprint(shape), func(t *testing.T) {
				w := numbers(r, n*k)
				m := pack(t, n, k, w)
				checkForward(t, r, m, w, rows)
				checkBackward(t, r, m, w, rows)
				got := make([]float32, k)
				for i := range n {
					m.Row(i, got)
					sameBits(t, fmt.Sprint("row ", i), got, w[i*k:][:k])
				}
			})
		}
	})
}

func checkForward(t *testing.T, r *rand.Rand, m *Matrix, w []float32, rows int) {
	t.Helper()
	n, k := m.N(), m.K()
	x := numbers(r, rows*k)
	ldx, ldy := k+3, n+5
	gx, y := grid(rows, k, ldx, x), marked(rows*ldy)
	var s Scratch
	half := m.Panels() / 2
	m.Forward(&s, rows, gx, ldx, y, ldy, half, m.Panels())
	for i, v := range y {
		if v != untouched && i%ldy < half*Panel {
			t.Fatalf("panels from %d touched column %d", half, i%ldy)
		}
	}
	m.Forward(&s, rows, gx, ldx, y, ldy, 0, half)
	for i, v := range y {
		row, col := i/ldy, i%ldy
		if row >= rows || col >= n {
			if v != untouched {
				t.Fatalf("forward wrote %v at row %d, column %d of [%d,%d]", v, row, col, rows, n)
			}
			continue
		}
		want, size := 0., 0.
		for j := range k {
			p := float64(x[row*k+j]) * float64(w[col*k+j])
			want += p
			size += math.Abs(p)
		}
		if d := math.Abs(float64(v) - want); !(d <= 1e-6*size+1e-30) {
			t.Fatalf("forward gives %v at row %d, column %d, want %v", v, row, col, want)
		}
	}
}

func checkBackward(t *testing.T, r *rand.Rand, m *Matrix, w []float32, rows int) {
	t.Helper()
	n, k := m.N(), m.K()
	g := numbers(r, rows*n)
	ldg, ldx := n+3, k+5
	var gt Packed
	gt.Resize(rows, n)
	for i := range gt.data {
		gt.data[i] = float32(math.NaN()) // what was there before
	}
	gg := grid(rows, n, ldg, g)
	part := roundUp((n+2)/3, 16)
	for n0 := 0; n0 < n; n0 += part {
		gt.PackRows(gg, ldg, n0, min(n, n0+part))
	}
	if i := slices.IndexFunc(gt.data[:roundUp(rows, lane)*gt.height()], func(v float32) bool { return v != v }); i >= 0 {
		t.Fatalf("packed rows [%d,%d] keep what was there before at %d: it costs time where it is denormal", rows, n, i)
	}
	gx := marked(rows*ldx + k)
	var s Scratch
	c := m.Chunk(rows)
	for k0 := (k - 1) / c * c; k0 >= 0; k0 -= c {
		m.Backward(&s, rows, &gt, gx, ldx, k0, min(k, k0+c))
	}
	for i, v := range gx {
		row, col := i/ldx, i%ldx
		if row >= rows || col >= k {
			if v != untouched {
				t.Fatalf("backward wrote %v at row %d, column %d of [%d,%d]", v, row, col, rows, k)
			}
			continue
		}
		want, size := 0., 0.
		for j := range n {
			p := float64(g[row*n+j]) * float64(w[j*k+col])
			want += p
			size += math.Abs(p)
		}
		if d := math.Abs(float64(v) - want); !(d <= 1e-6*size+1e-30) {
			t.Fatalf("backward gives %v at row %d, column %d, want %v", v, row, col, want)
		}
	}
}

// outputs are those of both directions for one shape, computed at once.
func outputs(m *Matrix, rows int, x, g []float32) (y, gx []float32) {
	var s Scratch
	var gt Packed
	y, gx = make([]float32, rows*m.N()), make([]float32, rows*m.K())
	m.Forward(&s, rows, x, m.K(), y, m.N(), 0, m.Panels())
	gt.Resize(rows, m.N())
	gt.PackRows(g, m.N(), 0, m.N())
	m.Backward(&s, rows, &gt, gx, m.K(), 0, m.K())
	return y, gx
}

// TestBitsOfProducts: AVX-512 and AVX2 give the same bits, plain Go the same to 1e-6 of the largest.
func TestBitsOfProducts(t *testing.T) {
	if best() == Go {
		t.Log("this processor has plain Go alone: nothing to compare")
	}
	r := rand.New(rand.NewPCG(3, 4))
	for _, shape := range shapes {
		rows, n, k := shape[0], shape[1], shape[2]
		m := pack(t, n, k, numbers(r, n*k))
		x, g := numbers(r, rows*k), numbers(r, rows*n)
		use(t, Go)
		y0, gx0 := outputs(m, rows, x, g)
		var y1, gx1 []float32
		for l := AVX2; l <= best(); l++ {
			use(t, l)
			y, gx := outputs(m, rows, x, g)
			near(t, fmt.Sprint(l, " forward ", shape), y, y0, 1e-6*largest(y0))
			near(t, fmt.Sprint(l, " backward ", shape), gx, gx0, 1e-6*largest(gx0))
			if y1 != nil {
				sameBits(t, fmt.Sprint("forward ", shape), y, y1)
				sameBits(t, fmt.Sprint("backward ", shape), gx, gx1)
			}
			y1, gx1 = y, gx
		}
	}
}

// near fails where two results differ by more than so much.
func near(t *testing.T, what string, got, want []float32, within float64) {
	t.Helper()
	for i, v := range want {
		if d := math.Abs(float64(got[i]) - float64(v)); !(d <= within) {
			t.Fatalf("%s: %v at %d, want %v within %g", what, got[i], i, v, within)
		}
	}
}

func largest(x []float32) float64 {
	m := 0.
	for _, v := range x {
		m = max(m, math.Abs(float64(v)))
	}
	return m
}

// TestNeighborsChangeNoBits: a row gives the same bits alone and among others, and a part of the outputs the same as all.
func TestNeighborsChangeNoBits(t *testing.T) {
	eachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 6))
		const n, k, rows = 70, 67, 61
		m := pack(t, n, k, numbers(r, n*k))
		x, g := numbers(r, rows*k), numbers(r, rows*n)
		y, gx := outputs(m, rows, x, g)
		for h := 1; h < rows; h++ {
			y1, gx1 := outputs(m, h, x[(rows-h)*k:], g[(rows-h)*n:])
			sameBits(t, fmt.Sprint("forward, the last ", h, " rows"), y1, y[(rows-h)*n:])
			sameBits(t, fmt.Sprint("backward, the last ", h, " rows"), gx1, gx[(rows-h)*k:])
		}
		var s Scratch
		var gt Packed
		gt.Resize(rows, n)
		gt.PackRows(g, n, 0, n)
		for c := 16; c < 64; c += 16 {
			part := make([]float32, rows*k)
			for k0 := 0; k0 < k; k0 += c {
				m.Backward(&s, rows, &gt, part, k, k0, min(k, k0+c))
			}
			sameBits(t, fmt.Sprint("backward, ", c, " columns at a time"), part, gx)
		}
	})
}

// TestNotANumberStaysInItsRow: what is not finite reaches the outputs that it is part of, as IEEE 754 has it, and no others.
func TestNotANumberStaysInItsRow(t *testing.T) {
	eachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(9, 10))
		const n, k, rows = 37, 50, 19
		w := numbers(r, n*k)
		for i := range k {
			w[5*k+i] = 0
		}
		m := pack(t, n, k, w)
		x, g := numbers(r, rows*k), numbers(r, rows*n)
		y0, gx0 := outputs(m, rows, x, g)
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			x[7*k+20], g[3*n+36] = float32(bad), float32(bad)
			y, gx := outputs(m, rows, x, g)
			for i, v := range y {
				if finite := !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0); finite == (i/n == 7) || i/n != 7 && v != y0[i] {
					t.Fatalf("%v in row 7: %v in row %d, column %d", bad, v, i/n, i%n)
				}
			}
			if v := y[7*n+5]; v == v {
				t.Errorf("%v times a row of zeros gives %v, want NaN", bad, v)
			}
			for i, v := range gx {
				if finite := !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0); finite == (i/k == 3) || i/k != 3 && v != gx0[i] {
					t.Fatalf("%v in row 3: %v in row %d, column %d", bad, v, i/k, i%k)
				}
			}
		}
	})
}

// TestSlicesChangeNoBits: many rows, which go over the panels in slices, give the bits of few.
func TestSlicesChangeNoBits(t *testing.T) {
	eachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(13, 14))
		const n, k, rows = 33, 700, 331
		m := pack(t, n, k, numbers(r, n*k))
		if s := m.slice(rows); s >= rows || s < 64 {
			t.Fatalf("%d rows go over the panels %d at a time", rows, s)
		}
		x, y := numbers(r, rows*k), make([]float32, rows*n)
		var s Scratch
		m.Forward(&s, rows, x, k, y, n, 0, m.Panels())
		few := make([]float32, 7*n)
		for at := 0; at+7 <= rows; at += 7 {
			m.Forward(&s, 7, x[at*k:], k, few, n, 0, m.Panels())
			sameBits(t, fmt.Sprint("rows from ", at), few, y[at*n:][:7*n])
		}
	})
}

// TestPackFromAnyAddress: a file's numbers may begin at any byte.
func TestPackFromAnyAddress(t *testing.T) {
	eachLevel(t, func(t *testing.T) {
		w := numbers(rand.New(rand.NewPCG(11, 12)), 35*21)
		for shift := range 4 {
			raw := append(make([]byte, shift), littleEndian(w)...)[shift:]
			m, err := Pack(F32, 35, 21, raw)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]float32, 21)
			for i := range 35 {
				m.Row(i, got)
				sameBits(t, fmt.Sprint("row ", i, " from byte ", shift), got, w[i*21:][:21])
			}
			_ = m.Close()
		}
	})
}

// TestSpaced: rows whose distance is a multiple of the cache's way are moved apart, others stay.
func TestSpaced(t *testing.T) {
	for _, c := range [][3]int{{16, 2048, 2064}, {8, 1024, 1040}, {7, 1024, 1024}, {64, 576, 576}, {64, 1536, 1536}} {
		if got := Spaced(c[0], c[1]); got != c[2] {
			t.Errorf("%d rows that are %d floats apart: %d, want %d", c[0], c[1], got, c[2])
		}
	}
}
