package steer

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Capture asks for what is inside a model while it reads a prompt.
//
//	a, err := m.Capture("The capital of France is").From(steer.Residual, steer.Attention).Layers(4, 8).Run(ctx)
//	x := a.Row(steer.Residual, 5, -1)            // [D] after layer 5 at the last token
func (m *Model) Capture(prompt string) CaptureTask {
	return CaptureTask{m: m, prompt: message.Prompt{Text: prompt}, lo: 0, hi: -1}
}

// CaptureTask describes a capture. Its methods return changed copies.
type CaptureTask struct {
	m      *Model
	prompt message.Prompt
	spaces []Site
	lo, hi int
	edits  []Intervention
}

// From sets where to capture: Residual, MLP, MLPNeurons, Attention, Logits, Embedding. At least one is needed.
func (t CaptureTask) From(spaces ...Site) CaptureTask {
	t.spaces = append(slices.Clone(t.spaces), spaces...)
	return t
}

// Layers sets the layers to keep, both included; the default is all. Negative ones
// count from the end, −1 being the last.
func (t CaptureTask) Layers(lo, hi int) CaptureTask { t.lo, t.hi = lo, hi; return t }

// Chat renders the prompt as a user's turn of the model's chat template.
func (t CaptureTask) Chat() CaptureTask { t.prompt = t.prompt.InChat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t CaptureTask) System(s string) CaptureTask { t.prompt = t.prompt.WithSystem(s); return t }

// Prefill begins the answer of the chat template, and sets Chat.
func (t CaptureTask) Prefill(s string) CaptureTask { t.prompt = t.prompt.WithPrefill(s); return t }

// With adds interventions: what is captured is what the changed model computes, neurons after the change.
func (t CaptureTask) With(is ...Intervention) CaptureTask { t.edits = with(t.edits, is...); return t }

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t CaptureTask) Ablate(c Circuit) CaptureTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t CaptureTask) Scale(c Circuit, x float64) CaptureTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t CaptureTask) Model() *Model { return t.m }

// Run computes the activations.
func (t CaptureTask) Run(ctx context.Context) (Activations, error) { return run(ctx, t) }

// Result builds the activations around fetch.
func (t CaptureTask) Result(fetch func() Record) Activations {
	rec := newResult[message.ActivationsBody](fetch)
	return Activations{rec, under(t.edits, rec.header)}
}

// spaceSet returns spaces sorted, each once, so that their order does not change the address.
func spaceSet(spaces []Site) []Site {
	out := slices.Clone(spaces)
	slices.Sort(out)
	return slices.Compact(out)
}

// Request implements Task.
func (t CaptureTask) Request() (Request, error) {
	edits, err := interventions("capture", t.m, t.edits)
	s := message.CaptureSettings{Prompt: t.prompt, Spaces: spaceSet(t.spaces), Lo: t.lo, Hi: t.hi, Edits: edits}
	return newRequest(s, nil, err)
}
