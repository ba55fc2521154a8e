package gonbext

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"time"
)

// A process is what the cells of a notebook come down to: each runs in one of its own, which ends with the cell.
type process struct {
	screen func() screen
	exit   func(code int) // does not return

	ctx    context.Context //nolint:containedctx // the process is the scope: done when the kernel interrupts
	cancel context.CancelFunc
	watch  sync.Once    // the interrupt is watched from the first task on
	busy   sync.RWMutex // held for reading while a task runs
	ending sync.Mutex   // taken by whoever ends the process, and never given back

	used used // results, by the outputs that come from them
	kept kept // outputs, for a report of the session
}

// here is this process. Nothing of it is made before it is needed, since every cell pays for it.
var here = newProcess(sync.OnceValue(findScreen), os.Exit) //nolint:forbidigo // a cell that fails is a process that ends

func newProcess(s func() screen, exit func(int)) *process {
	p := &process{screen: s, exit: exit}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// interruptTime is how long a canceled task may take to let go of what it has open. The kernel kills after 5 s.
const interruptTime = 500 * time.Millisecond

// context returns the context of every task of this process and begins to watch for the kernel's interrupt.
func (p *process) context() context.Context {
	p.watch.Do(func() {
		c := make(chan os.Signal, 1)
		signal.Notify(c, os.Interrupt)
		go func() {
			<-c
			p.interrupt()
		}()
	})
	return p.ctx
}

// interrupt cancels what is running and ends the process with one line.
func (p *process) interrupt() {
	p.ending.Lock() // a card that follows from the cancellation is not shown
	p.cancel()
	done := make(chan struct{})
	go func() { p.busy.Lock(); close(done) }()
	select {
	case <-done:
	case <-time.After(interruptTime):
	}
	c := &card{title: words("interrupted")}
	p.end(c, 130)
}

// fail shows the card of an error and ends the process. Whoever comes second waits for the end: one card is shown.
func (p *process) fail(err error, at site) {
	if p.ctx.Err() != nil { // the interrupt's goroutine ends the process
		select {}
	}
	p.ending.Lock()
	p.end(errorCard(err, at), 1)
}

// end shows a last card. The lock is held and never given back.
func (p *process) end(c *card, code int) {
	s := p.screen()
	s.send(c.bundle())
	s.sync()
	p.exit(code)
}
