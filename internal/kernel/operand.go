package kernel

// An Operand is the right one of a product of activations with activations, B[K,N] in panels of 32 columns, [⌈N/32⌉][K][32], in
// float32. The zero value is ready for Resize.
type Operand struct {
	k, n int
	data []float32
}

// Resize makes room for B[k,n]. What was there is lost.
func (o *Operand) Resize(k, n int) {
	o.k, o.n = k, n
	if need := o.Panels() * k * Panel; len(o.data) < need {
		o.data = aligned(need)
	}
}

// K returns the number of rows of B, over which products sum.
func (o *Operand) K() int { return o.k }

// N returns the number of columns of B.
func (o *Operand) N() int { return o.n }

// Panels returns the number of panels, ⌈N/32⌉.
func (o *Operand) Panels() int { return (o.n + Panel - 1) / Panel }

func (o *Operand) panel(p int) []float32 { return o.data[p*o.k*Panel:][:o.k*Panel] }

// PackKN takes over panels [p0,p1) of b, [K,N] row-major with ldb floats from row to row.
func (o *Operand) PackKN(b []float32, ldb int, p0, p1 int) {
	if o.k < 1 || p0 >= p1 {
		return
	}
	tooShort(b, o.k, min(o.n, p1*Panel), ldb)
	for p := p0; p < p1; p++ {
		width := min(Panel, o.n-p*Panel)
		dst := o.panel(p)
		if width == Panel { // as arrays, which the compiler copies in place; a call for each row costs more than its 128 bytes
			for k := range o.k {
				*(*[Panel]float32)(dst[k*Panel:]) = *(*[Panel]float32)(b[k*ldb+p*Panel:])
			}
			continue
		}
		for k := range o.k {
			copy(dst[k*Panel:][:width], b[k*ldb+p*Panel:])
			clear(dst[k*Panel+width:][:Panel-width])
		}
	}
}

// PackNK takes over panels [p0,p1) of the transpose of b, [N,K] row-major with ldb floats from row to row.
func (o *Operand) PackNK(b []float32, ldb int, p0, p1 int) {
	if o.k < 1 || p0 >= p1 {
		return
	}
	tooShort(b, min(o.n, p1*Panel), o.k, ldb)
	for p := p0; p < p1; p++ {
		width := min(Panel, o.n-p*Panel)
		dst := o.panel(p)
		Transpose(dst, Panel, b[p*Panel*ldb:], ldb, width, o.k)
		if width < Panel {
			for k := range o.k {
				clear(dst[k*Panel+width:][:Panel-width])
			}
		}
	}
}

// NN computes panels [p0,p1) of c[r, j] = Σ_{i<k} a[r, i]·B[i, j] for r < rows, or with more adds to c. a is [rows,k] with lda floats
// from row to row, k ≤ K: where the later elements of every row are zero, as under a causal mask, a smaller k says so. c is
// [rows,N] with ldc. k = 0 gives zeros.
func (o *Operand) NN(s *Scratch, rows, k int, a []float32, lda int, c []float32, ldc int, more bool, p0, p1 int) {
	if rows < 1 || p0 >= p1 {
		return
	}
	if k > 0 {
		tooShort(a, rows, k, lda)
	}
	tooShort(c, rows, min(o.n, p1*Panel), ldc)
	for p := p0; p < p1; p++ {
		width := min(Panel, o.n-p*Panel)
		if width == Panel {
			product(rows, k, a, lda, o.panel(p)[:k*Panel], c[p*Panel:], ldc, more, o.k*Panel*4, o.k*Panel*4)
			continue
		}
		edge := s.take(edgeBuffer, rows*Panel)
		if more {
			copyRows(edge, Panel, c[p*Panel:], ldc, rows, width)
		}
		product(rows, k, a, lda, o.panel(p)[:k*Panel], edge, Panel, more, 0, 0)
		copyRows(c[p*Panel:], ldc, edge, Panel, rows, width)
	}
}
