package kernelproxy

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/jupyter"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Target is what comms are addressed to.
const Target = "neuronsteer"

// commProtocol is the version of the messages above.
const commProtocol = 1

// eventTime is the least time between two events of a run that bring no token.
const eventTime = 50 * time.Millisecond

// comms are those that are open, by their ID.
type comms struct {
	mu   sync.Mutex
	open map[string]*channel
}

// A channel is one open comm.
type channel struct {
	id   string
	runs map[float64]context.CancelFunc
	slot map[string]float64 // the last run of each slot
}

// list is the content of a comm_info_reply.
func (c *comms) list() map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string]any{}
	for id := range c.open {
		out[id] = map[string]any{"target_name": Target}
	}
	return out
}

// comm takes a message of a comm. false: the comm is GoNB's.
func (p *proxy) comm(ctx context.Context, m *jupyter.Message) bool {
	var c struct {
		ID     string          `json:"comm_id"`
		Target string          `json:"target_name"`
		Data   json.RawMessage `json:"data"`
	}
	if m.Read(&c) != nil {
		return false
	}
	p.comms.mu.Lock()
	defer p.comms.mu.Unlock()
	ch := p.comms.open[c.ID]
	if m.Header.Type == "comm_open" && c.Target == Target && ch == nil {
		if p.comms.open == nil {
			p.comms.open = map[string]*channel{}
		}
		p.comms.open[c.ID] = &channel{id: c.ID, runs: map[float64]context.CancelFunc{}, slot: map[string]float64{}}
		p.say(m, c.ID, map[string]any{"type": "hello", "protocol": commProtocol})
		return true
	}
	switch {
	case ch == nil:
		return false
	case m.Header.Type == "comm_close":
		for _, cancel := range ch.runs {
			cancel()
		}
		delete(p.comms.open, c.ID)
	case m.Header.Type == "comm_msg":
		p.data(ctx, m, ch, c.Data)
	}
	return true
}

// A want is what a page sends.
type want struct {
	Type    string        `json:"type"`
	ID      float64       `json:"id"`
	Model   string        `json:"model"`
	Request steer.Request `json:"request"`
	Slot    string        `json:"slot"`
	Bare    bool          `json:"bare"` // tensors are left out
}

// data takes what a page sends. The comms are locked.
func (p *proxy) data(ctx context.Context, m *jupyter.Message, ch *channel, data json.RawMessage) {
	var w want
	if err := json.Unmarshal(data, &w); err != nil {
		p.say(m, ch.id, map[string]any{"type": "error", "id": w.ID, "text": err.Error(), "errors": []any{}})
		return
	}
	switch w.Type {
	case "cancel":
		if cancel := ch.runs[w.ID]; cancel != nil {
			cancel()
		}
	case "run":
		if before, ok := ch.slot[w.Slot]; ok && w.Slot != "" {
			if cancel := ch.runs[before]; cancel != nil {
				cancel()
			}
		}
		ch.slot[w.Slot] = w.ID
		ctx, cancel := context.WithCancel(ctx)
		ch.runs[w.ID] = cancel
		go func() {
			defer cancel()
			p.say(m, ch.id, p.outcome(ctx, m, ch.id, w))
			p.comms.mu.Lock()
			delete(ch.runs, w.ID)
			p.comms.mu.Unlock()
		}()
	default:
		p.say(m, ch.id, map[string]any{"type": "error", "id": w.ID, "text": "type is " + w.Type + ", want run or cancel", "errors": []any{}})
	}
}

// outcome runs a request and returns what the page is told of its end.
func (p *proxy) outcome(ctx context.Context, m *jupyter.Message, comm string, w want) map[string]any {
	var last time.Time
	rec, err := p.resident(ctx, w, func(e steer.Event) {
		if e.Token == "" && time.Since(last) < eventTime {
			return // a page draws no faster
		}
		last = time.Now()
		p.say(m, comm, map[string]any{"type": "event", "id": w.ID, "event": e})
	})
	switch {
	case ctx.Err() != nil:
		return map[string]any{"type": "canceled", "id": w.ID}
	case err != nil:
		return map[string]any{"type": "error", "id": w.ID, "text": mistake(err), "errors": engine.Mistakes(err)}
	}
	tensors := map[string]any{}
	for name, t := range rec.Tensors {
		if w.Bare {
			break
		}
		tensors[name] = map[string]any{"shape": t.Shape, "data": littleEndian(t.Data)}
	}
	return map[string]any{"type": "record", "id": w.ID, "header": rec.Header, "tensors": tensors}
}

// resident runs a request in the session's process, which is that of the cells.
func (p *proxy) resident(ctx context.Context, w want, emit func(steer.Event)) (steer.Record, error) {
	select {
	case <-p.ready:
	case <-ctx.Done():
		return steer.Record{}, ctx.Err()
	}
	if p.kernel == nil || p.kernel.dir() == "" {
		return steer.Record{}, p.broken
	}
	ref, err := modelref.Resolve(w.Model)
	if err != nil {
		return steer.Record{}, err
	}
	s, err := store.Open("")
	if err != nil {
		return steer.Record{}, err
	}
	session := resident.Of(p.kernel.dir(), p.kernel.cmd.Process.Pid)
	session.Program, session.Store = value(p.env, "NEURONSTEER_BIN"), s.Dir()
	return resident.New(session, ref.Ref()).Run(ctx, w.Request, emit)
}

// say sends data to the page.
func (p *proxy) say(m *jupyter.Message, comm string, data map[string]any) {
	p.front.Publish(m.Answer("comm_msg", map[string]any{"comm_id": comm, "data": data}))
}
