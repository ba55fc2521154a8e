package resident

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"github.com/neuronsteer/neuronsteer/internal/lock"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// errNobody says that no process serves the session.
var errNobody = errors.New("nobody answers")

// dial connects to the process that serves the session. errNobody: there is none.
func (s Session) dial(ctx context.Context, id string) (*Conn, error) {
	if _, err := os.Lstat(s.Folder); errors.Is(err, fs.ErrNotExist) {
		return nil, errNobody
	}
	if err := checkFolder(s.Folder); err != nil {
		return nil, err
	}
	nonce, err := s.nonce()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNobody
	}
	if err != nil {
		return nil, engine.Errorf(engine.NoEngine, "resident", "%v", err)
	}
	var d net.Dialer
	rw, err := d.DialContext(ctx, "unix", s.socket())
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if errors.Is(err, syscall.EAGAIN) { // many wait to be let in, and nobody lets them
			return nil, s.mute()
		}
		return nil, errNobody
	}
	stop := context.AfterFunc(ctx, func() { rw.Close() })
	defer stop()
	c, err := Greet(rw, Hello{Protocol: Protocol, Build: id, Nonce: nonce, PID: os.Getpid()})
	if err == nil {
		return c, nil
	}
	rw.Close()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, ErrForeign):
		return nil, engine.Errorf(engine.NoEngine, "resident", "%s is served by a process of another session, which is left alone", s.socket()).
			Try("restart the kernel")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, s.mute()
	case errors.Is(err, errFrame):
		return nil, engine.Errorf(engine.NoEngine, "resident", "who answers at %s speaks another language: %v", s.socket(), err).
			Try("restart the kernel")
	}
	return nil, errNobody // it was just leaving
}

// mute is the error of a process that is there and says nothing.
func (s Session) mute() error {
	return engine.Errorf(engine.Lost, "resident", "the engine's process does not answer; its log: %s", s.Log()).
		Try("restart the kernel, which ends it; finished results are kept")
}

// connect returns a connection to a process of this build, which is started if need be.
func (s Session) connect(ctx context.Context) (*Conn, error) {
	program, missing := s.Program, error(nil)
	if program == "" {
		program, missing = FindProgram()
	}
	id := "" // who cannot tell takes what serves: that program may have been moved since
	if missing == nil {
		id, _ = Build(ctx, program)
	}
	if c, err := s.dial(ctx, id); !errors.Is(err, errNobody) {
		if err != nil || current(c, id) {
			return c, err
		}
		c.Close()
	}
	if missing != nil {
		return nil, missing
	}
	if err := makeFolder(s.Folder); err != nil {
		return nil, err
	}
	unlock, err := lock.Within(ctx, filepath.Join(s.Folder, "start.lock"), startTime)
	if errors.Is(err, lock.ErrHeld) {
		return nil, engine.Errorf(engine.NoEngine, "resident", "somebody else is starting the engine's process: %v", err).
			Try("let that process go on, or end it, and run the cell again")
	}
	if err != nil {
		return nil, err
	}
	defer unlock()
	notice := ""
	switch c, err := s.dial(ctx, id); { // somebody may have been faster
	case err == nil && current(c, id):
		return c, nil
	case err == nil:
		notice = "The engine's process was of another build and has been replaced."
		err := dismiss(ctx, c)
		c.Close()
		if err != nil {
			return nil, err
		}
	case !errors.Is(err, errNobody):
		return nil, err
	default:
		if _, err := os.Lstat(s.socket()); err == nil { // who leaves in order takes the socket along
			notice = "The engine's process had ended unexpectedly and has been started again; finished results are kept. Its log: " + s.Log()
		}
	}
	if s.Starting != nil {
		s.Starting()
	}
	c, err := s.start(ctx, program, id)
	if err == nil && notice != "" && s.Notice != nil {
		s.Notice(notice)
	}
	return c, err
}

// current says whether the process behind c is the one that would be started now.
func current(c *Conn, id string) bool {
	return c.Peer.Protocol == Protocol && (id == "" || c.Peer.Build == id)
}

// dismiss tells a process to leave once it has nothing to do, and waits until it has let go of the session.
func dismiss(ctx context.Context, c *Conn) error {
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	defer c.limit()()
	err := c.Send(Frame{Type: TypeStop, Drain: true})
	for err == nil {
		var f Frame
		if f, err = c.Receive(); err == nil && f.Type == TypeLeaving {
			return nil
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return engine.Errorf(engine.NoEngine, "resident", "the engine's process is of another build and does not leave").Try("restart the kernel")
	}
	return nil // it has gone, which is what was asked for
}
