package kernel

import (
	"runtime"
	"unsafe"
)

// wideColumns is how many columns of a panel are widened at a time: 512 KiB of float32, half a second-level cache.
const wideColumns = 4096

// Forward computes the outputs of panels [p0,p1): y[r, i] = Σ_k x[r, k]·W[i, k] for r < rows and 32·p0 ≤ i < min(N, 32·p1). x is
// [rows,K] with ldx floats from row to row, y [rows,N] with ldy. Other elements of y are not touched.
func (m *Matrix) Forward(s *Scratch, rows int, x []float32, ldx int, y []float32, ldy int, p0, p1 int) {
	if rows < 1 || p0 >= p1 {
		return
	}
	tooShort(x, rows, m.k, ldx)
	tooShort(y, rows, min(m.n, p1*Panel), ldy)
	_ = m.data[p0*m.panel : p1*m.panel]
	slice := m.slice(rows)
	for at := 0; at < rows; at += slice {
		for p := p0; p < p1; p++ {
			m.forward(s, p, min(slice, rows-at), x[at*ldx:], ldx, y[at*ldy+p*Panel:], ldy, min(Panel, m.n-p*Panel))
		}
	}
	runtime.KeepAlive(m)
}

// Spaced returns how many floats there should be from row to row of so many rows that are ld floats apart now: more, where their lines
// all fall on the same few places of the first-level cache, 4 KiB apart, and push each other out. Products of 16 rows that are
// 2,048 floats apart take twice as long.
func Spaced(rows, ld int) int {
	const line, way = 16, 1024
	if rows >= 8 && ld%way == 0 {
		return ld + line
	}
	return ld
}

// sliceBytes is how much of x stays in the second-level cache beside a panel.
const sliceBytes = 384 << 10

// slice returns how many rows go over the panels at a time: as many as stay in the cache, and no fewer than pay for reading the weights
// again. What must be widened first is not widened twice.
func (m *Matrix) slice(rows int) int {
	if m.format != F32 {
		return rows
	}
	n := (rows*m.k*4 + sliceBytes - 1) / sliceBytes
	n = max(1, min(n, rows/64))
	return (rows + n - 1) / n
}

// forward computes the first width outputs of panel p into y.
func (m *Matrix) forward(s *Scratch, p, rows int, x []float32, ldx int, y []float32, ldy, width int) {
	out, ldo := y, ldy
	if width < Panel { // kernels write whole panels
		out, ldo = s.take(edgeBuffer, rows*Panel), Panel
	}
	c := &codecs[m.format]
	switch {
	case m.format == F32:
		b := floats(m.data[p*m.panel:]) // with the panels that follow, which are prefetched
		product(rows, m.k, x, ldx, b, out, ldo, false, m.panel, m.panel)
	case c.few != nil && inUse() != nil && rows <= c.fewRows(inUse()):
		c.few(s, m.at(p), rows, m.k, x, ldx, out, ldo)
	default:
		for k0 := 0; k0 < m.k; k0 += wideColumns {
			k1 := min(m.k, k0+wideColumns)
			b := s.take(wideBuffer, (k1-k0)*Panel)
			c.widen(s, b, m.at(p), m.k, k0, k1, 0)
			next := p*m.panel + m.panel/m.k*k1 // of the columns that are widened next
			product(rows, k1-k0, x[k0:], ldx, b, out, ldo, k0 > 0, distance(m.data, b)+next, (k1-k0)*64)
		}
	}
	if width < Panel {
		copyRows(y, ldy, out, Panel, rows, width)
	}
}

// product computes y[rows,32] = x[rows,k]·b, or with more y += x·b, going on with each sum where it stopped; b is a panel [k][32]. The
// size bytes that are needed next lie next bytes after b.
func product(rows, k int, x []float32, ldx int, b []float32, y []float32, ldy int, more bool, next, size int) {
	t := inUse()
	if t == nil {
		plainProduct(rows, k, x, ldx, b, y, ldy, more)
		return
	}
	most := len(t.product) - 1
	tiles := (rows + most - 1) / most
	height := (rows + tiles - 1) / tiles // as equal as possible
	for i, at := 0, 0; at < rows; i, at = i+1, at+height {
		ahead := next + size/tiles*i    // each tile fetches its part
		if tiles == 1 && next == size { // b goes on there
			ahead = loneAhead
		}
		h := min(height, rows-at)
		t.product[h](k, first(x[at*ldx:]), ldx*4, first(b), first(y[at*ldy:]), ldy*4, number(more), ahead)
	}
}

// loneAhead is how far ahead a lone tile fetches the panel that it is in, in bytes.
const loneAhead = 4096

// copyRows copies [rows,width] between row-major memory.
func copyRows(dst []float32, ldd int, src []float32, lds, rows, width int) {
	for r := range rows {
		copy(dst[r*ldd:][:width], src[r*lds:])
	}
}

// distance returns how many bytes after b memory lies, to be fetched ahead and not to be reached by it.
func distance(memory []byte, b []float32) int {
	return int(uintptr(unsafe.Pointer(unsafe.SliceData(memory))) - uintptr(unsafe.Pointer(unsafe.SliceData(b))))
}
