package engine

import (
	"math"
	"sync"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
)

// tables keeps the rotary tables and masks of the batch shapes last used. They are repeated to their full shape on the
// host, because the Go backend broadcasts slowly.
type tables struct {
	cfg     decoder.Config
	backend compute.Backend
	mu      sync.Mutex
	kept    []*tableSet // the latest used last
}

// maxTables bounds how many batch shapes are kept.
const maxTables = 16

type tableSet struct {
	b, t    int
	tensors []*tensors.Tensor // in the order of decoder.Tables
	users   int
	gone    bool // dropped from kept: freed when the last user is done
}

func newTables(c decoder.Config, b compute.Backend) *tables { return &tables{cfg: c, backend: b} }

// get returns the tables of b prompts of t positions; done says that the caller needs them no more.
func (ts *tables) get(b, t int) (set []*tensors.Tensor, done func(), err error) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	var s *tableSet
	for i, k := range ts.kept {
		if k.b == b && k.t == t {
			s = k
			ts.kept = append(append(ts.kept[:i:i], ts.kept[i+1:]...), s)
			break
		}
	}
	if s == nil {
		s = &tableSet{b: b, t: t}
		if s.tensors, err = makeTables(ts.cfg, ts.backend, b, 0, t); err != nil {
			return nil, nil, err
		}
		ts.kept = append(ts.kept, s)
		if len(ts.kept) > maxTables {
			old := ts.kept[0]
			ts.kept = ts.kept[1:]
			old.gone = true
			old.free()
		}
	}
	s.users++
	return s.tensors, func() {
		ts.mu.Lock()
		defer ts.mu.Unlock()
		s.users--
		s.free()
	}, nil
}

// free ends the tensors once nobody can use them any more.
func (s *tableSet) free() {
	if s.gone && s.users == 0 {
		for _, t := range s.tensors {
			t.MustFinalizeAll()
		}
		s.tensors = nil
	}
}

func (ts *tables) close() {
	for _, s := range ts.kept {
		s.gone = true
		s.free()
	}
	ts.kept = nil
}

// makeTables uploads the tables of b prompts of t positions from start on; the mask is left out where start is not 0.
func makeTables(c decoder.Config, be compute.Backend, b, start, t int) (out []*tensors.Tensor, err error) {
	put := func(data []float32, dims ...int) {
		if err != nil {
			return
		}
		var x *tensors.Tensor
		if x, err = upload(be, data, dims...); err == nil {
			out = append(out, x)
		}
	}
	qc, qs := c.RopeTable(b, start, t, c.Heads, 1/math.Sqrt(float64(c.HeadDim)))
	kc, ks := c.RopeTable(b, start, t, c.KVHeads, 1)
	put(qc, b, t, c.Heads, c.HeadDim)
	put(qs, b, t, c.Heads, c.HeadDim)
	put(kc, b, t, c.KVHeads, c.HeadDim)
	put(ks, b, t, c.KVHeads, c.HeadDim)
	if start == 0 {
		put(c.CausalMask(b, t), b*c.KVHeads, c.Group()*t, t)
	}
	if err != nil {
		for _, x := range out {
			x.MustFinalizeAll()
		}
		return nil, err
	}
	return out, nil
}
