package engine

import (
	"cmp"
	"slices"
)

// part is prompts that go together, and the edits, which take several batches, by where they enter.
type part struct {
	prompts []int
	batches []editBatch
}

// An editBatch is edits that go together.
type editBatch struct {
	edits  []int
	enters entry // the first of them
	top    int   // the layer from which on none changes anything
}

// parts deals prompts out for some of the edits, the shortest first, so that attention has few slots of no token.
func (v variants) parts(of []int) (parts []part) {
	of = slices.Clone(of)
	slices.SortStableFunc(of, func(a, b int) int {
		x, y := v.extents[a], v.extents[b]
		return cmp.Or(cmp.Compare(x.enters, y.enters), cmp.Compare(x.position, y.position))
	})
	order := make([]int, len(v.ids))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(v.ids[a]), len(v.ids[b])) })
	for len(order) > 0 {
		n := 1
		fits := func(n int) bool { return n <= len(order) && n*len(v.ids[order[n-1]])*len(of) <= variantRows }
		for fits(n + 1) {
			n++
		}
		p := part{prompts: order[:n]}
		p.batches = v.batches(p.prompts, of)
		parts, order = append(parts, p), order[n:]
	}
	return parts
}

// graphRows is about how many rows the layers of a batch would have to have more to take as long as it takes to run them at all:
// weights are widened, memory is moved. (Processor time of a prompt of 16 tokens of SmolLM2, alone and in a batch of 16: a sixth
// more.)
const graphRows = 4

// batches cuts edits, which lie by where they enter, into batches of bounded size, so that the least is computed: all of a batch
// run from where the first enters.
func (v variants) batches(prompts, of []int) (batches []editBatch) {
	longest, end := len(v.ids[prompts[len(prompts)-1]]), before(v.e.cfg.Layers)
	most := max(1, variantRows/(len(prompts)*longest)) // edits of a batch
	own := make([]int, len(of)+1)                      // rows of the edits before one, which they share with none
	for k, i := range of {
		own[k+1] = own[k]
		for _, p := range prompts {
			own[k+1] += max(0, len(v.ids[p])-v.extents[i].position)
		}
	}
	cost, from := make([]int, len(of)+1), make([]int, len(of)+1) // of the edits before one, at the least, and where their last batch begins
	for k := 1; k <= len(of); k++ {
		cost[k] = -1
		for i := max(0, k-most); i < k; i++ {
			c := cost[i] + (own[k]-own[i]+graphRows)*int(end-v.extents[of[i]].enters)
			if cost[k] < 0 || c < cost[k] {
				cost[k], from[k] = c, i
			}
		}
	}
	for k := len(of); k > 0; k = from[k] {
		b := editBatch{edits: of[from[k]:k], enters: v.extents[of[from[k]]].enters}
		for _, i := range b.edits {
			b.top = max(b.top, v.extents[i].top)
		}
		batches = append(batches, b)
	}
	slices.Reverse(batches)
	return batches
}

// above returns what a batch runs once it has entered: the groups that edits change, and those after them.
func (v variants) above(b editBatch) (edited, plain []group) {
	from := b.enters.layer()
	if b.enters.atNeurons() {
		from++
	}
	top := max(from, b.top)
	return between(v.e.groups, from, top), between(v.e.groups, top, v.e.cfg.Layers)
}

// between cuts the layers [from, to) as groups are cut.
func between(all []group, from, to int) (out []group) {
	for _, g := range all {
		if g.from, g.to = max(g.from, from), min(g.to, to); g.from < g.to {
			out = append(out, g)
		}
	}
	return out
}

// steps counts what a part reports: the groups that it runs, layers that are entered at their neurons, and logits.
func (v variants) steps(p part) (n int) {
	at := before(0)
	for _, b := range p.batches {
		n += v.e.stepsTo(&at, b.enters)
		edited, plain := v.above(b)
		if n += len(edited) + len(plain) + 1; b.enters.atNeurons() {
			n++
		}
	}
	return n
}

// shapes lists the shapes [B,T] of the batches of parts, each once.
func (v variants) shapes(parts []part) (all [][2]int) {
	for _, p := range parts {
		for _, b := range p.batches {
			x := [2]int{len(p.prompts) * len(b.edits), len(v.ids[p.prompts[len(p.prompts)-1]])}
			if !slices.Contains(all, x) {
				all = append(all, x)
			}
		}
	}
	return all
}
