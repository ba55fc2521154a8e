package kernel

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// stored are all formats.
var stored = []Format{F32, BF16, F16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL}

// halves are where the binary16 scales of a block are, in bytes.
var halves = map[Format][]int{
	Q8_0: {0}, Q4_0: {0}, Q4_1: {0, 2}, Q5_0: {0}, Q5_1: {0, 2}, IQ4_NL: {0},
	Q2_K: {80, 82}, Q3_K: {108}, Q4_K: {0, 2}, Q5_K: {0, 2}, Q6_K: {208},
}

// edges are the binary16 at the edges of the format: zeros, the smallest and largest subnormal and normal ones, infinities, NaN.
var edges = []uint16{0, 0x8000, 1, 0x8001, 0x3ff, 0x400, 0x7bff, 0xfbff, 0x7c00, 0xfc00, 0x7e00}

// randomRaw returns n·k numbers of a format as a file has them: random bits, with scales of a usual size, so that weights are at
// most about 1, or with some at the edges.
func randomRaw(r *rand.Rand, f Format, n, k int, extreme bool) []byte {
	numbers, size := f.Block()
	raw := make([]byte, n*k/numbers*size)
	for i := range raw {
		raw[i] = byte(r.Uint32())
	}
	scale := func(size float64) uint16 { // a binary16 from size/2 to size, of either sign
		h := uint16(math.Float32bits(float32(size*(.5+r.Float64()/2)))>>13 - 112<<10)
		return h | uint16(r.Uint32())&0x8000
	}
	for at := 0; at < len(raw); at += size {
		b := raw[at:][:size]
		switch {
		case extreme && f > F16 && r.IntN(3) == 0:
			for _, h := range halves[f] {
				binary.LittleEndian.PutUint16(b[h:], edges[r.IntN(len(edges))])
			}
		case extreme && f == F16 && r.IntN(3) == 0:
			binary.LittleEndian.PutUint16(b, edges[r.IntN(len(edges))])
		case extreme && f == BF16, extreme && f == F32: // random bits are extreme enough
		case f == F32:
			binary.LittleEndian.PutUint32(b, math.Float32bits(r.Float32()*2-1))
		case f == BF16:
			binary.LittleEndian.PutUint16(b, uint16(math.Float32bits(r.Float32()*2-1)>>16))
		case f == F16:
			binary.LittleEndian.PutUint16(b, scale(1))
		default:
			for _, h := range halves[f] {
				largest := map[Format]float64{Q8_0: 128, IQ4_NL: 127, Q2_K: 45, Q3_K: 128, Q4_K: 945, Q5_K: 1953, Q6_K: 4096}[f]
				binary.LittleEndian.PutUint16(b[h:], scale(1/max(largest, 16)))
			}
		}
	}
	return raw
}

// dequantized returns the numbers of a file as package tensorfile reads them, which has them from gguf's own code.
func dequantized(t testing.TB, f Format, n, k int, raw []byte) []float32 {
	t.Helper()
	var b bytes.Buffer
	info := tensorfile.Info{Name: "w", DType: tensorfile.DType(f.String()), Shape: []int{n, k}}
	if err := tensorfile.WriteSafetensors(&b, nil, nil, tensorfile.Stored{Info: info, Bytes: raw}); err != nil {
		t.Fatal(err)
	}
	file, err := tensorfile.Parse(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	w, err := file.Float32("w")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// identical says whether two numbers are the same; which of the many NaN they are is not looked at.
func identical(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

// formatShapes are N and the number of blocks in K; for formats of single numbers K is that number, odd ones too.
var formatShapes = [][2]int{{1, 1}, {31, 2}, {32, 3}, {33, 17}, {70, 9}, {3, 4133}}

// eachPacked packs random matrices of every format and shape, ordinary and extreme ones, and hands them over with their numbers, for
// every level.
func eachPacked(t *testing.T, do func(t *testing.T, r *rand.Rand, m *Matrix, w []float32)) {
	t.Helper()
	eachLevel(t, func(t *testing.T) { packedFormats(t, do) })
}

func packedFormats(t *testing.T, do func(t *testing.T, r *rand.Rand, m *Matrix, w []float32)) {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 6))
	for _, f := range stored {
		numbers, _ := f.Block()
		for _, shape := range formatShapes {
			for _, extreme := range []bool{false, true} {
				n, k := shape[0], shape[1]*numbers
				if numbers > 1 {
					k = min(k, 18*numbers) // past what is widened at a time, of 256
				}
				t.Run(fmt.Sprintf("%v/%dx%d/%v", f, n, k, extreme), func(t *testing.T) {
					raw := randomRaw(r, f, n, k, extreme)
					m, err := Pack(f, n, k, raw)
					if err != nil {
						t.Fatal(err)
					}
					defer m.Close()
					do(t, r, m, dequantized(t, f, n, k, raw))
				})
			}
		}
	}
}

// TestRowsAreDequantized: a row, and every part of a panel that is widened, has the bits that dequantizing gives; outputs past N are
// zero, and nothing else is written.
func TestRowsAreDequantized(t *testing.T) {
	eachPacked(t, func(t *testing.T, r *rand.Rand, m *Matrix, w []float32) {
		n, k := m.N(), m.K()
		got := make([]float32, k)
		for i := range n {
			m.Row(i, got)
			for j, v := range got {
				if !identical(v, w[i*k+j]) {
					t.Fatalf("row %d has %v at %d, want %v", i, v, j, w[i*k+j])
				}
			}
		}
		var s Scratch
		for range 8 {
			k0 := r.IntN((k+15)/16) * 16
			k1 := min(k, k0+16*(1+r.IntN((k-k0+15)/16)))
			p := r.IntN(m.Panels())
			wide := make([]float32, (k1-k0)*Panel+1)
			wide[len(wide)-1] = untouched
			codecs[m.format].widen(&s, wide[:(k1-k0)*Panel], m.at(p), k, k0, k1, r.IntN(2)*m.panel)
			for i, v := range wide[:(k1-k0)*Panel] {
				want := float32(0)
				if row := p*Panel + i%Panel; row < n {
					want = w[row*k+k0+i/Panel]
				}
				if !identical(v, want) {
					t.Fatalf("columns [%d,%d) of panel %d have %v at %d of output %d, want %v", k0, k1, p, v, k0+i/Panel, i%Panel, want)
				}
			}
			if wide[len(wide)-1] != untouched {
				t.Fatalf("columns [%d,%d): written past the end", k0, k1)
			}
		}
	})
}

// TestSizes: a matrix takes what its file takes, and less than a 25th more where 6-bit scales are bytes in memory.
func TestSizes(t *testing.T) {
	over := map[Format]float64{Q3_K: 4. / 110, Q4_K: 4. / 144, Q5_K: 4. / 176}
	for _, f := range stored {
		numbers, size := f.Block()
		const n, blocks = 64, 6
		raw := make([]byte, n*blocks*size)
		m, err := Pack(f, n, blocks*numbers, raw)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := float64(m.Size())/float64(len(raw)), 1+over[f]; math.Abs(got-want) > 1e-9 {
			t.Errorf("%v takes %.4f of the file's size, want %.4f", f, got, want)
		}
		if got := PackedSize(f, n, blocks*numbers); got != m.Size() {
			t.Errorf("%v takes %d bytes, PackedSize says %d", f, m.Size(), got)
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestProductsOfFormats: both directions of a quantized matrix have the bits of its widened float32 one, whatever the number of rows.
func TestProductsOfFormats(t *testing.T) {
	eachPacked(t, func(t *testing.T, r *rand.Rand, m *Matrix, w []float32) {
		n, k := m.N(), m.K()
		wide := pack(t, n, k, w)
		defer wide.Close()
		var s Scratch
		for _, rows := range []int{1, 2, 3, 4, 7, 11, 17} {
			x := numbers(r, rows*k)
			got, want := make([]float32, rows*(n+3)), make([]float32, rows*(n+3))
			half := m.Panels() / 2
			m.Forward(&s, rows, x, k, got, n+3, 0, half)
			m.Forward(&s, rows, x, k, got, n+3, half, m.Panels())
			wide.Forward(&s, rows, x, k, want, n+3, 0, m.Panels())
			for i := range want {
				if !identical(got[i], want[i]) {
					t.Fatalf("forward, %d rows: %v at %d, want %v", rows, got[i], i, want[i])
				}
			}
			var g Packed
			g.Resize(rows, n)
			g.PackRows(numbers(r, rows*n), n, 0, n)
			got, want = make([]float32, rows*k), make([]float32, rows*k)
			for k0, step := 0, m.Chunk(rows); k0 < k; k0 += step {
				m.Backward(&s, rows, &g, got, k, k0, min(k, k0+step))
			}
			wide.Backward(&s, rows, &g, want, k, 0, k)
			for i := range want {
				if !identical(got[i], want[i]) {
					t.Fatalf("backward, %d rows: %v at %d, want %v", rows, got[i], i, want[i])
				}
			}
		}
	})
}

// TestZeroOfOddColumns: the sum of an odd number of bfloat16 columns keeps its sign when it is zero: what fills the last pair adds nothing.
func TestZeroOfOddColumns(t *testing.T) {
	tiny := float32(1e-30)
	raw := binary.LittleEndian.AppendUint16(nil, uint16(math.Float32bits(-tiny)>>16))
	eachLevel(t, func(t *testing.T) {
		m, err := Pack(BF16, 1, 1, raw)
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		wide := pack(t, 1, 1, dequantized(t, BF16, 1, 1, raw))
		defer wide.Close()
		var s Scratch
		y, want := make([]float32, 1), make([]float32, 1)
		m.Forward(&s, 1, []float32{tiny}, 1, y, 1, 0, 1)
		wide.Forward(&s, 1, []float32{tiny}, 1, want, 1, 0, 1)
		if !identical(y[0], want[0]) {
			t.Errorf("%v, want %v", y[0], want[0])
		}
	})
}
