package resident

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/neuronsteer/neuronsteer/internal/build"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Status asks the session's process about itself. running is false when there is none; none is started.
func (s Session) Status(ctx context.Context) (st Status, running bool, err error) {
	c, err := s.dial(ctx, "")
	if errors.Is(err, errNobody) {
		return Status{}, false, nil
	}
	if err != nil {
		return Status{}, false, err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	f, err := c.ask(TypeStatus, TypeStatus)
	if ctx.Err() != nil {
		return Status{}, false, ctx.Err()
	}
	if err != nil || f.Status == nil {
		return Status{}, false, engine.Errorf(engine.Lost, "resident", "the engine's process did not tell its status: %v", err)
	}
	return *f.Status, true, nil
}

// Stop tells the session's process to cancel what it does and leave, and waits until it has gone. stopped is false when
// there was none.
func (s Session) Stop(ctx context.Context) (stopped bool, err error) {
	c, err := s.dial(ctx, "")
	if errors.Is(err, errNobody) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	defer c.limit()()
	if err := c.Send(Frame{Type: TypeStop}); err != nil {
		return true, ctx.Err() // it has gone before
	}
	for {
		if _, err := c.Receive(); err != nil { // the connection ends with the process
			if ctx.Err() != nil {
				return false, ctx.Err()
			}
			if errors.Is(err, errFrame) || errors.Is(err, os.ErrDeadlineExceeded) {
				return false, engine.Errorf(engine.Lost, "resident", "the engine's process does not leave: %v", err).Try("restart the kernel")
			}
			return true, nil
		}
	}
}

// Ping asks for a sign of life.
func (c *Conn) Ping() error {
	_, err := c.ask(TypePing, TypePong)
	return err
}

// ask sends a frame without a body and returns the answer of the given type.
func (c *Conn) ask(question, answer string) (Frame, error) {
	defer c.limit()()
	if err := c.Send(Frame{Type: question}); err != nil {
		return Frame{}, err
	}
	for {
		f, err := c.Receive()
		if err != nil {
			return Frame{}, err
		}
		switch f.Type {
		case answer:
			return f, nil
		case TypeLeaving:
			return Frame{}, io.EOF
		}
	}
}

// OwnBuild returns the build ID of the running program, "" if it cannot be told.
func OwnBuild() string {
	id, _ := build.OwnID()
	return id
}
