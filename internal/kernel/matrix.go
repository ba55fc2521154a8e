package kernel

import (
	"fmt"
	"math"
	"runtime"
	"sync/atomic"
)

// Panel is the number of outputs that lie side by side.
const Panel = 32

// A Matrix is a weight matrix W[N,K] packed in panels of 32 outputs. It does not change; any number of goroutines may compute
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
	if _, err := Chosen(); err != nil {
		return nil, err
	}
	numbers, bytes := f.Block()
	switch {
	case numbers == 0 || codecs[f].pack == nil:
		return nil, fmt.Errorf("pack a matrix: format %v is not supported", f)
	case n < 1 || k < 1 || k > math.MaxInt32 || n > math.MaxInt32:
		return nil, fmt.Errorf("pack a matrix [%d,%d]: both sizes must be from 1 to %d", n, k, math.MaxInt32)
	case k%numbers != 0:
		return nil, fmt.Errorf("pack a matrix [%d,%d] of %v: rows must be whole blocks of %d numbers", n, k, f, numbers)
	case len(raw)/n != k/numbers*bytes || len(raw)%n != 0:
		return nil, fmt.Errorf("pack a matrix [%d,%d] of %v: %d bytes given, %d needed", n, k, f, len(raw), n*(k/numbers*bytes))
	}
	m := &Matrix{format: f, n: n, k: k, panel: codecs[f].panelBytes(k)}
	data, err := allocate(m.Panels() * m.panel)
	if err != nil {
		return nil, fmt.Errorf("pack a matrix [%d,%d] of %v, %d bytes: %w", n, k, f, m.Panels()*m.panel, err)
	}
	m.data = data
	m.cleanup = runtime.AddCleanup(m, release, data)
	row := k / numbers * bytes
	for p := range m.Panels() {
		rows := min(Panel, n-p*Panel)
		codecs[f].pack(m.at(p), rows, k, raw[p*Panel*row:][:rows*row])
	}
	return m, nil
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
