package steer

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// forwardEach runs prompts under interventions, in batches of bounded size, and hands each prompt's result to each, which
// is called from this goroutine, once for each prompt, by rising length. The slices that it gets have one element.
func forwardEach(ctx context.Context, e engine.Engine, text engine.Tokenizer, task string, tokens [][]engine.Token, capture engine.Site, edits []intervention,
	emit func(Event), each func(i int, r engine.ForwardResult) error) error {
	prompts, bos := make([][]int32, len(tokens)), make([]bool, len(tokens))
	for i, ts := range tokens {
		prompts[i], bos[i] = ids(ts), startsWithBOS(text, ts)
	}
	done, n := 0, lengths(prompts)
	for _, batch := range batches(n) {
		edit := composeBatch(e.Shape(), edits, pick(n, batch), pick(bos, batch))
		f, err := e.Forward(ctx, engine.Forward{IDs: pick(prompts, batch), Capture: capture, Edit: edit},
			batchProgress(emit, "forward", done, len(batch), len(prompts)))
		if err != nil {
			return fmt.Errorf("%s: %w", task, err)
		}
		for k, i := range batch {
			if err := each(i, f.Prompt(k)); err != nil {
				return err
			}
		}
		done += len(batch)
	}
	return nil
}

// readAll tokenizes prompts; the mistakes of all of them are joined, each named by what it belongs to. The warnings are
// those of the first prompt that has any.
func readAll(text engine.Tokenizer, shape engine.Shape, task string, prompts []promptSpec, name func(i int) string) (tokens [][]engine.Token, ws []Warning, err error) {
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
