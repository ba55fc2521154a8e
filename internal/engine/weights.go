package engine

import (
	"context"
	"errors"
	"sync"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
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
	backend           compute.Backend
	embed, final      *tensors.Tensor                    // [V,D], [1,D]
	head              *tensors.Tensor                    // [V,D], the embedding itself where it is tied
	pieces            []*tensors.Tensor                  // the head in the layout of the forward pass
	forward, backward [][decoder.Parts][]*tensors.Tensor // [L], in the layout of either pass
	fwd, bwd          decoder.Layout                     // bwd is always OutIn
}

// loadWeights reads, transposes and uploads every weight, several at a time.
func loadWeights(ctx context.Context, b compute.Backend, c decoder.Config, src Source, opt Options, progress func(done, total int)) (*weights, error) {
	w := &weights{backend: b, fwd: decoder.OutIn, bwd: decoder.OutIn}
	if opt.twoCopies(c) {
		w.fwd = decoder.InOut
	}
	type job struct {
		name string
		dims []int
		put  func(data []float32) error
	}
	into := func(dst **tensors.Tensor, dims ...int) func([]float32) error {
		return func(data []float32) (err error) { *dst, err = newTensor(b, data, dims...); return err }
	}
	head := func(data []float32) (err error) {
		if w.head, err = newTensor(b, data, c.Vocab, c.Width); err != nil || w.fwd == decoder.OutIn {
			w.pieces = []*tensors.Tensor{w.head}
			return err
		}
		w.pieces, err = uploadPieces(b, data, c.Vocab, c.Width)
		return err
	}
	table := []int{c.Vocab, c.Width}
	jobs := []job{{decoder.FinalNormName, []int{c.Width}, into(&w.final, 1, c.Width)}} // the longest come first
	if c.Tied {
		jobs = append(jobs, job{decoder.EmbedName, table, head})
	} else {
		jobs = append(jobs, job{decoder.HeadName, table, head}, job{decoder.EmbedName, table, into(&w.embed, c.Vocab, c.Width)})
	}
	w.forward, w.backward = make([][decoder.Parts][]*tensors.Tensor, c.Layers), make([][decoder.Parts][]*tensors.Tensor, c.Layers)
	for l := range c.Layers {
		for p := range decoder.Parts {
			dims := p.Dims(c)
			jobs = append(jobs, job{p.TensorName(l), dims, func(data []float32) (err error) {
				shape := dims
				if len(dims) == 1 {
					shape = []int{1, dims[0]} // of the rank of what it multiplies
				}
				t, err := newTensor(b, data, shape...)
				if err != nil {
					return err
				}
				w.backward[l][p] = []*tensors.Tensor{t}
				w.forward[l][p] = w.backward[l][p]
				if len(dims) == 2 && w.fwd != w.bwd {
					w.forward[l][p], err = uploadPieces(b, data, dims[0], dims[1])
				}
				return err
			}})
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

// uploadPieces transposes the [out, in] matrix data and cuts it as decoder.InOut says.
func uploadPieces(b compute.Backend, data []float32, out, in int) (pieces []*tensors.Tensor, err error) {
	at := 0
	for _, n := range decoder.PieceWidths(in, out) {
		t, err := uploadTransposed(b, data[at*in:(at+n)*in], n, in)
		if err != nil {
			return pieces, err // what is there is freed with the rest
		}
		pieces = append(pieces, t)
		at += n
	}
	return pieces, nil
}

// uploadTransposed copies the [rows, cols] matrix data to a new [cols, rows] tensor on the device. Where host and device
// share memory it is written in place, which for the weights of a model saves a tenth of a second or more.
func uploadTransposed(b compute.Backend, data []float32, rows, cols int) (*tensors.Tensor, error) {
	if b.HasSharedBuffers() {
		buf, flat, err := b.NewSharedBuffer(0, shapes.Make(dtypes.Float32, cols, rows))
		if err != nil {
			return nil, err
		}
		if out, ok := flat.([]float32); ok {
			transpose(out, data, rows, cols)
			return tensors.FromBuffer(buf)
		}
	}
	out := make([]float32, len(data))
	transpose(out, data, rows, cols)
	return newTensor(b, out, cols, rows)
}

// layers returns the weights of a group for one of the passes, flat.
func (w *weights) layers(g group, backward bool) []*tensors.Tensor {
	all := w.forward
	if backward {
		all = w.backward
	}
	var out []*tensors.Tensor
	for l := g.from; l < g.to; l++ {
		for _, p := range all[l] {
			out = append(out, p...)
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
	end(w.pieces...)
	for l := range w.forward {
		for p := range decoder.Parts {
			end(w.forward[l][p]...)
			end(w.backward[l][p]...)
		}
	}
}

func size(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}
