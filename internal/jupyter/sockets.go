package jupyter

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A Channel is one of the channels that carry requests and answers.
type Channel int

// The channels of requests. What is published has a channel of its own, which goes one way.
const (
	Shell Channel = iota
	Control
	Stdin
	channels
)

// Sockets are the sockets of one end of a kernel's connection. Its methods may be called from several goroutines.
type Sockets struct {
	key      string
	requests [channels]zmq4.Socket
	iopub    zmq4.Socket
	beat     zmq4.Socket // of a kernel

	sending [channels + 1]sync.Mutex
}

// Identity is what the sockets of Dial are called. A kernel sends questions for input to who sent the cell, by that name,
// so all have the same.
const Identity = "neuronsteer"

// quiet keeps the library from writing to the user's terminal.
var quiet = zmq4.WithLogger(slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)) //nolint:forbidigo // it is there to say nothing

// Listen opens the sockets of a kernel and echoes the heartbeat until Close.
func (c Connection) Listen(ctx context.Context) (*Sockets, error) {
	s := &Sockets{key: c.Key, iopub: zmq4.NewPub(ctx, quiet), beat: zmq4.NewRep(ctx, quiet)}
	ports := []int{c.Shell, c.Control, c.Stdin}
	for i := range s.requests {
		s.requests[i] = zmq4.NewRouter(ctx, quiet)
		if err := s.requests[i].Listen(c.address(ports[i])); err != nil {
			return nil, err
		}
	}
	if err := s.iopub.Listen(c.address(c.IOPub)); err != nil {
		return nil, err
	}
	if err := s.beat.Listen(c.address(c.Heartbeat)); err != nil {
		return nil, err
	}
	go func() {
		for {
			m, err := s.beat.Recv()
			if ctx.Err() != nil {
				return
			}
			if err == nil {
				err = s.beat.SendMulti(m)
			}
			if err != nil {
				time.Sleep(10 * time.Millisecond) // of one client; the others are served on
			}
		}
	}()
	return s, nil
}

// retry is how often a kernel that does not listen yet is asked.
const retry = 20 * time.Millisecond

// Dial connects to a kernel as its client and waits until it listens, or until ctx ends.
func (c Connection) Dial(ctx context.Context) (*Sockets, error) {
	opts := []zmq4.Option{quiet, zmq4.WithID(zmq4.SocketIdentity(Identity)), zmq4.WithDialerRetry(retry), zmq4.WithDialerMaxRetries(-1)}
	s := &Sockets{key: c.Key, iopub: zmq4.NewSub(ctx, opts...)}
	if err := s.iopub.SetOption(zmq4.OptionSubscribe, ""); err != nil {
		return nil, err
	}
	ports := []int{c.Shell, c.Control, c.Stdin}
	for i := range s.requests {
		s.requests[i] = zmq4.NewDealer(ctx, opts...)
		if err := s.requests[i].Dial(c.address(ports[i])); err != nil {
			return nil, err
		}
	}
	return s, s.iopub.Dial(c.address(c.IOPub))
}

// Receive waits for the next message of a channel. An error that is not of the socket's end is of one message.
func (s *Sockets) Receive(ch Channel) (*Message, error) { return s.receive(s.requests[ch]) }

// Published waits for the next message that a kernel publishes.
func (s *Sockets) Published() (*Message, error) { return s.receive(s.iopub) }

func (s *Sockets) receive(from zmq4.Socket) (*Message, error) {
	m, err := from.Recv()
	if err != nil {
		return nil, err
	}
	return Parse(m.Frames, s.key)
}

// Send sends a message. Whoever it is for may have gone, which is no error.
func (s *Sockets) Send(ch Channel, m *Message) {
	s.sending[ch].Lock()
	defer s.sending[ch].Unlock()
	_ = s.requests[ch].SendMulti(zmq4.NewMsgFrom(m.Frames(s.key)...))
}

// Publish sends a message to all who listen.
func (s *Sockets) Publish(m *Message) {
	s.sending[channels].Lock()
	defer s.sending[channels].Unlock()
	frames := m.Frames(s.key)
	if len(m.Route) == 0 { // a published message has a topic, and nobody reads it
		frames = append([][]byte{[]byte(m.Header.Type)}, frames...)
	}
	_ = s.iopub.SendMulti(zmq4.NewMsgFrom(frames...))
}

// Close closes the sockets. What was sent before is on its way.
func (s *Sockets) Close() {
	for _, x := range s.requests {
		_ = x.Close()
	}
	_ = s.iopub.Close()
	if s.beat != nil {
		_ = s.beat.Close()
	}
}
