package server

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/fence"
	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// maxRequests is how many requests one connection may have running.
const maxRequests = 256

// connection serves one client until it hangs up.
func (s *server) connection(rw io.ReadWriteCloser) {
	defer rw.Close()
	c, err := resident.Accept(rw, resident.Hello{Protocol: resident.Protocol, Build: s.BuildID, Nonce: s.Nonce, PID: os.Getpid()})
	if err != nil {
		if !errors.Is(err, io.EOF) {
			s.logf("handshake: %v", err)
		}
		return
	}
	s.mu.Lock()
	s.conns[c] = true
	s.mu.Unlock()
	ctx, cancel := context.WithCancel(s.ctx)
	k := &client{server: s, conn: c, ctx: ctx, cancels: map[uint64]context.CancelFunc{}}
	k.read()
	cancel() // the client is gone, and so is what it wanted
	k.requests.Wait()
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
}

// client is a connection with its requests.
type client struct {
	server   *server
	conn     *resident.Conn
	ctx      context.Context //nolint:containedctx // done when the connection ends; requests arrive on it, not with one
	requests sync.WaitGroup

	mu      sync.Mutex
	cancels map[uint64]context.CancelFunc
}

// read answers frames until the connection ends.
func (k *client) read() {
	for {
		f, err := k.conn.Receive()
		if err != nil {
			if !errors.Is(err, io.EOF) && k.ctx.Err() == nil {
				k.server.logf("client %d: %v", k.conn.Peer.PID, err)
			}
			return
		}
		switch f.Type {
		case resident.TypeRun:
			k.begin(f)
		case resident.TypeCancel:
			k.mu.Lock()
			if cancel, ok := k.cancels[f.ID]; ok {
				cancel()
			}
			k.mu.Unlock()
		case resident.TypePing:
			err = k.conn.Send(resident.Frame{Type: resident.TypePong, ID: f.ID})
		case resident.TypeStatus:
			st := k.server.status()
			err = k.conn.Send(resident.Frame{Type: resident.TypeStatus, ID: f.ID, Status: &st})
		case resident.TypeStop:
			k.server.leave("told to by a client", f.Drain)
			err = k.conn.Send(resident.Frame{Type: resident.TypeLeaving, ID: f.ID})
		}
		if err != nil {
			return
		}
	}
}

// begin starts a request in a goroutine of its own.
func (k *client) begin(f resident.Frame) {
	if f.Run == nil {
		k.fail(f.ID, engine.Errorf(engine.BadRequest, "serve", "a request without its description"))
		return
	}
	if string(f.Run.Request.Settings) == "null" { // how JSON writes settings that are missing
		f.Run.Request.Settings = nil
	}
	ctx, cancel := context.WithCancel(k.ctx)
	k.mu.Lock()
	_, twice := k.cancels[f.ID]
	full := len(k.cancels) >= maxRequests
	if !twice && !full {
		k.cancels[f.ID] = cancel
	}
	k.mu.Unlock()
	if twice || full {
		cancel()
		k.fail(f.ID, engine.Errorf(engine.BadRequest, "serve", "request %d is already running, or %d are", f.ID, maxRequests))
		return
	}
	end := func() {
		cancel()
		k.mu.Lock()
		delete(k.cancels, f.ID)
		k.mu.Unlock()
	}
	if !k.server.begin() {
		end()
		_ = k.conn.Send(resident.Frame{Type: resident.TypeLeaving, ID: f.ID})
		return
	}
	k.requests.Go(func() {
		defer k.server.end()
		defer end()
		k.serve(ctx, f.ID, *f.Run)
	})
}

// serve runs a request and answers it.
func (k *client) serve(ctx context.Context, id uint64, run resident.Run) {
	start := time.Now()
	if k.conn.Send(resident.Frame{Type: resident.TypeAccepted, ID: id}) != nil {
		return
	}
	emit := func(e steer.Event) {
		// A client that cannot be written to has gone; read notices it and cancels.
		_ = k.conn.Send(resident.Frame{Type: resident.TypeEvent, ID: id, Event: &e})
	}
	var rec steer.Record
	err := k.server.defect(run.Request.Kind, fence.Call(func() (err error) {
		rec, err = k.server.models.run(ctx, run.Model, run.Request, emit)
		return err
	}))
	k.server.logf("%s on %s: %v, %v", run.Request.Kind, run.Model, time.Since(start).Round(time.Millisecond), outcome(err))
	if err != nil {
		if k.server.ctx.Err() != nil && errors.Is(err, context.Canceled) {
			err = engine.Errorf(engine.Lost, "resident", "the engine's process was told to stop").Try("run the cell again")
		}
		k.fail(id, err)
		return
	}
	answer := resident.Frame{Type: resident.TypeRecord, ID: id, Header: &rec.Header, Tensors: rec.Tensors}
	if k.server.Keep != nil { // even if the client is gone: what was computed is kept
		var path string
		err := k.server.defect("keep", fence.Call(func() (err error) {
			path, err = k.server.Keep(rec)
			return err
		}))
		if err != nil {
			k.server.logf("not kept: %v", err)
		} else if run.Store != "" && run.Store == k.server.Store {
			answer.Path, answer.Tensors = path, nil
		}
	}
	if err := k.conn.Send(answer); err != nil && ctx.Err() == nil {
		k.server.logf("client %d: %v", k.conn.Peer.PID, err)
		if e := (*engine.Error)(nil); errors.As(err, &e) { // too large for a frame; nothing was written
			k.fail(id, err)
		}
	}
}

// defect returns err, or where that is a panic an error that can be shown; the log has the rest.
func (s *server) defect(task string, err error) error {
	if p := (*fence.Panic)(nil); errors.As(err, &p) {
		s.logf("%s: %v\n%s", task, p, p.Stack)
		return engine.Errorf(engine.Internal, task, "%v", p)
	}
	return err
}

// fail answers a request with an error.
func (k *client) fail(id uint64, err error) {
	_ = k.conn.Send(resident.Frame{Type: resident.TypeError, ID: id, Errors: engine.Mistakes(err)})
}

func outcome(err error) string {
	if err == nil {
		return "done"
	}
	return err.Error()
}
