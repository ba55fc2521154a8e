package engine

import (
	"math"
	"math/rand/v2"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
)

// families returns a random model of each family: other sizes at each seed, odd ones too, with the parts that the family has.
func families(seed uint64) map[string]randomModel {
	all := map[string]randomModel{}
	for i, name := range familyNames {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		c := newConfig(1+r.IntN(7), 5+r.IntN(40), 3+r.IntN(60), 1, 1, 2+2*r.IntN(6), 11+r.IntN(90), 90)
		c.KVHeads = 1 + r.IntN(3)
		c.Heads = c.KVHeads * (1 + r.IntN(3))
		c.Tied = r.IntN(2) == 0
		c.Eps = []float64{1e-5, 1e-6, 1e-2}[r.IntN(3)]
		scale := 1 / math.Sqrt(float64(c.HeadDim))
		every := func(n int, f func(a *decoder.Attention)) { // every n-th layer
			for l := range c.Attentions {
				if (l+1)%n == 0 {
					f(&c.Attentions[l])
				}
			}
		}
		window := func(a *decoder.Attention) { a.Window = 1 + r.IntN(6) }
		rope := func(scale float64) {
			c.Ropes = append(c.Ropes, newRope(c.HeadDim, 1e6))
			c.Ropes[len(c.Ropes)-1].Scale = scale
		}
		gemma := func() {
			c.Norms, c.Activation, c.Tied = checkpoint.BothNorms, checkpoint.GELUTanh, true
			c.EmbedScale, c.QueryScale = math.Sqrt(float64(c.Width)), 1/math.Sqrt(float64(c.HeadDim+3))
		}
		switch name {
		case "mistral":
			w := 1 + r.IntN(6)
			every(1, func(a *decoder.Attention) { a.Window = w })
		case "qwen2":
			c.QKVBias = true
			every(1+r.IntN(2), window)
		case "qwen3":
			c.QKNorm = checkpoint.HeadQKNorm
		case "gemma2":
			gemma()
			c.AttentionCap, c.LogitCap = .5+r.Float64(), 1+3*r.Float64()
			every(2, window)
		case "gemma3":
			gemma()
			c.QKNorm = checkpoint.HeadQKNorm
			rope(1)
			every(1, window)
			every(3, func(a *decoder.Attention) { *a = decoder.Attention{Rope: 1} })
		case "olmo2":
			c.Norms, c.QKNorm = checkpoint.PostNorms, checkpoint.WholeQKNorm
		case "phi3":
			every(1, window)
			c.Ropes[0].Scale = 1 + .3*r.Float64()
		case "smollm3":
			every(2+r.IntN(3), func(a *decoder.Attention) { a.Rope = -1 })
		case "granite":
			c.QKVBias, c.OutBias, c.MLPBias = true, true, true
			c.QueryScale, c.EmbedScale, c.ResidualScale, c.LogitScale = .7*scale, 3*r.Float64()+.1, .3+r.Float64(), .2
		case "everything":
			c = withEverything(c)
		}
		all[name] = randomModel{cfg: c, seed: seed}
	}
	return all
}

var familyNames = []string{"llama", "mistral", "qwen2", "qwen3", "gemma2", "gemma3", "olmo2", "phi3", "smollm3", "granite", "everything"}

// withEverything returns c with every part that a config can switch on.
func withEverything(c decoder.Config) decoder.Config {
	c.QKVBias, c.OutBias, c.MLPBias, c.QKNorm = true, true, true, checkpoint.WholeQKNorm
	c.Norms, c.Activation = checkpoint.BothNorms, checkpoint.GELUTanh
	c.AttentionCap, c.LogitCap = 1.5, 3
	c.EmbedScale, c.QueryScale, c.ResidualScale, c.LogitScale = math.Sqrt(float64(c.Width)), .3, .6, 1.7
	c.Ropes = append(c.Ropes, newRope(c.HeadDim, 1e6))
	c.Ropes[1].Scale = 1.2
	for l := range c.Attentions { // windows of 3 and 7, the second rotary table, no positions
		c.Attentions[l] = []decoder.Attention{{Window: 3}, {Rope: 1}, {Window: 7, Rope: -1}}[l%3]
	}
	return c
}
