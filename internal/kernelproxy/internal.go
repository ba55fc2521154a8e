package kernelproxy

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/jupyter"
)

// An inquiry is a request of the proxy's own to GoNB. Jupyter sees nothing of it.
type inquiry struct {
	reply     chan *jupyter.Message
	published chan struct{} // closed at the first message that was published because of it

	once sync.Once
	mu   sync.Mutex
	text strings.Builder
}

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
	q := &inquiry{reply: make(chan *jupyter.Message, 1), published: make(chan struct{})}
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
	if m.Header.Type == "stream" {
		var s struct{ Text string }
		if m.Read(&s) == nil {
			q.mu.Lock()
			q.text.WriteString(s.Text)
			q.mu.Unlock()
		}
	}
	return true
}
