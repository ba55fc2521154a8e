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
	k := &client{server: s, conn: c, ctx: ctx, cancels: map[uint64]context.CancelFunc{}, replies: make(chan resident.Frame, maxReplies)}
	k.requests.Go(k.write)
	k.read()
	cancel() // the client is gone, and so is what it wanted
	c.Close()
	close(k.replies)
	k.requests.Wait()
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
}

// maxReplies is how many short answers may wait for a client to take them; one that asks on and takes none is cut off.
const maxReplies = 1024

// client is a connection with its requests.
type client struct {
	server   *server
	conn     *resident.Conn
	ctx      context.Context //nolint:containedctx // done when the connection ends; requests arrive on it, not with one
	requests sync.WaitGroup
	replies  chan resident.Frame // what read answers; it never waits for who does not listen

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
			err = k.begin(f)
		case resident.TypeCancel:
			k.mu.Lock()
			if cancel, ok := k.cancels[f.ID]; ok {
				cancel()
			}
			k.mu.Unlock()
		case resident.TypePing:
			err = k.reply(resident.Frame{Type: resident.TypePong, ID: f.ID})
		case resident.TypeStatus:
			st := k.server.status()
			err = k.reply(resident.Frame{Type: resident.TypeStatus, ID: f.ID, Status: &st})
		case resident.TypeStop:
			k.server.leave("told to by a client", f.Drain)
			err = k.reply(resident.Frame{Type: resident.TypeLeaving, ID: f.ID})
		}
		if err != nil {
			k.server.logf("client %d: %v", k.conn.Peer.PID, err)
			return
		}
	}
}

// errDeaf ends the connection of a client that asks and does not listen.
var errDeaf = errors.New("it does not take its answers")

// reply has a short answer sent, without waiting for that.
func (k *client) reply(f resident.Frame) error {
	select {
	case k.replies <- f:
		return nil
	default:
		return errDeaf
	}
}

// write sends what read answers, until there is no more.
func (k *client) write() {
	for f := range k.replies {
		_ = k.conn.Send(f) // a client that cannot be written to has gone; read notices it
	}
}

// begin starts a request in a goroutine of its own.
func (k *client) begin(f resident.Frame) error {
	if f.Run == nil {
		return k.refuse(f.ID, engine.Errorf(engine.BadRequest, "serve", "a request without its description"))
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
		return k.refuse(f.ID, engine.Errorf(engine.BadRequest, "serve", "request %d is already running, or %d are", f.ID, maxRequests))
	}
	end := func() {
		cancel()
		k.mu.Lock()
		delete(k.cancels, f.ID)
		k.mu.Unlock()
	}
	if !k.server.begin() {
		end()
		return k.reply(resident.Frame{Type: resident.TypeLeaving, ID: f.ID})
	}
	k.requests.Go(func() {
		defer k.server.end()
		defer end()
		k.serve(ctx, f.ID, *f.Run)
	})
	return nil
}

// refuse answers a request that does not begin.
func (k *client) refuse(id uint64, err error) error {
	return k.reply(resident.Frame{Type: resident.TypeError, ID: id, Errors: engine.Mistakes(err)})
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
		} else if path != "" && run.Store != "" && run.Store == k.server.Store {
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
