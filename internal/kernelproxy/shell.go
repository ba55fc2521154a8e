package kernelproxy

import (
	"context"
	"runtime"

	"github.com/neuronsteer/neuronsteer/internal/build"
	"github.com/neuronsteer/neuronsteer/internal/jupyter"
)

// shell answers a request, or hands it on.
func (p *proxy) shell(ctx context.Context, m *jupyter.Message) {
	switch m.Header.Type {
	case "execute_request":
		if !p.isReady() {
			go p.announce(ctx, m)
		}
		p.queue.push(m)
	case "kernel_info_request":
		p.info(jupyter.Shell, m)
	case "complete_request":
		go p.complete(ctx, m)
	case "inspect_request":
		go p.inspect(ctx, m)
	case "is_complete_request": // of a console; GoNB does not answer
		p.answer(m, "is_complete_reply", map[string]any{"status": "unknown"})
	case "history_request":
		p.answer(m, "history_reply", map[string]any{"status": "ok", "history": []any{}})
	case "comm_info_request":
		p.answer(m, "comm_info_reply", map[string]any{"status": "ok", "comms": p.comms.list()})
	case "comm_open", "comm_msg", "comm_close":
		if !p.comm(ctx, m) {
			p.pass(m)
		}
	case "shutdown_request":
		p.control(m)
	default:
		p.pass(m)
	}
}

// pass hands on what is GoNB's.
func (p *proxy) pass(m *jupyter.Message) {
	if p.isReady() && p.kernel != nil {
		p.kernel.Send(jupyter.Shell, m)
	}
}

// answer answers a request that GoNB does not see.
func (p *proxy) answer(m *jupyter.Message, kind string, content any) {
	p.status(m, "busy")
	p.front.Send(jupyter.Shell, m.Answer(kind, content))
	p.status(m, "idle")
}

// info says what this kernel is, also while GoNB works or is made ready.
func (p *proxy) info(ch jupyter.Channel, m *jupyter.Message) {
	version, ok := build.Release()
	if !ok {
		version = "devel"
	}
	p.status(m, "busy")
	p.front.Send(ch, m.Answer("kernel_info_reply", map[string]any{
		"status": "ok", "protocol_version": "5.4", "implementation": "neuronsteer", "implementation_version": version,
		"banner": "Go with neuronsteer " + version + ": nb, plotting and steer are imported; GoNB " + gonbVersion + " runs the cells",
		"language_info": map[string]any{
			"name": "go", "version": runtime.Version(), "mimetype": "text/x-go", "file_extension": ".go",
			"pygments_lexer": "go", "codemirror_mode": "go", "nbconvert_exporter": "script",
		},
		"help_links": []any{map[string]any{"text": "neuronsteer", "url": "https://github.com/neuronsteer/neuronsteer"}, map[string]any{"text": "Go", "url": "https://go.dev/doc"}},
	}))
	p.status(m, "idle")
}
