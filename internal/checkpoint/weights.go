package checkpoint

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// A file gives tensors, and rows of them, by the names that it has for them.
type file interface {
	Info(name string) (info tensorfile.Info, ok bool)
	Float32(name string) ([]float32, error)
	Float32Rows(name string, lo, hi int) ([]float32, error)
	RawRows(name string, lo, hi int) (format tensorfile.DType, stored []byte, err error)
	Close() error
}

// A place is where a tensor is: a file and its name there.
type place struct {
	file file
	name string
}

// weights gives a model's tensors by the names of its layout, however its files keep them: as they are, fused, with rows in
// another order, or as w of norms that multiply by 1+w.
type weights struct {
	files     []file
	at        map[string]place // by the names of the layout and of fusions
	closed    bool             // every tensor has a part in the computation: llama.cpp writes no others
	cuts      map[string]cut   // parts of what is stored as one
	onePlus   bool             // norms are w
	neighbors int              // width of a head, where rotary pairs are neighboring rows of q and k; else 0
}

// A cut is a part of a stored tensor: its rows from lo to hi.
type cut struct {
	whole  string
	lo, hi int
}

func (w *weights) names() []string { return slices.Sorted(maps.Keys(w.at)) }

func (w *weights) has(name string) bool { _, ok := w.at[name]; return ok }

// stored returns what a file says of a tensor that it keeps under this name.
func (w *weights) stored(name string) (tensorfile.Info, bool) {
	p, ok := w.at[name]
	if !ok {
		return tensorfile.Info{}, false
	}
	return p.file.Info(p.name)
}

// find returns where a tensor of the layout is, its shape, and, if it is a part of what is there, which.
func (w *weights) find(name string) (p place, shape []int, part *cut, err error) {
	stored := name
	if c, ok := w.cuts[name]; ok {
		stored, part = c.whole, &c
	}
	info, ok := w.stored(stored)
	if !ok || len(info.Shape) == 0 {
		return place{}, nil, nil, fmt.Errorf("no tensor %q", name)
	}
	if part != nil {
		info.Shape[0] = part.hi - part.lo
	}
	return w.at[stored], info.Shape, part, nil
}

func (w *weights) tensor(name string) (x []float32, err error) {
	p, shape, part, err := w.find(name)
	if err != nil {
		return nil, err
	}
	if part == nil {
		x, err = p.file.Float32(p.name)
	} else {
		x, err = p.file.Float32Rows(p.name, part.lo, part.hi)
	}
	switch {
	case err != nil:
		return nil, err
	case w.adds(name):
		return onePlus(x), nil
	case w.pairsAreNeighbors(name):
		return unpermute(x, w.neighbors, len(x)/shape[0]), nil
	}
	return x, nil
}

// size returns what raw would give, without reading it.
func (w *weights) size(name string) (format tensorfile.DType, n int64, err error) {
	p, shape, _, err := w.find(name)
	if err != nil {
		return "", 0, err
	}
	info, _ := p.file.Info(p.name)
	if w.adds(name) {
		info.DType = tensorfile.F32
	}
	n, err = tensorfile.Size(info.DType, shape)
	return info.DType, n, err
}

// raw moves whole rows of bytes, from lo to hi, where tensor moves rows of numbers: the blocks of the quantized types run along a row.
// Of rows in another order those of whole heads are read. A norm that tensor adds 1 to is float32.
func (w *weights) raw(name string, lo, hi int) (format tensorfile.DType, stored []byte, err error) {
	p, shape, part, err := w.find(name)
	if err != nil {
		return "", nil, err
	}
	if lo < 0 || lo >= hi || hi > shape[0] { // a part of what is stored as one has rows of others beside it
		return "", nil, fmt.Errorf("tensor %q has %d rows, not from %d to %d", name, shape[0], lo, hi)
	}
	if w.adds(name) {
		x, err := w.tensor(name)
		if err != nil {
			return "", nil, err
		}
		row := len(x) / shape[0]
		return tensorfile.F32, tensorfile.Bytes(x[lo*row : hi*row]), nil
	}
	from, to := lo, hi
	if w.pairsAreNeighbors(name) {
		from, to = lo/w.neighbors*w.neighbors, (hi+w.neighbors-1)/w.neighbors*w.neighbors
	}
	at := 0
	if part != nil {
		at = part.lo
	}
	if format, stored, err = p.file.RawRows(p.name, at+from, at+to); err != nil {
		return "", nil, err
	}
	row := len(stored) / (to - from)
	if w.pairsAreNeighbors(name) {
		stored = unpermute(stored, w.neighbors, row)
	}
	return format, stored[(lo-from)*row : (hi-from)*row], nil
}

func (w *weights) close() error {
	var err error
	for _, f := range w.files {
		err = errors.Join(err, f.Close())
	}
	return err
}

// adds says whether a tensor is that of a norm that multiplies by 1+w.
func (w *weights) adds(name string) bool { return w.onePlus && strings.HasSuffix(name, "norm.weight") }

// onePlus returns 1+w, rounded to float32 as Gemma's norms and llama.cpp's conversion of them do.
func onePlus(w []float32) []float32 {
	out := make([]float32, len(w)) // those of a file in memory are its own
	for i, v := range w {
		out[i] = 1 + v
	}
	return out
}

// pairsAreNeighbors says whether the rows of a tensor are in llama.cpp's order of rotary pairs.
func (w *weights) pairsAreNeighbors(name string) bool {
	return w.neighbors > 0 && (strings.Contains(name, ".q_proj.") || strings.Contains(name, ".k_proj."))
}

// unpermute puts the rows of a q or k matrix, w [heads·headDim, width], into Hugging Face's order. Both rotate pairs of
// a head's rows; llama.cpp's are (2i, 2i+1), Hugging Face's (i, i+headDim/2).
func unpermute[T any](w []T, headDim, width int) []T {
	out := make([]T, len(w))
	for r := range len(w) / width {
		head, d := r/headDim*headDim, r%headDim // row r of the result is row d of its head
		from := head + 2*d
		if d >= headDim/2 {
			from = head + 2*(d-headDim/2) + 1
		}
		copy(out[r*width:(r+1)*width], w[from*width:(from+1)*width])
	}
	return out
}
