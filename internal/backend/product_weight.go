package backend

import (
	"slices"

	"github.com/gomlx/compute"
	"github.com/neuronsteer/neuronsteer/internal/kernel"
)

// weight compiles a product x[R,K]·W[N,K]ᵀ or g[R,N]·W[N,K] whose right factor is a parameter, which may be a packed weight at a
// call. ok is whether the product has that form. Where the parameter is memory instead, it is multiplied as any other.
func (c *compiler) weight(n *node, attr contraction) (ok bool) {
	x, y := n.in[0], n.in[1]
	w := c.views[y.id]
	if w.root.op != compute.OpTypeParameter || len(attr.rb) > 0 || len(attr.rc) != 1 || y.shape.Rank() != 2 || w.root.shape.Rank() != 2 {
		return false
	}
	forward := attr.rc[0] == 1
	rows, cols := w.root.shape.Dimensions[0], w.root.shape.Dimensions[1]
	switch dims := y.shape.Dimensions; { // all of the matrix, which begins where it does, or that turned
	case w.contiguous(dims) && slices.Equal(dims, []int{rows, cols}):
	case slices.Equal(w.strides, []int{1, cols}) && slices.Equal(dims, []int{cols, rows}):
		forward = !forward
	default:
		return false
	}
	f, fi, k := c.factor(x, nil, attr.lc, false, true)
	g, _, _ := factorOf(w, y.shape.Dimensions, nil, attr.rc) // a whole matrix, whose columns lie
	wi := c.storage(w.root)
	p := &weightProduct{dotProduct: dotProduct{c.e, f, g, fi, wi, -1, k}}
	switch {
	case forward:
		p.z = c.storage(n)
		c.add(&step{name: "DotGeneral", reads: []int{fi, wi}, writes: []int{p.z}, run: p.run}, n)
	case c.summed(n):
		c.pending[n] = p
	default:
		c.pull(n, p)
	}
	return true
}

// A weightProduct is a product x·Wᵀ with a parameter, or a term g·W of a weightPull.
type weightProduct struct{ dotProduct }

// mostRows is how many rows of activations go over a weight at a time: more of them no longer stay in the cache.
const mostRows = 128

func (p *weightProduct) run(c *call) {
	m := c.weights[p.yi]
	if m == nil {
		p.float32s(c, false)
		return
	}
	for r := 0; r < p.x.n; r += mostRows {
		p.apply(c, m, r, min(mostRows, p.x.n-r))
	}
}

// apply is x·Wᵀ for some rows.
func (p *weightProduct) apply(c *call, m *kernel.Matrix, r, rows int) {
	ldx := p.x.free
	x := c.float32s(p.e.stores[p.xi], p.xi, p.x.batch[0]+r*ldx)
	z := c.float32s(p.e.stores[p.z], p.z, r*p.y.n)
	if ld := kernel.Spaced(rows, ldx); ld != ldx {
		if n := 4 * rows * ld; n > len(c.scratch.spaced) {
			c.scratch.spaced = allocate(sizeClass(n))
		}
		spaced := slice[float32](pointer(c.scratch.spaced), rows*ld)
		c.each(rows, max(1, copyChunk/p.k), func(_ *scratch, from, to int) {
			for i := from; i < to; i++ {
				copy(spaced[i*ld:][:p.k], x[i*ldx:])
			}
		})
		x, ldx = spaced, ld
	}
	c.each(m.Panels(), share(m.Panels(), rows*p.k*kernel.Panel, c.b.team.workers), func(s *scratch, from, to int) {
		m.Forward(&s.kernel, rows, x, ldx, z, p.y.n, from, to)
	})
}

// share returns how many of n panels, each of so many multiplications, a worker takes at a time: no more than are worth a hand-over,
// but a few, since each is fetched while the one before it is multiplied; and of those the number that leaves all the same to do.
func share(n, work, workers int) (step int) {
	most := max(1, min(n/(4*workers), max(4, 4*productChunk/max(work, 1))))
	best := n + 1
	for s := most; 2*s >= most; s-- {
		chunks := (n + s - 1) / s
		if longest := (chunks + workers - 1) / workers * s; longest < best {
			best, step = longest, s
		}
	}
	return step
}
