package kernel

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
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

// grid is a row-major [rows,cols] with ld floats a row, whose other elements are marked.
func grid(rows, cols, ld int, x []float32) []float32 {
	g := make([]float32, (rows-1)*ld+cols)
	for i := range g {
		g[i] = untouched
	}
	for r := range rows {
		copy(g[r*ld:][:cols], x[r*cols:])
	}
	return g
}

// TestProductsAgainstFloat64: both directions are sums of float64 to rounding, for any shape, and touch nothing else.
func TestProductsAgainstFloat64(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, shape := range shapes {
		rows, n, k := shape[0], shape[1], shape[2]
		t.Run(fmt.Sprint(shape), func(t *testing.T) {
			w := numbers(r, n*k)
			m := pack(t, n, k, w)
			defer m.Close()
			checkForward(t, r, m, w, rows)
			checkBackward(t, r, m, w, rows)
			got := make([]float32, k)
			for i := range n {
				m.Row(i, got)
				for j, v := range got {
					if v != w[i*k+j] {
						t.Fatalf("row %d of W has %v at %d, want %v", i, v, j, w[i*k+j])
					}
				}
			}
		})
	}
}

func checkForward(t *testing.T, r *rand.Rand, m *Matrix, w []float32, rows int) {
	t.Helper()
	n, k := m.N(), m.K()
	x := numbers(r, rows*k)
	ldx, ldy := k+3, n+5
	gx, y := grid(rows, k, ldx, x), grid(rows, 0, ldy, nil)
	y = append(y, grid(1, 0, 1, nil)...)
	y = append(y, make([]float32, n)...)
	for i := range y {
		y[i] = untouched
	}
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
	gx := make([]float32, rows*ldx+k)
	for i := range gx {
		gx[i] = untouched
	}
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
