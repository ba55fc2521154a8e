package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// randomModel is a Source of seeded random weights: tests of laws need no trained model.
type randomModel struct {
	cfg    decoder.Config
	seed   uint64
	change func(name string, w []float32) // applied to each tensor; nil: none
}

func (m randomModel) Tensor(name string) ([]float32, error) {
	seed := 1 + m.seed<<32
	for _, r := range name {
		seed = seed*31 + uint64(r)
	}
	rnd := rand.New(rand.NewPCG(seed, 7))
	fill := func(mean, deviation float64, dims ...int) []float32 {
		x := make([]float32, size(dims))
		for i := range x { // uniform: as good as normal here, and quick
			x[i] = float32(mean + deviation*math.Sqrt(3)*(2*rnd.Float64()-1))
		}
		if m.change != nil {
			m.change(name, x)
		}
		return x
	}
	switch name {
	case decoder.EmbedName, decoder.HeadName:
		return fill(0, 1, m.cfg.Vocab, m.cfg.Width), nil
	case decoder.FinalNormName:
		return fill(1, .2, m.cfg.Width), nil
	}
	for l := range m.cfg.Layers {
		for _, p := range m.cfg.Parts() {
			if p.TensorName(m.cfg, l) != name {
				continue
			}
			d := p.Dims(m.cfg)
			switch {
			case strings.HasSuffix(name, "norm.weight"):
				return fill(1, .2, d...), nil
			case strings.HasSuffix(name, ".bias"):
				return fill(0, .3, d...), nil
			}
			return fill(0, 1/math.Sqrt(float64(d[1])), d...), nil
		}
	}
	return nil, fmt.Errorf("no tensor %s", name)
}

func newConfig(layers, width, neurons, heads, kv, headDim, vocab, positions int) decoder.Config {
	c := decoder.Config{Layers: layers, Width: width, Neurons: neurons, Heads: heads, KVHeads: kv, HeadDim: headDim, Vocab: vocab,
		Positions: positions, Eps: 1e-5, Tied: true, Norms: checkpoint.PreNorms, Activation: checkpoint.SiLU,
		QueryScale: 1 / math.Sqrt(float64(headDim)), EmbedScale: 1, ResidualScale: 1, LogitScale: 1,
		Attentions: make([]decoder.Attention, layers), Ropes: []decoder.Rope{newRope(headDim, 10000)}}
	return c
}

func newRope(headDim int, base float64) decoder.Rope {
	r := decoder.Rope{Scale: 1}
	for i := range headDim / 2 {
		r.InvFreq = append(r.InvFreq, math.Pow(base, -2*float64(i)/float64(headDim)))
	}
	return r
}

// small is a model with every irregularity: layers that make an uneven group, grouped heads, an untied head, and in each
// layer a neuron whose gate is 0, so that its h is 0 or −0.
func small() randomModel {
	c := newConfig(11, 24, 40, 6, 2, 8, 60, 200)
	c.Tied = false
	return randomModel{cfg: c, change: func(name string, w []float32) {
		if strings.HasSuffix(name, "mlp.gate_proj.weight") {
			clear(w[:c.Width])
		}
	}}
}

// smol has the shape of SmolLM2-135M.
func smol() randomModel { return randomModel{cfg: newConfig(30, 576, 1536, 9, 3, 64, 49152, 8192)} }

func openRandom(t testing.TB, m randomModel, opt Options) *Engine {
	t.Helper()
	e, err := New(t.Context(), m.cfg, m, opt, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// prompt returns n reproducible token ids.
func prompt(c decoder.Config, n, seed int) []int32 {
	r := rand.New(rand.NewPCG(uint64(seed), 3))
	ids := make([]int32, n)
	for i := range ids {
		ids[i] = int32(r.IntN(c.Vocab))
	}
	return ids
}

func prompts(c decoder.Config, lens ...int) [][]int32 {
	var all [][]int32
	for i, n := range lens {
		all = append(all, prompt(c, n, i))
	}
	return all
}

// lastTerm is the metric logit[1] − logit[2] at the last position of each prompt.
func lastTerm(ids [][]int32) [][]seam.Term {
	var all [][]seam.Term
	for _, p := range ids {
		all = append(all, []seam.Term{{Position: len(p) - 1, Target: 1, Versus: 2}})
	}
	return all
}

func equal(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}
