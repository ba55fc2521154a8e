package execute

import (
	"cmp"
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// batchTokens bounds one call of the engine: the number of prompts times the length of the longest. Batches of 256 tokens
// take all that a batch can give (processor time of a prompt of 16 tokens, SmolLM2: 371 ms alone, 234 in batches of 8, 215
// of 16, 214 of 32); larger ones only hold more activations [B,L,T,F] in memory.
const batchTokens = 256

// batches splits prompts of the given numbers of tokens into calls of bounded size, by rising length, so that little is
// computed for padding. Each batch lists prompts by their place in lengths.
func batches(lengths []int) [][]int {
	order := make([]int, len(lengths))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lengths[a], lengths[b]) })
	var out [][]int
	for _, i := range order {
		last := len(out) - 1
		if last < 0 || (len(out[last])+1)*lengths[i] > batchTokens {
			out = append(out, nil)
			last++
		}
		out[last] = append(out[last], i)
	}
	return out
}

// lengths returns the number of tokens of each prompt.
func lengths(prompts [][]int32) []int {
	n := make([]int, len(prompts))
	for i, p := range prompts {
		n[i] = len(p)
	}
	return n
}

// pick returns the elements of list at the given places.
func pick[T any](list []T, places []int) []T {
	out := make([]T, len(places))
	for k, i := range places {
		out[k] = list[i]
	}
	return out
}

// batchProgress turns an engine's progress through one batch into steps of a whole phase: done prompts came before, this
// batch has n of total.
func (e *env) batchProgress(phase string, done, n, total int) func(int, int) {
	return func(step, steps int) {
		if steps > 0 {
			e.emit(steer.Event{Phase: phase, Done: done + step*n/steps, Total: total})
		}
	}
}

// forwardEach runs prompts under interventions, in batches of bounded size, and hands each prompt's result to each, which
// is called from this goroutine, once for each prompt, by rising length. The slices that it gets have one element.
func forwardEach(ctx context.Context, e *env, tokens [][]engine.Token, capture engine.Site, edits []message.Intervention, each func(i int, r engine.ForwardResult) error) error {
	prompts, bos := make([][]int32, len(tokens)), make([]bool, len(tokens))
	for i, ts := range tokens {
		prompts[i], bos[i] = message.IDs(ts), startsWithBOS(e, ts)
	}
	done, n := 0, lengths(prompts)
	for _, batch := range batches(n) {
		edit := composeBatch(e.Shape(), edits, pick(n, batch), pick(bos, batch))
		f, err := e.Forward(ctx, engine.Forward{IDs: pick(prompts, batch), Capture: capture, Edit: edit},
			e.batchProgress("forward", done, len(batch), len(prompts)))
		if err != nil {
			return err
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
