package backend

import (
	"unsafe"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/neuronsteer/neuronsteer/internal/kernel"
)

// A factor is an operand of a product: matrices whose elements lie at batch[b] + free·i + sum·k.
type factor struct {
	v         view
	batch     []int // offset of each matrix, in elements
	n         int   // length of the axis that stays
	free, sum int   // strides
}

// factorOf brings an operand's axes to that form; ok is whether strides can say it.
func factorOf(v view, dims, batch, sum []int) (f factor, k int, ok bool) {
	rest := others(len(dims), batch, sum)
	f.v = v
	f.batch = offsets(v.off, pick(dims, batch), pick(v.strides, batch))
	n, free, ok1 := single(pick(dims, rest), pick(v.strides, rest))
	k, along, ok2 := single(pick(dims, sum), pick(v.strides, sum))
	f.n, f.free, f.sum = n, free, along
	return f, k, ok1 && ok2
}

// offsets lists where the matrices of a batch begin.
func offsets(off int, dims, strides []int) []int {
	all := []int{off}
	for i, n := range dims {
		next := make([]int, 0, len(all)*n)
		for _, o := range all {
			for j := range n {
				next = append(next, o+j*strides[i])
			}
		}
		all = next
	}
	return all
}

// rowsLie reports whether the rows of a left factor are whole in memory, one after another, and columnsLie whether those of a right
// one are, by either axis, as the kernels of float32 read them. Of an axis of one element single says the stride 1.
func (f factor) rowsLie() bool    { return f.sum == 1 && f.free > 0 }
func (f factor) columnsLie() bool { return f.free == 1 && f.sum > 0 || f.rowsLie() }

// multiplies reports whether a product can read an operand through a view.
func (c *compiler) multiplies(u, n *node, v view) bool {
	attr := u.attr.(contraction)
	for i, x := range u.in {
		if x != n {
			continue
		}
		batch, sum := attr.lb, attr.lc
		if i == 1 {
			batch, sum = attr.rb, attr.rc
		}
		f, _, ok := factorOf(v, n.shape.Dimensions, batch, sum)
		if !ok {
			return false
		}
		if u.shape.DType == dtypes.Float32 && (i == 0 && !f.rowsLie() || i == 1 && !f.columnsLie()) {
			return false
		}
	}
	return true
}

// factor returns an operand as a factor, copied to where kernels can read it if need be.
func (c *compiler) factor(n *node, batch, sum []int, right bool, float32s bool) (f factor, id, k int) {
	dims := n.shape.Dimensions
	v := c.views[n.id]
	f, k, ok := factorOf(v, dims, batch, sum)
	if ok && (!float32s || f.rowsLie() || right && f.columnsLie()) {
		return f, c.reads(v), k
	}
	rest := others(len(dims), batch, sum)
	order := append(append(append([]int(nil), batch...), rest...), sum...)
	s := shapes.Make(n.shape.DType, pick(dims, order)...)
	id = c.memory(byteSize(s))
	c.copied("Copy", view{root: v.root, off: v.off, strides: pick(v.strides, order)}, s, id)
	at := upTo(len(dims))
	f, k, _ = factorOf(view{strides: rowMajor(s.Dimensions)}, s.Dimensions, at[:len(batch)], at[len(batch)+len(rest):])
	return f, id, k
}

// dot compiles DotGeneral.
func (c *compiler) dot(n *node) {
	attr := n.attr.(contraction)
	x, y := n.in[0], n.in[1]
	c.own(n)
	if n.shape.Size() == 0 {
		c.add(&step{name: "DotGeneral", writes: []int{c.storage(n)}, run: func(*call) {}}, n)
		return
	}
	float32s := n.shape.DType == dtypes.Float32
	if float32s && c.weight(n, attr) {
		return
	}
	out := c.storage(n)
	f, fi, k := c.factor(x, attr.lb, attr.lc, false, float32s)
	g, gi, _ := c.factor(y, attr.rb, attr.rc, true, float32s)
	s := &step{name: "DotGeneral", reads: []int{fi, gi}, writes: []int{out}}
	p := &dotProduct{c.e, f, g, fi, gi, out, k}
	if float32s {
		s.run = func(c *call) { p.float32s(c, false) }
	} else {
		s.run = p.plain(productFunc(n.shape.DType), n.shape.DType.Size())
	}
	c.add(s, n)
}

// A dotProduct is a batch of products of activations, z[b] = x[b]·y[b]ᵀ, as a step.
type dotProduct struct {
	e         *executable
	x, y      factor
	xi, yi, z int // storages
	k         int
}

// float32s computes, or with more adds, by panels of 32 columns, which the worker packs for itself: a unit of work is a part of the panels of one
// matrix, and of its rows where there are many.
func (p *dotProduct) float32s(c *call, more bool) {
	panels := (p.y.n + kernel.Panel - 1) / kernel.Panel
	chunk := min(panels, max(1, 16<<10/(kernel.Panel*max(p.k, 1)))) // what is packed stays in the second-level cache
	few := 2 * c.b.team.workers                                     // units, with which some would have nothing to do at the end
	if n := len(p.x.batch); n < few {
		each := (few + n - 1) / n
		chunk = min(chunk, (panels+each-1)/each)
	}
	rows := p.x.n
	if work := len(p.x.batch) * ((panels + chunk - 1) / chunk); work < few && rows >= 128 {
		rows = max(64, (rows*work/few+15)&^15)
	}
	perMatrix := (panels + chunk - 1) / chunk
	perPart := len(p.x.batch) * perMatrix
	parts := (p.x.n + rows - 1) / rows
	step := 1
	if per := rows * chunk * kernel.Panel * p.k; per < productChunk {
		step = productChunk / max(per, 1)
	}
	c.each(perPart*parts, step, func(s *scratch, from, to int) {
		packed := -1
		for u := from; u < to; u++ {
			part, unit := u/perPart, u%perPart
			b, q := unit/perMatrix, unit%perMatrix
			p0, p1 := q*chunk, min(panels, (q+1)*chunk)
			if unit != packed {
				p.pack(c, s, b, p0, p1)
				packed = unit
			}
			r0, r1 := part*rows, min(p.x.n, (part+1)*rows)
			x := c.float32s(p.e.stores[p.xi], p.xi, p.x.batch[b]+r0*p.x.free)
			z := c.float32s(p.e.stores[p.z], p.z, (b*p.x.n+r0)*p.y.n+p0*kernel.Panel)
			s.operand.NN(&s.kernel, r1-r0, p.k, x, p.x.free, z, p.y.n, more, 0, p1-p0)
		}
	})
}

// productChunk is how many multiplications one worker does at a time: enough to be worth a hand-over.
const productChunk = 256 << 10

// pack packs panels of the right factor; they become the first ones of the worker's operand.
func (p *dotProduct) pack(c *call, s *scratch, b, p0, p1 int) {
	n := min(p.y.n, p1*kernel.Panel) - p0*kernel.Panel
	s.operand.Resize(p.k, n)
	first := p0 * kernel.Panel
	if p.y.free == 1 {
		s.operand.PackKN(c.float32s(p.e.stores[p.yi], p.yi, p.y.batch[b]+first), p.y.sum, 0, p1-p0)
		return
	}
	s.operand.PackNK(c.float32s(p.e.stores[p.yi], p.yi, p.y.batch[b]+first*p.y.free), p.y.free, 0, p1-p0)
}

// plain computes other types, each number by a loop over its sum.
func (p *dotProduct) plain(f productLoop, size int) func(c *call) {
	m, n := p.x.n, p.y.n
	return func(c *call) {
		x, y, z := c.ptr[p.xi], c.ptr[p.yi], c.ptr[p.z]
		c.each(len(p.x.batch)*m, max(1, copyChunk/max(1, n*p.k)), func(_ *scratch, from, to int) {
			for u := from; u < to; u++ {
				b, i := u/m, u%m
				f(p.k, n, unsafe.Add(x, (p.x.batch[b]+i*p.x.free)*size), p.x.sum,
					unsafe.Add(y, p.y.batch[b]*size), p.y.sum, p.y.free, unsafe.Add(z, u*n*size))
			}
		})
	}
}

// A productLoop computes a row of n sums over k: z[j] = Σ x[k·sx]·y[k·sk + j·sn].
type productLoop func(k, n int, x unsafe.Pointer, sx int, y unsafe.Pointer, sk, sn int, z unsafe.Pointer)

func loop[T number](k, n int, x unsafe.Pointer, sx int, y unsafe.Pointer, sk, sn int, z unsafe.Pointer) {
	size := int(unsafe.Sizeof(*new(T)))
	for j := range n {
		var sum T
		for i := range k {
			sum += *(*T)(unsafe.Add(x, i*sx*size)) * *(*T)(unsafe.Add(y, (i*sk+j*sn)*size))
		}
		*(*T)(unsafe.Add(z, j*size)) = sum
	}
}

// productFunc returns the loop for a type; nil where there are no products.
func productFunc(d dtypes.DType) productLoop {
	switch d {
	case dtypes.Int8, dtypes.Uint8:
		return loop[uint8]
	case dtypes.Int16, dtypes.Uint16:
		return loop[uint16]
	case dtypes.Int32, dtypes.Uint32:
		return loop[uint32]
	case dtypes.Int64, dtypes.Uint64:
		return loop[uint64]
	case dtypes.Float32:
		return loop[float32]
	case dtypes.Float64:
		return loop[float64]
	}
	return nil
}
