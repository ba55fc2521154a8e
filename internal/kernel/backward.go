package kernel

import "runtime"

// deep is how many panels are summed before the sums go back to memory: they then stay in the first-level cache while a chunk of
// columns and all rows go over them.
const deep = 2

// Chunk returns how many columns a worker best hands to Backward at once, a multiple of 16.
func (m *Matrix) Chunk(rows int) int {
	if m.turnsStored(rows) {
		return m.storedChunk()
	}
	c := 192
	for c > 48 && c*roundUp(rows, lane)*4 > 384<<10 {
		c /= 2
	}
	for c > 144 && m.k/c < 4 {
		c = roundUp(c*3/4, 16)
	}
	return c
}

// storedChunk is Chunk where weights are taken as they are stored: whole records if a matrix has many, else what keeps two workers
// equally long busy.
func (m *Matrix) storedChunk() int {
	switch record := records[m.format].groups * groupColumns; {
	case record > 64 && m.k >= 4*record:
		return record
	case record <= 64 && m.k >= 12*128:
		return 128
	}
	return 64
}

// turnsStored reports whether Backward takes weights as they are stored: for more rows they cost less widened once.
func (m *Matrix) turnsStored(rows int) bool {
	t := inUse()
	return rows <= lane && t != nil && t.turnedUnits != nil && codecs[m.format].turned != nil
}

// Backward computes columns [k0,k1) of gx[r, k] = Σ_i g[r, i]·W[i, k] for r < rows. gt is g[rows,N], all of it; gx is [rows,K] with
// ldx floats from row to row. Other columns are not touched. k0 is a multiple of 16; see Chunk.
func (m *Matrix) Backward(s *Scratch, rows int, gt *Packed, gx []float32, ldx int, k0, k1 int) {
	Backward(s, rows, []Term{{m, gt}}, gx, ldx, k0, k1)
}

// A Term is one product g·W of a sum of them: W[N,K] and g[rows,N].
type Term struct {
	Weight   *Matrix
	Gradient *Packed
}

// Backward computes columns [k0,k1) of the sum of products of as many rows, whose K are the same, as one product whose N is the
// sum of theirs: each sum goes on where the term before it ended, and is turned and written once.
func Backward(s *Scratch, rows int, terms []Term, gx []float32, ldx int, k0, k1 int) {
	if rows < 1 || k0 >= k1 || len(terms) == 0 {
		return
	}
	tooShort(gx, rows, k1, ldx)
	w := k1 - k0
	sums := s.take(turnBuffer, roundUp(rows, lane)*w) // blocks, each [w][lanes]
	for i, t := range terms {
		t.Weight.addBackward(s, rows, t.Gradient, sums, i > 0, k0, k1)
	}
	for at := 0; at < rows; {
		v := lanesAt(rows - at)
		for i := 0; i < v*lane && at+i < rows; i += lane {
			Transpose(gx[(at+i)*ldx+k0:], ldx, sums[at*w+i:], v*lane, w, min(lane, rows-at-i))
		}
		at += v * lane
	}
}

// addBackward computes columns [k0,k1) of g·W, or with more adds to each sum where it stopped. sums are blocks of rows, each
// [k1−k0][lanes].
func (m *Matrix) addBackward(s *Scratch, rows int, gt *Packed, sums []float32, more bool, k0, k1 int) {
	w := k1 - k0
	stored := m.turnsStored(rows)
	for p := 0; p < m.Panels(); p += deep {
		np, more := min(deep, m.Panels()-p), more || p > 0
		if stored {
			codecs[m.format].turned(s, m.data[p*m.panel:], m.panel, np, k0, k1, gt.block(0, 1)[p*Panel*lane:], sums, more)
			continue
		}
		b, stride := m.columns(s, p, np, k0, k1)
		for at := 0; at < rows; {
			v := lanesAt(rows - at)
			g := gt.block(at, v)[p*Panel*v*lane:]
			ahead := 0
			if at == 0 && m.format == F32 { // what is widened has been fetched
				ahead = np * stride * 4
			}
			productTurned(v, w, b, stride, np, g, sums[at*w:][:v*lane*w], more, ahead)
			at += v * lane
		}
	}
	runtime.KeepAlive(m)
}

// columns returns the columns [k0,k1) of np panels as float32, [k1−k0][32] each, and how many floats there are from one to the next.
func (m *Matrix) columns(s *Scratch, p, np, k0, k1 int) (b []float32, stride int) {
	if m.format == F32 {
		return floats(m.data[p*m.panel:])[k0*Panel:], m.k * Panel
	}
	stride = (k1 - k0) * Panel
	b = s.take(wideBuffer, np*stride)
	for i := range np {
		codecs[m.format].widen(s, b[i*stride:][:stride], m.at(p+i), m.k, k0, k1, deep*m.panel)
	}
	return b, stride
}

// productTurned computes sums[k][l] = Σ_i b[i/32][k][i%32]·g[i][l] for k < w, l < v·16 and i < np·32, or with more adds to each sum where
// it stopped. From one panel of b to the next there are stride floats; ahead bytes after b lies what is needed next, 0 if nothing.
func productTurned(v, w int, b []float32, stride, np int, g, sums []float32, more bool, ahead int) {
	t := inUse()
	if t == nil {
		plainTurned(v*lane, w, b, stride, np, g, sums, more)
		return
	}
	at := 0
	for _, tile := range t.turned {
		n := (w - at) / tile.columns
		if tile.v != v || n == 0 {
			continue
		}
		tile.kernel(n, first(b[at*Panel:]), stride*4, np, first(g), first(sums[at*v*lane:]), number(more), ahead)
		at += n * tile.columns
	}
}
