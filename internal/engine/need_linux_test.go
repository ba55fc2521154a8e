package engine

import (
	"fmt"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestDemand: no call takes more memory than it says before it begins, and none says much more than two thirds as much again. Each
// model is large in another way.
func TestDemand(t *testing.T) {
	const small = 16 << 20
	for name, x := range map[string]struct {
		cfg decoder.Config
		n   int // positions
	}{
		"neurons": {newConfig(9, 64, 2048, 2, 1, 32, 100, 2000), 400},
		"heads":   {newConfig(6, 64, 64, 16, 4, 8, 100, 2000), 500},
		"width":   {newConfig(3, 768, 128, 4, 4, 64, 100, 2000), 400},
		"vocab":   {newConfig(3, 64, 128, 4, 2, 32, 20000, 2000), 400},
		"smol":    {newConfig(5, 576, 1536, 9, 3, 64, 4096, 2000), 512},
		"parts":   {withEverything(newConfig(6, 64, 64, 16, 4, 8, 100, 2000)), 500},
	} {
		e := openRandom(t, randomModel{cfg: x.cfg}, Options{})
		e.limits.large, e.limits.tapes = 0, 8<<20 // as calls that are large
		c, ids := e.cfg, prompts(x.cfg, x.n)
		wide := &seam.Edit{B: 1, T: x.n, Scale: filled(c.Layers*x.n*c.Neurons, 1), Residual: filled(c.Layers*x.n*c.Width, 0)}
		plain := seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP}
		edited := seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.Gradient, Edit: wide}
		batch := seam.Attribution{IDs: prompts(c, 100, 100, 90, 90, 80, 70, 100, 100), Rule: seam.RelP}
		batch.Terms = lastTerm(batch.IDs)
		short := seam.Attribution{IDs: prompts(x.cfg, filledInts(32, 12)...), Rule: seam.RelP}
		short.Terms = lastTerm(short.IDs)
		steered := seam.Forward{IDs: ids, Edit: wide}
		staged := stagesOf(c, x.n, 1, seam.Residual, false)
		under := seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.Gradient, Edit: staged}
		steps := seam.Forward{IDs: ids, Edit: staged}
		heads := seam.Forward{IDs: ids, Capture: seam.Heads, Edit: &seam.Edit{B: 1, T: x.n, Heads: filled(c.Layers*x.n*c.Heads, 0), HeadAdd: filled(c.Layers*x.n*c.Heads*c.HeadDim, 1)}}
		captured := seam.Forward{IDs: ids, Capture: seam.Neurons | seam.Residual | seam.MLP}
		patterns := seam.Forward{IDs: [][]int32{ids[0][:300]}, Capture: seam.Attention}
		logits := seam.Forward{IDs: ids, AllLogits: true}
		decoding := seam.Decoding{IDs: ids[0], Reserve: 900}
		between := seam.Edges{IDs: ids[0], Targets: []seam.Node{{Neuron: seam.Neuron{Layer: c.Layers - 1}, Position: x.n - 1}, {Neuron: seam.Neuron{Layer: 1}, Position: x.n - 1}}, Rule: seam.RelP}
		between.Sources = between.Targets
		brief := seam.Edges{IDs: ids[0][:16], Rule: seam.RelP}
		for i := range 40 {
			brief.Targets = append(brief.Targets, seam.Node{Neuron: seam.Neuron{Layer: i % c.Layers, Index: i}, Position: 15})
		}
		brief.Sources = brief.Targets
		edges := func(in seam.Edges) func() error {
			return func() error { _, err := e.Edges(t.Context(), in, nil); return err }
		}
		forward := func(in seam.Forward) func() error {
			return func() error { _, err := e.Forward(t.Context(), in, nil); return err }
		}
		attribute := func(in seam.Attribution) func() error {
			return func() error { _, err := e.Attribute(t.Context(), in, nil); return err }
		}
		edits := []*seam.Edit{nil, scaled(c, 1, 1, 2), scaled(c, 1, 2, 2)}
		for what, call := range map[string]struct {
			need int64
			run  func() error
		}{
			"attribute":        {e.attributeBytes(decoder.RelP, plain, 1, true)(1, x.n), attribute(plain)},
			"attribute edited": {e.attributeBytes(decoder.Plain, edited, 1, true)(1, x.n), attribute(edited)},
			"attribute batch":  {e.attributeBytes(decoder.RelP, batch, 8, true)(8, 100), attribute(batch)},
			"edges":            {e.edgesBytes(decoder.RelP, between, len(between.Targets))(1, x.n), edges(between)},
			"edges, short":     {e.edgesBytes(decoder.RelP, brief, len(brief.Targets))(1, 16), edges(brief)},
			"capture":          {e.forwardBytes(captured)(1, x.n), forward(captured)},
			"patterns":         {e.forwardBytes(patterns)(1, 300), forward(patterns)},
			"logits":           {e.forwardBytes(logits)(1, x.n), forward(logits)},
			"decode": {e.decodeBytes(decoding)(1, x.n), func() error {
				d, err := e.Decode(t.Context(), decoding)
				if err == nil {
					d.Close()
				}
				return err
			}},
			"variants": {e.variantsBytes(1, edits, shapesOf(e, ids, edits))(1, x.n), func() error {
				return e.Variants(t.Context(), ids, edits, nil, func(int, int, []float32) error { return nil }, nil)
			}},
			"forward":          {e.forwardBytes(seam.Forward{IDs: ids})(1, x.n), forward(seam.Forward{IDs: ids})},
			"forward staged":   {e.forwardBytes(steps)(1, x.n), forward(steps)},
			"heads set":        {e.forwardBytes(heads)(1, x.n), forward(heads)},
			"attribute staged": {e.attributeBytes(decoder.Plain, under, 1, true)(1, x.n), attribute(under)},
			"forward edited":   {e.forwardBytes(steered)(1, x.n), forward(steered)},
			"attribute 32":     {e.attributeBytes(decoder.RelP, short, 32, true)(32, 12), attribute(short)},
			"variants 32": {e.variantsBytes(32, edits, shapesOf(e, short.IDs, edits))(1, 12), func() error {
				return e.Variants(t.Context(), short.IDs, edits, nil, func(int, int, []float32) error { return nil }, nil)
			}},
		} {
			t.Run(fmt.Sprintf("%s/%s", name, what), func(t *testing.T) {
				e = openRandom(t, randomModel{cfg: x.cfg}, Options{}) // one that keeps no memory from the call before
				e.limits.large, e.limits.tapes = 0, 8<<20             // as calls that are large
				took, _ := peak(t, func() {
					if err := call.run(); err != nil {
						t.Fatal(err)
					}
				})
				t.Logf("took %d MB of %d MB: %.2f", took>>20, call.need>>20, float64(took)/float64(call.need))
				if spare := call.need - took; spare < 0 || spare > took*2/3+small {
					t.Errorf("it took %d MB and asked for %d", took>>20, call.need>>20)
				}
			})
		}
	}
}

// shapesOf lists the shapes of the batches of variants.
func shapesOf(e *Engine, ids [][]int32, edits []*seam.Edit) [][2]int {
	v := variants{e: e, ids: ids, edits: edits}
	for _, ed := range edits {
		v.extents = append(v.extents, extentOf(e.cfg, ed))
	}
	return v.shapes(v.parts(upTo(len(edits))))
}
