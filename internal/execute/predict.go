package execute

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// largestSigned returns the indices of the k largest values, ties to the lower index.
func largestSigned(v []float32, k int) []int {
	k = min(max(k, 0), len(v))
	if k > 100 { // many are sorted, few are picked in one pass
		idx := make([]int, len(v))
		for i := range idx {
			idx[i] = i
		}
		slices.SortStableFunc(idx, func(a, b int) int { return cmp.Compare(v[b], v[a]) })
		return idx[:k]
	}
	idx := make([]int, 0, k+1)
	for i, x := range v {
		if len(idx) == k && (k == 0 || !(x > v[idx[k-1]])) {
			continue
		}
		at, _ := slices.BinarySearchFunc(idx, x, func(j int, x float32) int {
			if v[j] >= x {
				return -1
			}
			return 1
		})
		idx = slices.Insert(idx, at, i)[:min(len(idx)+1, k)]
	}
	return idx
}

// runPredict computes the tensor "logits" [V] at the last position.
func runPredict(ctx context.Context, e *env, s message.PredictSettings) (any, tensors, error) {
	tokens, warnings, err := readPrompt(e, s.Prompt, 0)
	errs := []error{err}
	of := make([]engine.Token, len(s.Of))
	var l lead // what the words follow: the prompt is read again only where there are some
	if len(s.Of) > 0 {
		l = leadOf(e, s.Prompt)
	}
	for i, ref := range s.Of {
		var doubts []engine.Warning
		of[i], doubts, err = resolveToken(e, ref, l, "token")
		errs, warnings = append(errs, err), append(warnings, doubts...)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	edit, _ := compose(e.Shape(), s.Edits, len(tokens), startsWithBOS(e, tokens))
	f, err := e.Forward(ctx, engine.Forward{IDs: [][]int32{message.IDs(tokens)}, Edit: edit}, e.progress("forward"))
	if err != nil {
		return nil, nil, err
	}
	if err := finiteLogits(f.Logits[0]); err != nil {
		return nil, nil, err
	}
	b := message.PredictBody{Tokens: tokens, Top: topTokens(f.Logits[0], s.Top, e), Edited: edited(s.Edits, false), EditedHeads: edited(s.Edits, true)}
	for _, t := range of {
		b.Of = append(b.Of, message.Rank(f.Logits[0], t))
	}
	e.warn(warnings...)
	return b, tensors{"logits": {Shape: []int{len(f.Logits[0])}, Data: f.Logits[0]}}, nil
}

// topTokens ranks the k most likely tokens by logits [V], ties by id.
func topTokens(logits []float32, k int, e *env) []message.Ranked {
	ids, p := largestSigned(logits, k), message.NewSoftmax(logits)
	out := make([]message.Ranked, len(ids))
	for i, id := range ids {
		t, _ := e.text.Token(int32(id))
		out[i] = message.Ranked{Token: t, Logit: float64(logits[id]), Probability: p.Of(logits[id]), Rank: i + 1}
	}
	return out
}

// edited counts the distinct neurons, or the heads, that interventions change.
func edited(is []message.Intervention, heads bool) int {
	seen := map[engine.Neuron]bool{}
	for _, i := range is {
		for _, n := range i.Neurons {
			if n.Head == heads {
				seen[n] = true
			}
		}
	}
	return len(seen)
}
