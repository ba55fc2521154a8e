package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Options is what a server needs. Only Open and Nonce must be set.
type Options struct {
	// Open opens a model by name or path. A model is opened once and used by all; if it is an io.Closer it is closed at
	// the end. emit gets the progress of the one request that waits for the opening.
	Open func(ctx context.Context, ref string, emit func(steer.Event)) (steer.Runner, error)
	// Need estimates the bytes that a model will occupy, so that one which does not fit is refused before it is opened.
	Need func(ref string) (int64, error)
	// Keep writes a record to a file in the store and returns its path, before the record is answered. It returns no path for
	// one that it does not keep.
	Keep func(steer.Record) (path string, err error)
	// Hold declares the kernel's session in the store, so that nobody prunes what it uses while the server runs.
	Hold func(kernel int) error
	// Store is the folder that Keep writes to; who uses the same one is answered with the path.
	Store string

	KernelPID int           // process whose end ends the server; 0: none
	Idle      time.Duration // without a request it leaves after this long; 0: DefaultIdle
	BuildID   string
	Nonce     string
	Log       io.Writer // nil: none
}

// DefaultIdle is how long a server stays without being asked anything.
const DefaultIdle = 30 * time.Minute

// server is one run of Serve.
type server struct {
	Options
	started  time.Time
	listener net.Listener
	models   models
	ctx      context.Context //nolint:containedctx // done when everything must end; connections outlive the call that took them
	cancel   context.CancelFunc

	mu      sync.Mutex
	leaving bool
	running int           // requests
	served  int64         // requests that have ended
	last    time.Time     // the last time that running changed
	empty   chan struct{} // closed when leaving and running is zero
	conns   map[*resident.Conn]bool
	open    sync.WaitGroup // goroutines of connections
}

// Serve serves on l until there is a reason to leave. It closes l. Being asked to leave is no error.
func Serve(ctx context.Context, l net.Listener, o Options) error {
	if o.Open == nil || o.Nonce == "" {
		l.Close()
		return engine.Errorf(engine.Internal, "serve", "no way to open models, or no nonce")
	}
	if o.Idle <= 0 {
		o.Idle = DefaultIdle
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	s := &server{Options: o, started: time.Now(), last: time.Now(), listener: l,
		empty: make(chan struct{}), conns: map[*resident.Conn]bool{}}
	s.models.server, s.models.opening.Serial = s, true
	s.ctx, s.cancel = context.WithCancel(ctx)
	defer s.cancel()
	s.logf("pid %d serves %s for kernel %d, build %s", os.Getpid(), l.Addr(), o.KernelPID, o.BuildID)

	stop := context.AfterFunc(s.ctx, func() { s.leave("asked to end", false) }) //nolint:contextcheck // s.ctx descends from ctx
	defer stop()
	if o.KernelPID > 0 {
		if o.Hold != nil {
			if err := o.Hold(o.KernelPID); err != nil {
				s.logf("the session is not marked: %v", err)
			}
		}
		go func() {
			if waitProcess(s.ctx, o.KernelPID) {
				s.leave("the kernel has ended", false)
			}
		}()
	}
	go s.watch()

	err := s.accept() //nolint:contextcheck // likewise
	<-s.empty
	s.cancel()
	s.mu.Lock()
	abandoned := s.running
	s.mu.Unlock()
	if abandoned == 0 { // else they still use the models, and the process' end frees those
		s.models.close()
	}
	s.hangUp() // last: who has told us to leave waits for it
	s.logf("gone, %d requests abandoned", abandoned)
	return err
}

// accept takes connections until the listener is closed.
func (s *server) accept() error {
	for {
		rw, err := s.listener.Accept()
		if err == nil {
			s.open.Go(func() { s.connection(rw) })
			continue
		}
		s.mu.Lock()
		leaving := s.leaving
		s.mu.Unlock()
		if leaving {
			return nil
		}
		if errors.Is(err, net.ErrClosed) {
			s.leave("the listener was closed", false)
			return err
		}
		s.logf("accept: %v", err) // out of descriptors, say: some will be free again
		select {
		case <-s.ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// logf writes a line with the time.
func (s *server) logf(format string, args ...any) {
	fmt.Fprintf(s.Log, "%s %s\n", time.Now().Format("2006-01-02 15:04:05.000"), fmt.Sprintf(format, args...))
}
