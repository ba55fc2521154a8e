package kernelproxy

import (
	"context"
	"sync"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/jupyter"
)

// A cell is an execute_request that was handed on.
type cell struct {
	code    string
	request *jupyter.Message
	done    chan string // gets the status of its end
	count   int         // its number in the notebook, once GoNB has taken it
	replied bool
	idle    bool
	address bool          // whether it printed where something lies in memory
	quiet   chan struct{} // closed when GoNB is idle again

	// Of a cell that does not compile: GoNB keeps none of its declarations.
	faults             []fault
	shown, reply, last *jupyter.Message // what is told of its end, kept back until p.tell
}

// A queue holds the cells that wait.
type queue struct {
	mu      sync.Mutex
	waiting []*jupyter.Message
	changed chan struct{}
}

func (q *queue) push(m *jupyter.Message) {
	q.mu.Lock()
	q.waiting = append(q.waiting, m)
	q.mu.Unlock()
	select {
	case q.changed <- struct{}{}:
	default:
	}
}

func (q *queue) next() *jupyter.Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		return nil
	}
	m := q.waiting[0]
	q.waiting = q.waiting[1:]
	return m
}

// take empties the queue.
func (q *queue) take() []*jupyter.Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.waiting
	q.waiting = nil
	return all
}

// run hands the cells to GoNB, one at a time.
func (p *proxy) run(ctx context.Context) {
	for ctx.Err() == nil {
		m := p.queue.next()
		if m == nil {
			select {
			case <-p.queue.changed:
				continue
			case <-ctx.Done():
				return
			}
		}
		if p.kernel == nil || p.kernel.dir() == "" {
			p.refuse(m)
			continue
		}
		if p.broken != nil && p.failed.CompareAndSwap(false, true) { // cells that need no package run all the same
			p.front.Publish(m.Answer("stream", map[string]any{"name": "stderr", "text": mistake(p.broken) + "\n"}))
		}
		p.execute(ctx, m)
	}
}

// execute hands one cell to GoNB and waits for its end.
func (p *proxy) execute(ctx context.Context, m *jupyter.Message) {
	var asked struct {
		Code string `json:"code"`
		Stop *bool  `json:"stop_on_error"`
	}
	_ = m.Read(&asked)
	c := &cell{code: asked.Code, request: m, done: make(chan string, 1), quiet: make(chan struct{})}
	p.mu.Lock()
	p.cells[m.Header.ID] = c
	p.mu.Unlock()
	p.announceCell(m, asked.Code)
	p.kernel.Send(jupyter.Shell, m)
	select {
	case status := <-c.done:
		if c.reply != nil {
			p.save(ctx, c)
		}
		if status == "error" && (asked.Stop == nil || *asked.Stop) {
			p.abort(p.queue.take())
		}
		if forgets(asked.Code) && p.broken == nil {
			_ = p.modules.write(p.kernel.dir())
			_ = p.importAll(ctx) // they have been found before
		}
	case <-p.kernel.ended:
	case <-ctx.Done():
	}
}

// save keeps what it can of a cell that does not compile, and tells its end.
func (p *proxy) save(ctx context.Context, c *cell) {
	select { // what it published came by another socket
	case <-c.quiet:
	case <-time.After(idleTime):
	}
	p.mu.Lock()
	at := c.faults
	p.mu.Unlock()
	p.tell(c, p.salvage(ctx, c, at))
}

// finish is told the end of a cell by its reply, which it makes the one that Jupyter gets. kept: that is told later.
func (p *proxy) finish(m *jupyter.Message) (kept bool) {
	p.mu.Lock()
	c := p.cells[m.Parent.ID]
	if c != nil {
		p.over(c, &c.replied)
	}
	p.mu.Unlock()
	if c == nil {
		return false
	}
	var reply struct {
		Status string `json:"status"`
	}
	_ = m.Read(&reply)
	if reply.Status == "error" && p.explain(m) {
		c.reply = m
	} else {
		p.mu.Lock()
		p.history.add(c.code)
		p.mu.Unlock()
		p.remember()
	}
	c.done <- reply.Status
	return c.reply != nil
}

// over notes that one of the two last messages of a cell has come: its reply, and that GoNB is idle. They come by two
// sockets, in any order. p is locked.
func (p *proxy) over(c *cell, which *bool) {
	*which = true
	if c.replied && c.idle {
		delete(p.cells, c.request.Header.ID)
	}
}

// abort answers cells that do not run.
func (p *proxy) abort(cells []*jupyter.Message) {
	for _, m := range cells {
		p.status(m, "busy")
		p.front.Send(jupyter.Shell, m.Answer("execute_reply", map[string]any{"status": "aborted", "execution_count": 0}))
		p.status(m, "idle")
	}
}

// refuse answers a cell of a kernel that has no GoNB.
func (p *proxy) refuse(m *jupyter.Message) {
	e := map[string]any{"ename": "not installed", "evalue": mistake(p.broken), "traceback": []string{mistake(p.broken)}}
	p.status(m, "busy")
	p.front.Publish(m.Answer("error", e))
	e["status"], e["execution_count"] = "error", 0
	p.front.Send(jupyter.Shell, m.Answer("execute_reply", e))
	p.status(m, "idle")
}

func (p *proxy) status(m *jupyter.Message, state string) {
	p.front.Publish(m.Answer("status", map[string]any{"execution_state": state}))
}
