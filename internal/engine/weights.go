package engine

import (
	"context"
	"errors"
	"sync"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	"github.com/neuronsteer/neuronsteer/internal/kernel"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Source gives the weights of a checkpoint by their Hugging Face names, row-major, a matrix as [out, in], widened to
// float32. It must allow calls at the same time. The slice is only read, and not kept.
type Source interface {
	Tensor(name string) ([]float32, error)
}

// weights are a model's weights on a device.
type weights struct {
	embed, final *tensors.Tensor                  // [V,D], [1,D]
	head         *tensors.Tensor                  // [V,D], the embedding itself where it is tied
	parts        [][decoder.Parts]*tensors.Tensor // [L]

	mu     sync.Mutex
	packed map[*tensors.Tensor]*kernel.Matrix // the matrices, where the backend takes them packed
}

// loadWeights reads and uploads every weight, several at a time.
func loadWeights(ctx context.Context, b compute.Backend, c decoder.Config, src Source, progress func(done, total int)) (*weights, error) {
	w := &weights{parts: make([][decoder.Parts]*tensors.Tensor, c.Layers), packed: map[*tensors.Tensor]*kernel.Matrix{}}
	type job func() error
	packer, packs := b.(packer)
	into := func(dst **tensors.Tensor, name string, dims ...int) job { // a vector is [1,n], of the rank of what it multiplies
		return func() (err error) {
			if packs && len(dims) == 2 && dims[0] > 1 {
				m, err := pack(src, name, dims[0], dims[1])
				if err != nil {
					return err
				}
				if *dst, err = weight(packer, m); err != nil {
					return internal("open", errors.Join(err, m.Close()))
				}
				w.keep(*dst, m)
				return nil
			}
			data, err := src.Tensor(name)
			if err == nil {
				err = sized(name, len(data), dims...)
			}
			if err != nil {
				return err
			}
			if *dst, err = newTensor(b, data, dims...); err != nil {
				return internal("open", err)
			}
			return nil
		}
	}
	jobs := []job{into(&w.final, decoder.FinalNormName, 1, c.Width)} // the longest come first
	if c.Tied {
		jobs = append(jobs, into(&w.head, decoder.EmbedName, c.Vocab, c.Width))
	} else {
		jobs = append(jobs, into(&w.head, decoder.HeadName, c.Vocab, c.Width), into(&w.embed, decoder.EmbedName, c.Vocab, c.Width))
	}
	for l := range c.Layers {
		for _, p := range c.Parts() {
			dims := p.Dims(c)
			if len(dims) == 1 {
				dims = []int{1, dims[0]}
			}
			jobs = append(jobs, into(&w.parts[l][p], p.TensorName(c, l), dims...))
		}
	}

	var (
		mu   sync.Mutex
		next int
		done int
		errs []error
		wg   sync.WaitGroup
	)
	load := func(j job) (err error) {
		defer fence("open", &err)
		return j()
	}
	for range loaders() {
		wg.Go(func() {
			for {
				mu.Lock()
				stop := next == len(jobs) || len(errs) > 0 || ctx.Err() != nil
				i := next
				if !stop {
					next++
				}
				mu.Unlock()
				if stop {
					return
				}
				err := load(jobs[i])
				mu.Lock()
				if err != nil {
					errs = append(errs, err)
				} else if done++; progress != nil {
					progress(done, len(jobs)) // under the lock, so that calls come one at a time and in order
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if err := errors.Join(append(errs, ctx.Err())...); err != nil {
		w.close()
		return nil, err
	}
	if c.Tied {
		w.embed = w.head
	}
	return w, nil
}

// layers returns the weights of a group, flat.
func (w *weights) layers(g group) []*tensors.Tensor {
	var out []*tensors.Tensor
	for l := g.from; l < g.to; l++ {
		for _, t := range w.parts[l] {
			if t != nil {
				out = append(out, t)
			}
		}
	}
	return out
}

func (w *weights) close() {
	seen := map[*tensors.Tensor]bool{nil: true} // a tensor may be listed twice, or not be loaded
	end := func(ts ...*tensors.Tensor) {
		for _, t := range ts {
			if !seen[t] {
				seen[t] = true
				t.MustFinalizeAll()
			}
		}
	}
	end(w.embed, w.final, w.head)
	for _, p := range w.parts {
		end(p[:]...)
	}
	for _, m := range w.packed {
		_ = m.Close()
	}
	w.packed = nil
}

// keep remembers a packed matrix, to read it and to end it with the others.
func (w *weights) keep(t *tensors.Tensor, m *kernel.Matrix) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.packed[t] = m
}

// rows calls f with each row of a matrix; f must not keep it.
func (w *weights) rows(t *tensors.Tensor, f func(i int, row []float32)) error {
	n, k := t.Shape().Dim(0), t.Shape().Dim(1)
	if m := w.packed[t]; m != nil {
		row := make([]float32, k)
		for i := range n {
			m.Row(i, row)
			f(i, row)
		}
		return nil
	}
	return read(t, func(x []float32) {
		for i := range n {
			f(i, x[i*k:][:k])
		}
	})
}

// sized reports a tensor of another size than the config asks for.
func sized(name string, have int, dims ...int) error {
	if want := size(dims); have != want {
		return seam.Errorf(seam.BadModel, "open", "tensor %s has %d numbers, config.json asks for %v, %d", name, have, dims, want).
			Try("get the model again; its files do not belong together")
	}
	return nil
}

func size(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}
