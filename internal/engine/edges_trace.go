package engine

import (
	"errors"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// tracer takes targets from where they enter down to the embeddings.
type tracer struct {
	s         *scope
	in        seam.Edges
	rules     decoder.Rules
	direct    bool
	batch     batch // of the one prompt
	tokens    int   // it had before what no target sees was left out
	tables    tables
	tapes     tapes
	embedding []float32         // [T,D]
	sources   map[int][]int     // by layer
	asked     map[int][]int     // the heads, by layer, whose gradients are asked for
	gradients map[int][]float32 // and these, by target [C]
	meter     *meter
	res       *seam.EdgesResult // nil: only the gradients are asked for

	neurons, attention [][]float64 // of each target [L]
	biases, injected   []float64
}

// allocate makes the result for k targets.
func (t *tracer) allocate(k int) {
	c := t.s.e.cfg
	t.res.Value = make([]float32, k)
	t.biases, t.injected = make([]float64, k), make([]float64, k)
	for range k {
		t.res.Weights = append(t.res.Weights, make([]float32, len(t.in.Sources)))
		t.res.Tokens = append(t.res.Tokens, make([]float32, t.tokens))
		t.neurons, t.attention = append(t.neurons, make([]float64, c.Layers)), append(t.attention, make([]float64, c.Layers))
	}
}

// groupsOf counts the groups that the runs go through; those whose tape is not kept are run again first.
func (t *tracer) groupsOf(runs [][]traced, kept int) (n int) {
	for _, run := range runs {
		top := t.s.e.groupOf(run[0].Layer) + 1
		n += top + min(top, kept)
	}
	return n
}

// finish sums up, and looks at what there is.
func (t *tracer) finish() error {
	single := func(x [][]float64) (out [][]float32) {
		for _, row := range x {
			out = append(out, floats(row))
		}
		return out
	}
	t.res.Attention, t.res.Biases, t.res.Injected = single(t.attention), floats(t.biases), floats(t.injected)
	if t.direct {
		t.res.Neurons = single(t.neurons)
	}
	ends := slices.Concat(slices.Concat(t.res.Weights...), slices.Concat(t.res.Tokens...), slices.Concat(t.res.Attention...),
		slices.Concat(t.res.Neurons...), t.res.Value, t.res.Biases, t.res.Injected)
	if notFiniteAt(ends) >= 0 {
		return t.s.notFinite(check{batch: t.batch, edited: t.in.Edit != nil}, -1, 0)
	}
	return nil
}

func floats(x []float64) []float32 {
	out := make([]float32, len(x))
	for i, v := range x {
		out[i] = float32(v)
	}
	return out
}

// descend takes a run of targets, which go together, through all layers below the highest of them.
func (t *tracer) descend(run []traced) error {
	e := t.s.e
	gx, err := t.begin(run)
	if err != nil {
		return err
	}
	for i := e.groupOf(run[0].Layer); i >= 0; i-- {
		tape, err := t.tapes.of(i)
		if err != nil {
			return err
		}
		g := e.groups[i]
		n := len(tape) / g.len()
		for l := g.to - 1; l >= g.from; l-- {
			d := at(run, l, t.batch.t)
			if len(d.all) == 0 {
				continue
			}
			if gx, err = t.layer(d, gx, tape[(l-g.from)*n:][:n]); err != nil {
				return err
			}
		}
		if i < t.tapes.kept {
			t.s.free(tape...)
		}
		t.meter.step()
	}
	err = t.entries(run, gx)
	t.s.free(gx)
	return err
}

// layer takes the targets of a descent through its layer.
func (t *tracer) layer(d descent, gx *tensors.Tensor, tape []*tensors.Tensor) (*tensors.Tensor, error) { // [R1,D] → [R,D]
	e, g := t.s.e, group{d.layer, d.layer + 1}
	w, err := t.wire(d, gx)
	if err != nil {
		return nil, err
	}
	key := graphKey{kind: edgesGraph, rules: t.rules, form: t.tapes.pass.tapeForm(), layers: 1, kinds: e.kinds(g, t.batch.t), shape: t.batch.shape(), edges: w.key}
	out, err := t.s.run(key, w.in[:1], t.tables.of(key.kinds, 1), e.weights.layers(g), tape, w.in[1:])
	if err != nil {
		return nil, err
	}
	t.s.free(w.in...)
	if err := t.collect(d, w, key.has(e.cfg), out[1:]); err != nil {
		return nil, internal(t.s.task, err)
	}
	t.s.free(out[1:]...)
	return out[0], nil
}

// collect takes what a layer's graph found to the targets.
func (t *tracer) collect(d descent, w wires, has []bool, out []*tensors.Tensor) (err error) {
	next := func(what int, f func(x []float32)) {
		if has[what] {
			err = errors.Join(err, read(out[0], f))
			out = out[1:]
		}
	}
	byRow := func(targets []traced, to func(place int, sum float64)) func(x []float32) {
		return func(x []float32) {
			for _, of := range targets {
				sum := 0.
				for _, v := range x[of.from:][:of.rows] {
					sum += float64(v)
				}
				to(of.place, sum)
			}
		}
	}
	if t.res == nil { // only these are asked for
		for i := range 2 {
			next(i, func([]float32) {})
		}
		next(2, func(x []float32) {
			c := t.s.e.cfg
			for i, h := range w.pulled {
				t.gradients[h] = slices.Clone(x[i*c.Heads*c.HeadDim+t.in.Targets[h].Index*c.HeadDim:][:c.HeadDim])
			}
		})
		return err
	}
	weights := func(edges []edge) func(x []float32) {
		return func(x []float32) {
			for i, of := range edges {
				if of.source < 0 {
					t.res.Value[of.target] = x[i]
				} else {
					t.res.Weights[of.target][of.source] = x[i]
				}
			}
		}
	}
	entered := d.entering(false)
	each := func(to func(place int, v float32)) func(x []float32) {
		return func(x []float32) {
			for i, of := range entered {
				to(of.place, x[i])
			}
		}
	}
	bias := func(place int, sum float64) { t.biases[place] += sum }
	inject := func(place int, sum float64) { t.injected[place] += sum }
	for i, f := range []func(x []float32){
		weights(w.neurons), weights(w.heads), func([]float32) {},
		each(func(place int, v float32) { t.res.Value[place] = v }),
		byRow(d.above, func(place int, sum float64) { t.neurons[place][d.layer] = sum }),
		byRow(d.all, func(place int, sum float64) { t.attention[place][d.layer] = sum }),
		byRow(d.all, bias), byRow(d.above, bias), each(func(place int, v float32) { bias(place, float64(v)) }),
		byRow(d.above, inject), each(func(place int, v float32) { inject(place, float64(v)) }),
	} {
		next(i, f)
	}
	return err
}

// entries gives the targets what enters with the embeddings: ⟨∂v/∂e_t, e_t⟩, summed in float64.
func (t *tracer) entries(run []traced, gx *tensors.Tensor) error {
	if t.res == nil {
		return nil
	}
	d := t.s.e.cfg.Width
	err := read(gx, func(g []float32) {
		for _, x := range run {
			for p := range x.rows {
				t.res.Tokens[x.place][p] = relevance(g[(x.from+p)*d:], t.embedding[p*d:][:d])
			}
		}
	})
	if err != nil {
		return internal(t.s.task, err)
	}
	return nil
}
