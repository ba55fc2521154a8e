package resident

import (
	"bytes"
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
	errUnreadable = errors.New("its file cannot be read")
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
		case errors.Is(err, errNotBegun):
			return steer.Record{}, r.lost(err)
		case errors.Is(err, errUnreadable):
			return steer.Record{}, engine.Errorf(engine.Internal, "resident", "the engine's process does not send the record: %v", err).
				Try("nb.Stop(), then run the cell again")
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
		case errors.Is(err, os.ErrDeadlineExceeded):
			return steer.Record{}, r.session.mute()
		case begun:
			return steer.Record{}, r.lost(err)
		}
		return steer.Record{}, errNotBegun
	}
	const id = 1 // the only request on this connection
	c.expect(id)
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
			return r.record(f, run)
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

// record takes the record out of its frame, or out of the file that the frame names, and checks that it is the one that
// was asked for.
func (r *runner) record(f Frame, run Run) (steer.Record, error) {
	if f.Header == nil {
		return steer.Record{}, engine.Errorf(engine.Internal, "resident", "a record came without its header")
	}
	if !same(f.Header.Request, run.Request) {
		return steer.Record{}, engine.Errorf(engine.Internal, "resident", "the answer to another question came, of the kind %q", f.Header.Request.Kind).
			Try("nb.Stop(), then run the cell again")
	}
	if f.Header.Identity == (steer.Identity{}) {
		return steer.Record{}, engine.Errorf(engine.Internal, "resident", "a record came that does not say of which model it is")
	}
	if f.Path == "" {
		tensors := f.Tensors
		if tensors == nil {
			tensors = map[string]steer.Tensor{}
		}
		return steer.Record{Header: *f.Header, Tensors: tensors}, nil
	}
	// Only the file that holds this very record is opened, whatever the other side names.
	ref := f.Header.Request.Ref(f.Header.Identity)
	if run.Store == "" || f.Path != store.Path(run.Store, ref) {
		return steer.Record{}, fmt.Errorf("%w: it is said to be in %s", errUnreadable, f.Path)
	}
	rec, at, err := store.ReadFile(f.Path)
	if err == nil && at != ref {
		err = fmt.Errorf("it holds %s", at.Short())
	}
	if err != nil {
		return steer.Record{}, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return rec, nil
}

// same says whether two requests ask for the same. Settings are compared as JSON, or as they are where they are none.
func same(a, b steer.Request) bool {
	none := steer.Ref{}
	x, y := a.Ref(steer.Identity{}), b.Ref(steer.Identity{})
	return x == y && (x != none || a.Kind == b.Kind && a.Version == b.Version && bytes.Equal(a.Settings, b.Settings))
}

// lost says that the process has ended under a request.
func (r *runner) lost(err error) error {
	return engine.Errorf(engine.Lost, "resident", "the engine's process ended while it worked (%v); its log: %s", err, r.session.Log()).
		Try("run the cell again: a new process is started, and finished results are kept")
}
