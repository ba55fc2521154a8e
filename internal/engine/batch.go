package engine

import (
	"github.com/gomlx/gomlx/core/tensors"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// batch is B prompts padded on the right to the longest: R = B·T rows.
type batch struct {
	b, t int
	ids  []int32 // [B·T]; the padding is token 0, which nothing real can see
	lens []int   // [B], without padding
}

// batch checks the prompts and pads them.
func (e *Engine) batch(task string, prompts [][]int32) (batch, error) {
	var in batch
	if len(prompts) == 0 {
		return in, seam.Errorf(seam.EmptyPrompt, task, "there is no prompt").Try("give at least one")
	}
	for i, ids := range prompts {
		if len(ids) == 0 {
			return in, seam.Errorf(seam.EmptyPrompt, task, "prompt %d has no token", i).Try("give it at least one")
		}
		if len(ids) > e.cfg.Positions {
			return in, seam.Errorf(seam.PromptTooLong, task, "prompt %d has %d tokens; the model reads %d", i, len(ids), e.cfg.Positions).
				Try("shorten it by %d tokens", len(ids)-e.cfg.Positions)
		}
		for t, id := range ids {
			if err := e.checkID(task, id); err != nil {
				return in, err.Try("token %d of prompt %d belongs to another model's tokenizer", t, i)
			}
		}
		in.t = max(in.t, len(ids))
		in.lens = append(in.lens, len(ids))
	}
	in.b = len(prompts)
	in.ids = make([]int32, in.b*in.t)
	for i, ids := range prompts {
		copy(in.ids[i*in.t:], ids)
	}
	return in, nil
}

func (e *Engine) checkID(task string, id int32) *seam.Error {
	if id < 0 || int(id) >= e.cfg.Vocab {
		return seam.Errorf(seam.BadSetting, task, "token id %d is not in the vocabulary of %d", id, e.cfg.Vocab)
	}
	return nil
}

// last returns the row of each prompt's last position [B].
func (in batch) last() []int32 {
	rows := make([]int32, in.b)
	for i, n := range in.lens {
		rows[i] = int32(i*in.t + n - 1)
	}
	return rows
}

// real returns the rows that are no padding, prompt by prompt [Σ lens].
func (in batch) real() []int32 {
	var rows []int32
	for i, n := range in.lens {
		for t := range n {
			rows = append(rows, int32(i*in.t+t))
		}
	}
	return rows
}

// layers allocates, for each prompt, a number for each layer, position and neuron [L,T,F].
func (in batch) layers(l, f int) [][]float32 {
	out := make([][]float32, in.b)
	for i, n := range in.lens {
		out[i] = make([]float32, l*n*f)
	}
	return out
}

// scatter copies a layer's rows [R,F] into the prompts' arrays [L,T,F], without the padding.
func (in batch) scatter(dst [][]float32, layer, f int, rows *tensors.Tensor) error {
	return read(rows, func(x []float32) {
		for i, n := range in.lens {
			copy(dst[i][layer*n*f:][:n*f], x[i*in.t*f:])
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
