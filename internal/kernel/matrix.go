package kernel

import (
	"fmt"
	"math"
	"runtime"
	"sync/atomic"
)

// Panel is the number of outputs that lie side by side.
const Panel = 32

// A Matrix is a weight matrix W[N,K] packed in panels of 32 outputs. Once packed it does not change; any number of goroutines may compute
// with it.
type Matrix struct {
	format  Format
	n, k    int
	panel   int // bytes of a panel
	data    []byte
	cleanup runtime.Cleanup
	closed  atomic.Bool
}

// Pack packs raw, [n,k] row-major as a file stores it: little-endian numbers, or GGUF's blocks, which run along k. It fails when
// the size of raw is not that of n·k numbers, when k is not a whole number of blocks, when there is no memory, and when
// NEURONSTEER_KERNEL asks for what this processor does not have.
func Pack(f Format, n, k int, raw []byte) (*Matrix, error) {
	m, err := Empty(f, n, k)
	if err != nil {
		return nil, err
	}
	if err := m.PackPanels(0, m.Panels(), raw); err != nil {
		_ = m.Close()
		return nil, err
	}
	return m, nil
}

// Empty returns a matrix for PackPanels to fill, for those who read or pack a large one in parts. It fails as Pack does.
func Empty(f Format, n, k int) (*Matrix, error) {
	if _, err := Chosen(); err != nil {
		return nil, err
	}
	numbers, _ := f.Block()
	switch {
	case numbers == 0 || codecs[f].pack == nil:
		return nil, fmt.Errorf("pack a matrix: format %v is not supported", f)
	case n < 1 || k < 1 || k > math.MaxInt32 || n > math.MaxInt32:
		return nil, fmt.Errorf("pack a matrix [%d,%d]: both sizes must be from 1 to %d", n, k, math.MaxInt32)
	case k%numbers != 0:
		return nil, fmt.Errorf("pack a matrix [%d,%d] of %v: rows must be whole blocks of %d numbers", n, k, f, numbers)
	}
	m := &Matrix{format: f, n: n, k: k, panel: codecs[f].panelBytes(k)}
	size := PackedSize(f, n, k)
	data, err := allocate(size)
	if err != nil {
		return nil, fmt.Errorf("pack a matrix [%d,%d] of %v, %d bytes: %w", n, k, f, size, err)
	}
	m.data = data
	m.cleanup = runtime.AddCleanup(m, release, data)
	return m, nil
}

// PackedSize returns the bytes of memory that a matrix [n,k] takes in a format that can be computed with; 0 in others.
func PackedSize(f Format, n, k int) int {
	if codecs[f].pack == nil {
		return 0
	}
	return (n + Panel - 1) / Panel * codecs[f].panelBytes(k)
}

// PackPanels packs panels [p0,p1): raw is the rows from 32·p0 to 32·p1, or to N, as of Pack. Every panel is packed once, before it is
// computed with; other panels may be packed at the same time. A raw of another size is an error.
func (m *Matrix) PackPanels(p0, p1 int, raw []byte) error {
	numbers, bytes := m.format.Block()
	row := m.k / numbers * bytes
	rows := min(m.n, p1*Panel) - p0*Panel
	switch {
	case p0 < 0 || p0 >= p1 || p1 > m.Panels():
		return fmt.Errorf("pack panels [%d,%d) of a matrix [%d,%d] of %v: it has %d", p0, p1, m.n, m.k, m.format, m.Panels())
	case len(raw)/rows != row || len(raw)%rows != 0:
		return fmt.Errorf("pack %d rows of a matrix [%d,%d] of %v: %d bytes given, %d needed", rows, m.n, m.k, m.format, len(raw), rows*row)
	}
	for p := p0; p < p1; p++ {
		at := (p - p0) * Panel
		height := min(Panel, rows-at)
		codecs[m.format].pack(m.at(p), height, m.k, raw[at*row:][:height*row])
	}
	runtime.KeepAlive(m)
	return nil
}

// Format returns how the matrix is stored.
func (m *Matrix) Format() Format { return m.format }

// N returns the number of outputs, the rows of W.
func (m *Matrix) N() int { return m.n }

// K returns the number of inputs, the columns of W.
func (m *Matrix) K() int { return m.k }

// Panels returns the number of panels, ⌈N/32⌉.
func (m *Matrix) Panels() int { return (m.n + Panel - 1) / Panel }

// Size returns the bytes of memory that the matrix takes.
func (m *Matrix) Size() int { return len(m.data) }

// Row writes row i of W, [K], as float32: the bits that dequantizing it gives.
func (m *Matrix) Row(i int, dst []float32) {
	_ = dst[m.k-1]
	codecs[m.format].row(dst[:m.k], m.at(i/Panel), m.k, i%Panel)
	runtime.KeepAlive(m)
}

// Close gives the memory back. Nothing may be computing with the matrix, nor afterwards. A matrix that is no longer reachable
// is closed by itself.
func (m *Matrix) Close() error {
	if m.closed.Swap(true) {
		return nil
	}
	m.cleanup.Stop()
	data := m.data
	m.data = nil
	release(data)
	return nil
}

// at returns panel p.
func (m *Matrix) at(p int) []byte { return m.data[p*m.panel:][:m.panel] }

// tooShort is an index panic when a row-major [rows,cols] with ld floats from row to row does not fit in x.
func tooShort(x []float32, rows, cols, ld int) {
	_ = x[(rows-1)*ld+cols-1]
}
