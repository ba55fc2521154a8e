package steer

import (
	"context"
	"fmt"
)

// forwardEach runs prompts under interventions, in batches of bounded size, and hands each prompt's result to each, which
// is called from this goroutine, once for each prompt, by rising length. The slices that it gets have one element.
func forwardEach(ctx context.Context, e Engine, text Text, task string, tokens [][]Token, capture Capture, edits []intervention,
	emit func(Event), each func(i int, r ForwardResult) error) error {
	prompts, bos := make([][]int32, len(tokens)), make([]bool, len(tokens))
	for i, ts := range tokens {
		prompts[i], bos[i] = ids(ts), startsWithBOS(text, ts)
	}
	done, n := 0, lengths(prompts)
	for _, batch := range batches(n) {
		edit := composeBatch(e.Shape(), edits, pick(n, batch), pick(bos, batch))
		f, err := e.Forward(ctx, Forward{IDs: pick(prompts, batch), Capture: capture, Edit: edit},
			batchProgress(emit, "forward", done, len(batch), len(prompts)))
		if err != nil {
			return fmt.Errorf("%s: %w", task, err)
		}
		for k, i := range batch {
			if err := each(i, f.prompt(k)); err != nil {
				return err
			}
		}
		done += len(batch)
	}
	return nil
}

// prompt returns the results of one prompt of the batch.
func (r ForwardResult) prompt(k int) ForwardResult {
	one := func(all [][]float32) [][]float32 {
		if all == nil {
			return nil
		}
		return all[k : k+1]
	}
	return ForwardResult{one(r.Logits), one(r.Neurons), one(r.Residual), one(r.MLP), one(r.Attention), one(r.Embedding)}
}

// captures says what to ask of an engine for a space.
var captures = map[Space]Capture{Residual: CaptureResidual, MLP: CaptureMLP, Neurons: CaptureNeurons, Attention: CaptureAttention,
	Embedding: CaptureEmbedding}

// of returns what was captured of a space, of the only prompt.
func (r ForwardResult) of(s Space) []float32 {
	all := map[Space][][]float32{Residual: r.Residual, MLP: r.MLP, Neurons: r.Neurons, Attention: r.Attention, Embedding: r.Embedding,
		Logits: r.Logits}[s]
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// readAll tokenizes prompts; the mistakes of all of them are joined, each named by what it belongs to. The warnings are
// those of the first prompt that has any.
func readAll(text Text, shape Shape, task string, prompts []promptSpec, name func(i int) string) (tokens [][]Token, ws []Warning, err error) {
	var errs mistakes
	for i, p := range prompts {
		ts, w, err := p.read(text, shape, task, 0)
		errs.add(name(i), err)
		if len(ws) == 0 {
			ws = w
		}
		tokens = append(tokens, ts)
	}
	return tokens, ws, errs.join()
}
