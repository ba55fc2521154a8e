package kernelproxy

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/jupyter"
	"github.com/neuronsteer/neuronsteer/internal/visible"
)

// A proxy is one kernel.
type proxy struct {
	front   *jupyter.Sockets // Jupyter's side
	kernel  *gonb            // nil where it could not be started
	tools   tools
	modules modules
	env     []string
	private string        // folder of this process, which is removed with it
	ready   chan struct{} // closed once cells can run, or cannot: see broken
	broken  error         // why not; to be read once ready is closed
	failed  atomic.Bool   // whether broken was said
	wait    wait

	mu        sync.Mutex
	inquiries map[string]*inquiry // by the request's ID; nil: over
	cells     map[string]*cell    // those that are with GoNB, by the request's ID
	memory    memory              // what they have declared and is kept
	names     func() names        // of the packages; read when first asked for
	history   history             // what earlier cells have declared and is gone
	queue     queue
	ending    atomic.Bool // a shutdown was asked for
	comms     comms
	editor    editor
}

// Run is a kernel: it serves the connection that a connection file of Jupyter's describes, until it is told to end, ctx
// ends, or GoNB does. Where GoNB cannot be started it serves all the same, and each cell says what is missing.
func Run(ctx context.Context, connectionFile string) error {
	c, err := jupyter.ReadConnection(connectionFile)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// Short, for the paths of sockets; a folder of temporary files that is too long for one is nobody's choice.
	private, err := os.MkdirTemp("", "nsk")
	if err != nil {
		return err
	}
	defer os.RemoveAll(private)
	p := &proxy{private: private, ready: make(chan struct{}), inquiries: map[string]*inquiry{}, cells: map[string]*cell{}, history: history{}, memory: fresh()}
	p.names = sync.OnceValue(func() names { return p.modules.list(value(p.env, "GOMODCACHE")) })
	p.queue.changed = make(chan struct{}, 1)
	if p.front, err = c.Listen(ctx); err != nil {
		return err
	}
	defer p.front.Close()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	go func() {
		for range interrupts {
			p.interrupt(nil)
		}
	}()
	over := make(chan struct{})
	go p.serve(ctx, jupyter.Shell, p.shell)
	go p.serve(ctx, jupyter.Control, func(_ context.Context, m *jupyter.Message) {
		if p.control(m) {
			close(over)
		}
	})
	go p.serve(ctx, jupyter.Stdin, func(_ context.Context, m *jupyter.Message) {
		if p.isReady() && p.kernel != nil {
			p.kernel.Send(jupyter.Stdin, m)
		}
	})
	if err := p.begin(ctx, filepath.Base(connectionFile), c.Key); err != nil {
		p.broken = err
	}
	close(p.ready)
	go p.run(ctx)
	if p.kernel == nil {
		select {
		case <-over:
		case <-ctx.Done():
		}
		return nil
	}
	defer p.editor.close()
	if p.broken == nil {
		go p.warm(ctx)
	}
	select {
	case <-p.kernel.ended:
		p.kernel.clean()
		if !p.ending.Load() && ctx.Err() == nil {
			return fmt.Errorf("gonb has ended unexpectedly; it says: %s", p.kernel.tail())
		}
		time.Sleep(20 * time.Millisecond) // its last words are on their way
		return nil
	case <-ctx.Done():
		p.kernel.stop()
		return nil
	}
}

// begin starts GoNB and makes it ready.
func (p *proxy) begin(ctx context.Context, name, key string) (err error) {
	if p.tools, err = findTools(); err != nil {
		return err
	}
	if p.modules, err = findModules(ctx, p.tools); err != nil {
		return err
	}
	p.env = p.tools.environment(os.Environ(), p.private, cacheFolder(), p.modules)
	kernel, err := startGonb(ctx, p.tools.gonb, p.private, name, key, p.env)
	if err != nil {
		return err
	}
	p.kernel = kernel
	for _, ch := range []jupyter.Channel{jupyter.Shell, jupyter.Control, jupyter.Stdin} {
		go p.answers(ctx, ch)
	}
	go p.published(ctx)
	return p.prepare(ctx)
}

func (p *proxy) isReady() bool {
	select {
	case <-p.ready:
		return true
	default:
		return false
	}
}

// serve hands what Jupyter sends on a channel to a function, in order.
func (p *proxy) serve(ctx context.Context, ch jupyter.Channel, do func(context.Context, *jupyter.Message)) {
	for ctx.Err() == nil {
		m, err := p.front.Receive(ch)
		if err == nil {
			do(ctx, m)
		}
	}
}

// answers hands on what GoNB answers.
func (p *proxy) answers(ctx context.Context, ch jupyter.Channel) {
	for ctx.Err() == nil {
		m, err := p.kernel.Receive(ch)
		if err != nil || p.own(m, false) {
			continue
		}
		if m.Header.Type != "execute_reply" || !p.finish(m) {
			p.front.Send(ch, m)
		}
	}
}

// published hands on what GoNB publishes.
func (p *proxy) published(ctx context.Context) {
	for ctx.Err() == nil {
		m, err := p.kernel.Published()
		if err != nil || p.own(m, true) {
			continue
		}
		if len(m.Route) > 0 && string(m.Route[0]) == jupyter.Identity {
			m = m.To(m.Route[1:])
		}
		if m = p.look(m); m != nil {
			p.front.Publish(m)
		}
	}
}

// control answers a request that goes ahead of the others. over: the kernel is to end.
func (p *proxy) control(m *jupyter.Message) (over bool) {
	switch m.Header.Type {
	case "shutdown_request":
		p.ending.Store(true)
		if p.isReady() && p.kernel != nil {
			p.kernel.Send(jupyter.Control, m)
			go func() { // GoNB leaves by itself
				p.kernel.leave()
			}()
			return false
		}
		var c struct {
			Restart bool `json:"restart"`
		}
		_ = m.Read(&c)
		p.front.Send(jupyter.Control, m.Answer("shutdown_reply", map[string]any{"status": "ok", "restart": c.Restart}))
		if p.kernel != nil {
			go p.kernel.stop()
			return false
		}
		return true
	case "interrupt_request":
		p.interrupt(m)
	case "kernel_info_request":
		p.info(jupyter.Control, m)
	default:
		if p.isReady() && p.kernel != nil {
			p.kernel.Send(jupyter.Control, m)
		}
	}
	return false
}

// interrupt stops the running cell, and those that wait do not run. m is the request, nil for a signal.
func (p *proxy) interrupt(m *jupyter.Message) {
	p.abort(p.queue.take())
	switch {
	case p.kernel == nil:
	case m == nil:
		_ = p.kernel.cmd.Process.Signal(syscall.SIGINT)
	case p.isReady():
		p.kernel.Send(jupyter.Control, m)
		return
	}
	if m != nil {
		p.front.Send(jupyter.Control, m.Answer("interrupt_reply", map[string]any{"status": "ok"}))
	}
}

// mistake returns what is said of an error in a notebook.
func mistake(err error) string { return visible.Stream(err.Error()) }
