package engine

import (
	"context"
	"errors"
	"sync"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
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
}

// loadWeights reads and uploads every weight, several at a time.
func loadWeights(ctx context.Context, b compute.Backend, c decoder.Config, src Source, progress func(done, total int)) (*weights, error) {
	w := &weights{parts: make([][decoder.Parts]*tensors.Tensor, c.Layers)}
	type job struct {
		name string
		dims []int
		put  func(data []float32) error
	}
	into := func(dst **tensors.Tensor, dims ...int) func([]float32) error {
		return func(data []float32) (err error) { *dst, err = newTensor(b, data, dims...); return err }
	}
	table := []int{c.Vocab, c.Width}
	jobs := []job{{decoder.FinalNormName, []int{c.Width}, into(&w.final, 1, c.Width)}} // the longest come first
	if c.Tied {
		jobs = append(jobs, job{decoder.EmbedName, table, into(&w.head, c.Vocab, c.Width)})
	} else {
		jobs = append(jobs, job{decoder.HeadName, table, into(&w.head, c.Vocab, c.Width)}, job{decoder.EmbedName, table, into(&w.embed, c.Vocab, c.Width)})
	}
	for l := range c.Layers {
		for _, p := range c.Parts() {
			dims := p.Dims(c)
			shape := dims
			if len(dims) == 1 {
				shape = []int{1, dims[0]} // of the rank of what it multiplies
			}
			jobs = append(jobs, job{p.TensorName(c, l), dims, into(&w.parts[l][p], shape...)})
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
		data, err := src.Tensor(j.name)
		if err != nil {
			return err
		}
		if want := size(j.dims); len(data) != want {
			return seam.Errorf(seam.BadModel, "open", "tensor %s has %d numbers, config.json asks for %v, %d", j.name, len(data), j.dims, want).
				Try("get the model again; its files do not belong together")
		}
		if err := j.put(data); err != nil {
			return internal("open", err)
		}
		return nil
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
}

func size(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}
