package golden

import (
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A tolerance of a relative L2 norm, ‖got − want‖ ≤ ε‖want‖, bounds every number of an array by ε‖want‖, and a quotient of
// two squared norms by 2ε. That is how far lists and ratios may differ for which the file states no bound of their own.

// bound returns that bound for the numbers of an array.
func (c *check) bound(a array) float64 { return c.tolerance("hRelL2") * length(a.data) }

func length(v []float32) float64 {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}

// pairsOf returns the pairs of a contrast. The files have as many positives as negatives.
func pairsOf(n node) (steer.PairSet, error) {
	positive, negative := n.get("positive").strs(), n.get("negative").strs()
	if len(positive) != len(negative) || len(positive) == 0 {
		return steer.PairSet{}, fmt.Errorf("there are %d positive and %d negative prompts; they make pairs", len(positive), len(negative))
	}
	pairs := make([]steer.Pair, len(positive))
	for i := range pairs {
		pairs[i] = steer.Pair{Positive: positive[i], Negative: negative[i]}
	}
	return steer.NewPairs(pairs...), nil
}

// contrast compares contrastive neurons, the control vectors of both streams, and one layer of the residual one taken
// apart into neurons.
func (c *check) contrast(n node) {
	pairs, err := pairsOf(n)
	if err != nil {
		c.rep.fault(n.name(), err)
		return
	}
	c.read("positive ids", n.get("positiveIds"), n.get("positive").strs())
	c.read("negative ids", n.get("negativeIds"), n.get("negative").strs())
	c.contrastive(n, pairs)
	for _, v := range []struct {
		quantity, key string
		space         engine.Site
	}{{"control vector, residual", "resid", engine.Residual}, {"control vector, MLP", "mlp", engine.MLP}} {
		if want, ok := n.array(v.key); ok { // [L,D]
			got, err := c.model.ControlVector(pairs).From(v.space).Run(c.ctx)
			c.relL2(v.quantity, want, vectorOf(got, err), c.tolerance("hRelL2"))
		}
	}
	c.decomposition(n, pairs)
}

// array returns the tensor that an object names for a quantity.
func (n node) array(quantity string) (a array, ok bool) {
	name := n.get("arrays").get(quantity)
	if !name.exists() {
		return array{}, false
	}
	return n.doc.tensor(name.str()), true
}

// vectorOf returns a vector [L,D] or [L,F].
func vectorOf(v steer.Vector, err error) array {
	if err != nil {
		return array{err: err}
	}
	t := v.Tensor()
	return array{shape: t.Shape, data: t.Data}
}

// contrastive compares the contrastive neurons: all of them, and the strongest without the reference's first layers.
func (c *check) contrastive(n node, pairs steer.PairSet) {
	s, err := c.model.Contrast(pairs).ReferenceLayers().Run(c.ctx)
	h, ok := n.array("h") // [L,F]
	got := array{err: err}
	if err == nil {
		shape := s.Shape()
		got.shape, got.data = []int{shape.Layers, shape.Neurons}, s.Dense().Data
	}
	if ok {
		c.relL2("contrast", h, got, c.tolerance("hRelL2"))
	}
	if want := n.get("top"); want.exists() {
		if skipped := n.get("topSkipsLayers").ids(); !slices.Equal(skipped, []int32{0, 1}) {
			c.rep.fault(want.name(), fmt.Errorf("it skips the layers %v; the reference skips 0 and 1", skipped))
			return
		}
		var es []steer.Entry
		if err == nil {
			es = s.TopK(len(want.all())).Entries()
		}
		c.neurons("contrast, strongest", want, -1, es, got, c.bound(h))
	}
}

// neurons compares a list of [layer, neuron, number], or of [neuron, number] of one layer, with the strongest of a result
// [L,F]. At the cut, neighbors closer than tol may swap.
func (c *check) neurons(quantity string, want node, layer int, got []steer.Entry, all array, tol float64) {
	mark(want.source())
	if all.err != nil {
		c.rep.failure(c.label, quantity, all.err)
		return
	}
	w, g := map[engine.Neuron]float64{}, map[engine.Neuron]float64{}
	for _, x := range want.all() {
		row := x.all()
		if len(row) < 2 || (layer < 0) != (len(row) == 3) {
			x.wrong("a neuron and its number")
			continue
		}
		u := engine.Neuron{Layer: layer, Index: row[len(row)-2].integer()}
		if layer < 0 {
			u.Layer = row[0].integer()
		}
		w[u] = row[len(row)-1].num()
	}
	for _, e := range got {
		g[e.Neuron] = e.Score
	}
	if len(w) != len(want.all()) || len(w) != len(g) {
		c.rep.exact(c.label, quantity, false, fmt.Sprintf("there are %d different neurons, it should be %d", len(g), len(w)))
		return
	}
	F := all.shape[len(all.shape)-1]
	diff, odd := apart(w, g, func(u engine.Neuron) float64 {
		if u.Layer < 0 || u.Index < 0 || u.Index >= F || u.Layer*F+u.Index >= len(all.data) {
			return math.NaN()
		}
		return float64(all.data[u.Layer*F+u.Index])
	})
	c.rep.difference(c.label, quantity, diff, tol)
	if !(diff <= tol) && odd != "" {
		c.rep.printf("      %s\n", odd)
	}
}

// decomposition compares one layer of the residual control vector, projected on what its neurons write, and how much of it
// the first of them explain.
func (c *check) decomposition(n node, pairs steer.PairSet) {
	all, ok := n.array("decomposition") // [F]
	top, explained := n.get("decompositionTop"), n.get("explained")
	if !ok && !top.exists() && !explained.exists() {
		return
	}
	l := n.get("layer").integer()
	var ten []engine.Neuron
	for _, id := range explained.get("neurons").ids() {
		ten = append(ten, engine.Neuron{Layer: l, Index: int(id)})
	}
	circuit := steer.NewCircuit("explained", ten...)
	d, err := c.decompose(pairs, l, circuit)
	got := array{err: err}
	if shape := c.target.Engine.Shape(); err == nil {
		got.shape, got.data = []int{shape.Layers, shape.Neurons}, d.Dense().Data
	}
	if ok {
		c.relL2("decomposition", all, layerOf(got, l), c.tolerance("hRelL2"))
	}
	if top.exists() {
		var es []steer.Entry
		if err == nil {
			es = d.TopK(len(top.all())).Entries()
		}
		c.neurons("decomposition, strongest", top, l, es, got, c.bound(all))
	}
	ratio := 2 * c.tolerance("hRelL2")
	if want := explained.get("seedVariance"); want.exists() {
		share := math.NaN()
		if err == nil && l >= 0 && l < len(d.VarianceExplained(circuit)) {
			share = d.VarianceExplained(circuit)[l]
		}
		c.number("explained, share of p²", want, share, 1, ratio, err)
	}
	if want := explained.get("r2"); want.exists() {
		r2 := math.NaN()
		if err == nil {
			if r, ok := d.R2(circuit); ok && l >= 0 && l < len(r.Layers) {
				r2 = r.Layers[l]
			}
		}
		c.number("explained, R²", want, r2, 1, ratio, err)
	}
}

// decompose takes one layer of the residual control vector apart.
func (c *check) decompose(pairs steer.PairSet, layer int, circuit steer.Circuit) (d steer.Decomposition, err error) {
	v, err := c.model.ControlVector(pairs).Layers(layer, layer).Run(c.ctx)
	if err != nil {
		return d, err
	}
	return c.model.Decompose(v).For(circuit).Run(c.ctx)
}

// layerOf returns a layer [F] of an array [L,F].
func layerOf(a array, layer int) array {
	if a.err != nil || len(a.shape) != 2 || layer < 0 || layer >= a.shape[0] {
		return a
	}
	F := a.shape[1]
	return array{shape: []int{F}, data: a.data[layer*F:][:F]}
}

// read compares the ids of several texts.
func (c *check) read(quantity string, want node, texts []string) {
	if !want.exists() {
		return
	}
	var ids, got []int32
	lengths := func(list *[]int32, more []int32) { *list = append(append(*list, int32(-len(more))), more...) } // where each text begins
	for _, n := range want.all() {
		lengths(&ids, n.ids())
	}
	var err error
	for _, s := range texts {
		t, terr := c.model.Tokens(s).Run(c.ctx)
		if terr != nil {
			err = first(err, terr)
			continue
		}
		lengths(&got, t.IDs())
	}
	same(c, quantity, want.source(), ids, got, err)
}
