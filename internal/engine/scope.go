package engine

import (
	"context"
	"runtime"

	"github.com/gomlx/gomlx/core/tensors"
)

// scope owns the device tensors that one call makes. Whatever the call has not freed is freed when it ends, also when it
// ends early.
type scope struct {
	e    *Engine
	ctx  context.Context //nolint:containedctx // of the call, with which a scope ends
	task string
	live map[*tensors.Tensor]struct{}

	large    bool   // garbage is collected between graphs
	giveBack func() // the memory that the call was lent
}

// scope begins the work of a call that takes the memory d. It waits where that is lent to others; the error is that it will
// not fit, or ctx's.
func (e *Engine) scope(ctx context.Context, task string, d demand) (*scope, error) {
	s := &scope{e: e, ctx: ctx, task: task, live: map[*tensors.Tensor]struct{}{}, giveBack: func() {}}
	return s, s.lend(d)
}

// own takes over tensors.
func (s *scope) own(ts ...*tensors.Tensor) {
	for _, t := range ts {
		s.live[t] = struct{}{}
	}
	s.e.live.Add(int64(len(ts)))
}

// upload copies data to a new tensor of the scope.
func upload[T number](s *scope, data []T, dims ...int) (*tensors.Tensor, error) {
	t, err := newTensor(s.e.backend, data, dims...)
	if err != nil {
		return nil, internal(s.task, err)
	}
	s.own(t)
	return t, nil
}

// keep gives tensors to the caller, who frees them and takes them off Engine.live.
func (s *scope) keep(ts ...*tensors.Tensor) {
	for _, t := range ts {
		delete(s.live, t)
	}
}

// free ends tensors of the scope; others (weights, tables) are left alone, so that one line can end all inputs of a call.
func (s *scope) free(ts ...*tensors.Tensor) {
	for _, t := range ts {
		if _, ok := s.live[t]; ok {
			delete(s.live, t)
			s.e.live.Add(-1)
			t.MustFinalizeAll()
		}
	}
}

func (s *scope) close() {
	for t := range s.live {
		s.free(t)
	}
	s.giveBack()
}

// run executes a graph unless the call's context is done; the scope owns its outputs.
func (s *scope) run(key graphKey, args ...[]*tensors.Tensor) ([]*tensors.Tensor, error) {
	if err := s.ctx.Err(); err != nil {
		return nil, err
	}
	exec, done, err := s.e.graphs.get(key)
	if err != nil {
		return nil, internal(s.task, err)
	}
	defer done()
	var all []any
	for _, a := range args {
		for _, t := range a {
			all = append(all, t)
		}
	}
	out, err := exec.Call(all...)
	if err != nil {
		return nil, internal(s.task, err)
	}
	s.own(out...)
	if s.large {
		runtime.GC() // what the graph let go is not counted on top of what the next one takes
	}
	return out, nil
}
