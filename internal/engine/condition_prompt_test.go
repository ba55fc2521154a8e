package engine

import (
	"math/rand/v2"
	"slices"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestPromptsThatBeginAlike: under a gate by prompt, prompts that begin alike are not alike where they begin, since their ends
// decide; in a batch, and in variants, each is what it is alone.
func TestPromptsThatBeginAlike(t *testing.T) {
	const layer = 1
	e := openRandom(t, small(), Options{})
	c, w := e.cfg, e.cfg.Width
	ids := [][]int32{prompt(c, 7, 2), nil}
	ids[1] = append(slices.Clone(ids[0][:5]), 11, 12)
	u := unit(c, 1, w, rand.New(rand.NewPCG(8, 8)), func(l int) bool { return l == layer })
	sum := 0.
	for i, p := range ids {
		r := forward(t, e, seam.Forward{IDs: ids, Capture: seam.Residual}).Residual[i]
		for j, x := range r[(layer*len(p)+len(p)-1)*w:][:w] {
			sum += float64(x) * float64(u[layer*w+j])
		}
	}
	edit := &seam.Edit{B: 1, T: 1, Residual: filled(c.Layers*w, .5), Gate: &seam.Gate{Site: seam.Residual, Directions: u, Above: float32(sum / 2), Prompt: true}}
	in := seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, Edit: edit}
	all, together, variants := forward(t, e, seam.Forward{IDs: ids, AllLogits: true, Edit: edit}), attribute(t, e, in), runVariants(t, e, ids, []*seam.Edit{edit})
	moved := 0
	for i := range ids {
		one := forward(t, e, seam.Forward{IDs: ids[i : i+1], AllLogits: true, Edit: edit})
		within(t, "forward", all.Logits[i], one.Logits[0], 1e-5)
		within(t, "variants", variants[0][i], one.Logits[0][6*c.Vocab:], 1e-5)
		own := attribute(t, e, seam.Attribution{IDs: ids[i : i+1], Terms: in.Terms[i : i+1], Rule: seam.RelP, Edit: edit})
		within(t, "attribution", together.Scores[i], own.Scores[0], 1e-5)
		if plain := forward(t, e, seam.Forward{IDs: ids[i : i+1], AllLogits: true}); !equal(plain.Logits[0], one.Logits[0]) {
			moved++
		}
	}
	if moved != 1 {
		t.Errorf("%d of two prompts pass, so this shows nothing", moved)
	}
}
