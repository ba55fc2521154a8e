package engine

import (
	"slices"
	"sync"

	"github.com/gomlx/gomlx/core/tensors"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// batch is B prompts of different lengths. A token of a prompt is a row of the residual stream: its own, or one that
// prompts that begin alike share.
type batch struct {
	b, t int       // prompts, and tokens of the longest
	lens []int     // [B]
	ids  []int32   // [R], of each row
	at   []int     // [R], the position of each row
	rows [][]int32 // the row of each token of each prompt
}

// onePosition is what a step of decoding computes.
var onePosition = newBatch([][]int32{{0}}, nil)

// batch checks the prompts and gives every token a row of its own.
func (e *Engine) batch(task string, prompts [][]int32) (batch, error) {
	if len(prompts) == 0 {
		return batch{}, seam.Errorf(seam.EmptyPrompt, task, "there is no prompt").Try("give at least one")
	}
	for i, ids := range prompts {
		if len(ids) == 0 {
			return batch{}, seam.Errorf(seam.EmptyPrompt, task, "prompt %d has no token", i).Try("give it at least one")
		}
		if len(ids) > e.cfg.Positions {
			return batch{}, seam.Errorf(seam.PromptTooLong, task, "prompt %d has %d tokens; the model reads %d", i, len(ids), e.cfg.Positions).
				Try("shorten it by %d tokens", len(ids)-e.cfg.Positions)
		}
		for t, id := range ids {
			if err := e.checkID(task, id); err != nil {
				return batch{}, err.Try("token %d of prompt %d belongs to another model's tokenizer", t, i)
			}
		}
	}
	return newBatch(prompts, nil), nil
}

// newBatch deals out rows. Prompts of the same kind share those of the beginning that they have in common; without kinds
// every token has its own.
func newBatch(prompts [][]int32, kinds []int) batch { return newBatchFrom(prompts, kinds, nil) }

// newBatchFrom deals out rows where prompts of all kinds are alike before a position of each; nil: from the first on they are not.
func newBatchFrom(prompts [][]int32, kinds, from []int) (in batch) {
	type step struct { // from a row, or −1 before the first, to a token of a kind, or −1 of all
		from, id int32
		kind     int
	}
	known := map[step]int32{}
	in.b = len(prompts)
	for i, ids := range prompts {
		in.t = max(in.t, len(ids))
		in.lens = append(in.lens, len(ids))
		rows := make([]int32, len(ids))
		at := step{from: -1}
		for t, id := range ids {
			if at.id, at.kind = id, -1; kinds != nil && (from == nil || t >= from[i]) {
				at.kind = kinds[i]
			}
			row, ok := known[at] // nothing is known without kinds
			if !ok {
				row = int32(len(in.ids))
				in.ids, in.at = append(in.ids, id), append(in.at, t)
				if kinds != nil {
					known[at] = row
				}
			}
			rows[t], at.from = row, row
		}
		in.rows = append(in.rows, rows)
	}
	return in
}

// r returns the number of rows.
func (in batch) r() int { return len(in.ids) }

// ragged says whether rows are not the slots [B,T] in their order.
func (in batch) ragged() bool { return in.r() != in.b*in.t }

// shared returns the batch of the same prompts in which those of the same kind share rows.
func (in batch) shared(kinds []int) batch {
	prompts := make([][]int32, in.b)
	for i, rows := range in.rows {
		for _, r := range rows {
			prompts[i] = append(prompts[i], in.ids[r])
		}
	}
	return newBatch(prompts, kinds)
}

// sharedUnder returns the batch with shared rows where an edit is the same for all prompts, else the batch itself.
func (in batch) sharedUnder(e *seam.Edit) batch {
	if e != nil && (e.B > 1 || byPrompt(e)) {
		return in
	}
	return in.shared(make([]int, in.b))
}

// shape is what decides the shapes of a graph's inputs.
func (in batch) shape() [3]int { return [3]int{in.b, in.t, in.r()} }

// owners returns for each row a prompt that it is of [R].
func (in batch) owners() []int {
	of := make([]int, in.r())
	for i, rows := range in.rows {
		for _, r := range rows {
			of[r] = i
		}
	}
	return of
}

func (e *Engine) checkID(task string, id int32) *seam.Error {
	if id < 0 || int(id) >= e.cfg.Vocab {
		return seam.Errorf(seam.BadSetting, task, "token id %d is not in the vocabulary of %d", id, e.cfg.Vocab)
	}
	return nil
}

// all returns the row of every token, prompt by prompt [Σ lens].
func (in batch) all() []int32 { return slices.Concat(in.rows...) }

// layers allocates, for each prompt, a number for each layer, position and neuron [L,T,F].
func (in batch) layers(l, f int) [][]float32 {
	out := make([][]float32, in.b)
	for i, n := range in.lens {
		out[i] = make([]float32, l*n*f)
	}
	return out
}

// scatter copies a layer's rows [R,F] into the prompts' arrays [L,T,F], and returns which of the prompts have a number there that is
// not finite: nil where none has.
func (in batch) scatter(each spread, dst [][]float32, layer, f int, rows *tensors.Tensor) (bad []bool, err error) {
	const chunk = 16 << 10 // numbers: worth a hand-over
	var mu sync.Mutex
	err = read(rows, func(x []float32) {
		for i, n := range in.lens {
			to := dst[i][layer*n*f:]
			each(n, max(1, chunk/f), func(from, end int) {
				for t := from; t < end; t++ {
					row := to[t*f:][:f]
					copy(row, x[int(in.rows[i][t])*f:])
					if notFiniteAt(row) < 0 { // while it is near
						continue
					}
					mu.Lock()
					if bad == nil {
						bad = make([]bool, in.b)
					}
					bad[i] = true
					mu.Unlock()
				}
			})
		}
	})
	return bad, err
}

// addTo sums what rows have [R] for each prompt, in float64.
func (in batch) addTo(rows *tensors.Tensor, f func(prompt int, sum float64)) error {
	return read(rows, func(x []float32) {
		for i, rows := range in.rows {
			sum := 0.
			for _, r := range rows {
				sum += float64(x[r])
			}
			f(i, sum)
		}
	})
}

// meter counts the steps of a call.
type meter struct {
	done, total int
	report      func(done, total int)
}

func (m *meter) step() {
	m.done++
	if m.report != nil {
		m.report(m.done, m.total)
	}
}
