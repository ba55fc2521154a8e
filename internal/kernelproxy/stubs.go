package kernelproxy

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/jupyter"
)

type editor struct{}

func (e *editor) start(*proxy) {}
func (e *editor) close()       {}
func (p *proxy) complete(ctx context.Context, m *jupyter.Message) {
	p.answer(m, "complete_reply", map[string]any{"status": "ok", "matches": []string{}, "cursor_start": 0, "cursor_end": 0, "metadata": map[string]any{}})
}
func (p *proxy) inspect(ctx context.Context, m *jupyter.Message) {
	p.answer(m, "inspect_reply", map[string]any{"status": "ok", "found": false, "data": map[string]any{}, "metadata": map[string]any{}})
}

func (p *proxy) remember() {}
