package resident

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// New returns a Runner that runs requests on the model that ref names, in the session's process. That is started by the
// first request. A path in ref is that of this process' working directory.
//
// Each request has a connection of its own, which ends with ctx: nothing else is needed to cancel it.
func New(s Session, ref string) steer.Runner {
	if strings.ContainsRune(ref, filepath.Separator) || strings.HasPrefix(ref, ".") {
		if abs, err := filepath.Abs(ref); err == nil {
			if _, err := os.Stat(abs); err == nil { // the process works elsewhere
				ref = abs
			}
		}
	}
	return &runner{s, ref}
}

type runner struct {
	session Session
	model   string
}

var (
	errNotBegun   = errors.New("the process left before the request began")
	errUnreadable = errors.New("the file with the record cannot be read")
)

// Run implements steer.Runner.
func (r *runner) Run(ctx context.Context, q steer.Request, emit func(steer.Event)) (steer.Record, error) {
	run := Run{Model: r.model, Request: q, Store: r.session.Store}
	for attempt := 0; ; attempt++ {
		if err := ctx.Err(); err != nil {
			return steer.Record{}, err
		}
		rec, err := r.once(ctx, run, emit)
		switch {
		case errors.Is(err, errNotBegun) && attempt < 4: // nothing is lost by asking the next process
		case errors.Is(err, errUnreadable) && run.Store != "": // pruned or damaged meanwhile: as numbers, then
			run.Store = ""
		case errors.Is(err, errNotBegun), errors.Is(err, errUnreadable):
			return steer.Record{}, r.lost(err)
		default:
			return rec, err
		}
	}
}

// once runs a request on one connection.
func (r *runner) once(ctx context.Context, run Run, emit func(steer.Event)) (steer.Record, error) {
	c, err := r.session.connect(ctx)
	if err != nil {
		return steer.Record{}, err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	begun := false
	fail := func(err error) (steer.Record, error) {
		switch {
		case ctx.Err() != nil:
			return steer.Record{}, ctx.Err()
		case errors.Is(err, errFrame):
			return steer.Record{}, engine.Errorf(engine.Internal, "resident", "%v", err)
		case begun:
			return steer.Record{}, r.lost(err)
		}
		return steer.Record{}, errNotBegun
	}
	const id = 1 // the only request on this connection
	if err := c.Send(Frame{Type: TypeRun, ID: id, Run: &run}); err != nil {
		if e := (*engine.Error)(nil); errors.As(err, &e) { // too large, and not sent
			return steer.Record{}, err
		}
		return fail(err)
	}
	for {
		f, err := c.Receive()
		if err != nil {
			return fail(err)
		}
		if f.ID != id {
			continue
		}
		switch f.Type {
		case TypeAccepted:
			begun = true
		case TypeEvent:
			if f.Event != nil && emit != nil && ctx.Err() == nil {
				emit(*f.Event)
			}
		case TypeRecord:
			if ctx.Err() != nil { // the process was faster than the cancellation; its result is kept
				return steer.Record{}, ctx.Err()
			}
			return record(f)
		case TypeError:
			if ctx.Err() != nil {
				return steer.Record{}, ctx.Err()
			}
			return steer.Record{}, f.Joined()
		case TypeLeaving:
			return fail(errNotBegun)
		}
	}
}

// record takes the record out of its frame, or out of the file that the frame names.
func record(f Frame) (steer.Record, error) {
	if f.Header == nil {
		return steer.Record{}, engine.Errorf(engine.Internal, "resident", "a record came without its header")
	}
	if f.Path == "" {
		tensors := f.Tensors
		if tensors == nil {
			tensors = map[string]steer.Tensor{}
		}
		return steer.Record{Header: *f.Header, Tensors: tensors}, nil
	}
	rec, ref, err := store.ReadFile(f.Path)
	if err == nil && ref != f.Header.Request.Ref(f.Header.Identity) {
		err = fmt.Errorf("it holds %s", ref.Short())
	}
	if err != nil {
		return steer.Record{}, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return rec, nil
}

// lost says that the process has ended under a request.
func (r *runner) lost(err error) error {
	return engine.Errorf(engine.Lost, "resident", "the engine's process ended while it worked (%v); its log: %s", err, r.session.Log()).
		Try("run the cell again: a new process is started, and finished results are kept")
}
