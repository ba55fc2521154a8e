package engine

import (
	"math/rand/v2"
	"slices"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// alike are prompts of several lengths that begin alike: two are the same, one is the beginning of another.
func alike(e *Engine) [][]int32 {
	long := prompt(e.cfg, 13, 1)
	return [][]int32{long, append(slices.Clone(long[:6]), prompt(e.cfg, 5, 2)...), long[:4], long, prompt(e.cfg, 1, 3),
		append(slices.Clone(long[:6]), prompt(e.cfg, 2, 4)...)}
}

// TestSharedRows: what prompts begin with alike is computed once, where the same edit holds for them.
func TestSharedRows(t *testing.T) {
	e := openRandom(t, small(), Options{})
	ids := alike(e)
	b, err := e.batch("test", ids)
	if err != nil {
		t.Fatal(err)
	}
	const tokens = 13 + 11 + 4 + 13 + 1 + 8
	for _, c := range []struct {
		got  batch
		want int
	}{
		{b, tokens},
		{b.sharedUnder(nil), 13 + 5 + 0 + 0 + 1 + 2},
		{b.sharedUnder(&seam.Edit{B: 1, T: 13}), 13 + 5 + 0 + 0 + 1 + 2},
		{b.shared([]int{0, 1, 0, 0, 0, 1}), 13 + 11 + 0 + 0 + 1 + 2}, // the last begins like the second
	} {
		got := c.got
		if got.r() != c.want {
			t.Errorf("%d rows, want %d", got.r(), c.want)
		}
		for i, rows := range got.rows {
			for p, r := range rows {
				if got.ids[r] != ids[i][p] || got.at[r] != p {
					t.Errorf("prompt %d, token %d has the row of token %d at %d", i, p, got.ids[r], got.at[r])
				}
			}
		}
	}
	if got := b.sharedUnder(&seam.Edit{B: 6, T: 1}); got.r() != tokens {
		t.Errorf("under an edit for each prompt there are %d rows", got.r())
	}
}

// TestSharedRowsChangeNothing: a batch of prompts that begin alike gives what each gives alone, whatever the edit.
func TestSharedRowsChangeNothing(t *testing.T) {
	eachModel(t, func(t *testing.T, e *Engine) {
		ids := alike(e)
		r := rand.New(rand.NewPCG(5, 6))
		random := func(b, t int) *seam.Edit {
			ed := &seam.Edit{B: b, T: t, Scale: make([]float32, b*e.cfg.Layers*t*e.cfg.Neurons), MLP: make([]float32, b*e.cfg.Layers*t*e.cfg.Width)}
			for i := range ed.Scale {
				ed.Scale[i] = float32(.5 + r.Float64())
			}
			for i := range ed.MLP {
				ed.MLP[i] = float32(.1 * r.NormFloat64())
			}
			return ed
		}
		everything := seam.Neurons | seam.Residual | seam.MLP | seam.Attention | seam.Embedding
		for name, edit := range map[string]*seam.Edit{"none": nil, "same": random(1, 1), "by position": random(1, 13), "by prompt": random(len(ids), 1)} {
			terms := make([][]seam.Term, len(ids))
			for i, p := range ids {
				terms[i] = []seam.Term{{Position: len(p) - 1, Target: int32(i), Versus: 9}, {Position: len(p) / 2, Target: 7, Versus: -1}}
			}
			all := attribute(t, e, seam.Attribution{IDs: ids, Terms: terms, Rule: seam.RelP, Edit: edit})
			ran := forward(t, e, seam.Forward{IDs: ids, Edit: edit, AllLogits: true, Capture: everything})
			for i := range ids {
				own := ofPrompt(e, edit, i)
				one := attribute(t, e, seam.Attribution{IDs: ids[i : i+1], Terms: terms[i : i+1], Rule: seam.RelP, Edit: own})
				within(t, name+": scores", all.Scores[i], one.Scores[0], 1e-5)
				within(t, name+": heads", all.Heads[i], one.Heads[0], 1e-5)
				within(t, name+": sources", all.Sources[i], one.Sources[0], 1e-5)
				within(t, name+": tokens", all.Tokens[i], one.Tokens[0], 1e-5)
				within(t, name+": attention", all.Attention[i], one.Attention[0], 1e-5)
				within(t, name+": logits", all.Logits[i], one.Logits[0], 1e-5)
				f := forward(t, e, seam.Forward{IDs: ids[i : i+1], Edit: own, AllLogits: true, Capture: everything})
				within(t, name+": all logits", ran.Logits[i], f.Logits[0], 1e-5)
				within(t, name+": neurons", ran.Neurons[i], f.Neurons[0], 1e-5)
				within(t, name+": residual", ran.Residual[i], f.Residual[0], 1e-5)
				within(t, name+": patterns", ran.Attention[i], f.Attention[0], 1e-5)
				within(t, name+": embedding", ran.Embedding[i], f.Embedding[0], 1e-5)
			}
		}
		edits := []*seam.Edit{nil, random(1, 1), random(1, 13), random(len(ids), 1)}
		err := e.Variants(t.Context(), ids, edits, nil, func(k, i int, logits []float32) error {
			f := forward(t, e, seam.Forward{IDs: ids[i : i+1], Edit: ofPrompt(e, edits[k], i)})
			within(t, "variants", logits, f.Logits[0], 1e-5)
			return nil
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
	})
}

// ofPrompt returns what an edit is for one prompt.
func ofPrompt(e *Engine, edit *seam.Edit, i int) *seam.Edit {
	if edit == nil || edit.B == 1 {
		return edit
	}
	n := e.cfg.Layers * edit.T
	return &seam.Edit{B: 1, T: edit.T, Scale: edit.Scale[i*n*e.cfg.Neurons:][:n*e.cfg.Neurons], MLP: edit.MLP[i*n*e.cfg.Width:][:n*e.cfg.Width]}
}
