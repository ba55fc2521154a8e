package backend

import (
	"github.com/gomlx/compute"
	"github.com/neuronsteer/neuronsteer/internal/kernel"
)

// A weightPull is a product g·W with a parameter or the sum of two, g₁·W₁ + g₂·W₂, as a step. What a layer takes back from its two
// projections of the same rows is such a sum: as one product of more columns, each number is summed up and written once.
//
// There are never more than two terms, so that the sum has the same bits whether a third product of fewer rows joins it or one
// of as many.
type weightPull struct {
	terms []*weightProduct
	z     int
}

// summed reports whether nothing but an addition reads a product.
func (c *compiler) summed(n *node) bool {
	return !c.out[n.id] && len(c.uses[n.id]) == 1 && c.uses[n.id][0].op == compute.OpTypeAdd
}

// addPulls compiles an addition whose operands are products that wait for it. If one of them alone is, it is compiled now.
func (c *compiler) addPulls(n *node) (ok bool) {
	x, y := n.in[0], n.in[1]
	p, q := c.pending[x], c.pending[y]
	if p != nil && q != nil && p.y.n == q.y.n && p.x.n == q.x.n {
		c.own(n)
		c.pull(n, p, q)
		return true
	}
	if p != nil {
		c.pull(x, p)
	}
	if q != nil {
		c.pull(y, q)
	}
	return false
}

// pull adds the step that makes n of its terms.
func (c *compiler) pull(n *node, terms ...*weightProduct) {
	p := &weightPull{terms, c.storage(n)}
	s := &step{name: "DotGeneral", writes: []int{p.z}, run: p.run}
	for _, t := range terms {
		t.z = p.z
		s.reads = append(s.reads, t.xi, t.yi)
	}
	c.add(s, n)
}

// run computes the terms whose weights are packed, as one, and adds those whose weights are memory.
func (p *weightPull) run(c *call) {
	var packed [2]*weightProduct
	n := 0
	for _, t := range p.terms {
		if c.weights[t.yi] != nil {
			packed[n] = t
			n++
		}
	}
	if n > 0 {
		for r, all := 0, packed[0].x.n; r < all; r += mostRows {
			p.rows(c, packed[:n], r, min(mostRows, all-r))
		}
	}
	for _, t := range p.terms {
		if c.weights[t.yi] == nil {
			t.float32s(c, n > 0)
			n++
		}
	}
}

// rows computes some rows of packed terms.
func (p *weightPull) rows(c *call, of []*weightProduct, r, rows int) {
	terms, chunk := c.scratch.terms[:len(of)], 0
	for i, t := range of {
		m, gt := c.weights[t.yi], &c.scratch.turned[i]
		g := c.float32s(t.e.stores[t.xi], t.xi, t.x.batch[0]+r*t.x.free)
		gt.Resize(rows, m.N())
		c.each(m.N(), max(16, m.N()/(4*c.b.team.workers)&^15), func(_ *scratch, from, to int) { gt.PackRows(g, t.x.free, from, to) })
		terms[i], chunk = kernel.Term{Weight: m, Gradient: gt}, max(chunk, m.Chunk(rows))
	}
	first := of[0]
	z := c.float32s(first.e.stores[p.z], p.z, r*first.y.n)
	c.each(first.y.n, chunk, func(s *scratch, from, to int) {
		kernel.Backward(&s.kernel, rows, terms, z, first.y.n, from, to)
	})
	clear(terms)
}
