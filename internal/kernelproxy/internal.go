package kernelproxy

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/jupyter"
)

// An inquiry is a request of the proxy's own to GoNB. Jupyter sees nothing of it.
type inquiry struct {
	reply     chan *jupyter.Message
	published chan struct{} // closed at the first message that was published because of it
	idle      chan struct{} // closed at the last one

	once sync.Once
	last sync.Once
	mu   sync.Mutex
	text strings.Builder
}

// idleTime is how long an answer waits for the last of what was published with it.
const idleTime = 2 * time.Second

// errEnded is of a kernel that has ended.
var errEnded = errors.New("the kernel has ended")

// ask sends a request of the proxy's own and returns the answer and what was written meanwhile.
func (p *proxy) ask(ctx context.Context, kind string, content any) (*jupyter.Message, string, error) {
	m := jupyter.New(kind, content)
	q := p.expect(m.Header.ID)
	defer p.forget(m.Header.ID)
	p.kernel.Send(jupyter.Shell, m)
	select {
	case r := <-q.reply:
		select { // what was published came by another socket, maybe later
		case <-q.idle:
		case <-time.After(idleTime):
		}
		q.mu.Lock()
		defer q.mu.Unlock()
		return r, q.text.String(), nil
	case <-p.kernel.ended:
		return nil, "", errEnded
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
}

func (p *proxy) expect(id string) *inquiry {
	q := &inquiry{reply: make(chan *jupyter.Message, 1), published: make(chan struct{}), idle: make(chan struct{})}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inquiries[id] = q
	return q
}

// forget keeps the request's name, so that what is published late stays unseen.
func (p *proxy) forget(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inquiries[id] = nil
}

// own says whether a message of GoNB's answers a request of the proxy's own, and keeps what it says.
func (p *proxy) own(m *jupyter.Message, published bool) bool {
	p.mu.Lock()
	q, ok := p.inquiries[m.Parent.ID]
	p.mu.Unlock()
	if q == nil {
		return ok
	}
	if !published {
		select {
		case q.reply <- m:
		default:
		}
		return true
	}
	q.once.Do(func() { close(q.published) })
	var s struct {
		Text  string
		State string `json:"execution_state"`
	}
	if m.Read(&s) == nil {
		q.mu.Lock()
		q.text.WriteString(s.Text)
		q.mu.Unlock()
		if s.State == "idle" {
			q.last.Do(func() { close(q.idle) })
		}
	}
	return true
}
