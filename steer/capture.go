package steer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Capture asks for what is inside a model while it reads a prompt.
//
//	a, err := m.Capture("The capital of France is").Of(steer.Residual, steer.Attention).Layers(4, 8).Run(ctx)
//	x := a.Row(steer.Residual, 5, -1)            // [D] after layer 5 at the last token
func (m *Model) Capture(prompt string) CaptureTask {
	return CaptureTask{m: m, prompt: promptSpec{Text: prompt}, lo: 0, hi: -1}
}

// CaptureTask describes a capture. Its methods return changed copies.
type CaptureTask struct {
	m      *Model
	prompt promptSpec
	spaces []engine.Site
	lo, hi int
	edits  []Intervention
}

// Of sets what to capture: Residual, MLP, Neurons, Attention, Logits, Embedding. At least one is needed.
func (t CaptureTask) Of(spaces ...engine.Site) CaptureTask {
	t.spaces = append(slices.Clone(t.spaces), spaces...)
	return t
}

// Layers sets the layers to keep, both included; the default is all. A hi of −1 is the last layer.
func (t CaptureTask) Layers(lo, hi int) CaptureTask { t.lo, t.hi = lo, hi; return t }

// Chat renders the prompt as a user's turn of the model's chat template.
func (t CaptureTask) Chat() CaptureTask { t.prompt = t.prompt.chat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t CaptureTask) System(s string) CaptureTask { t.prompt = t.prompt.system(s); return t }

// Prefill begins the answer of the chat template, and sets Chat.
func (t CaptureTask) Prefill(s string) CaptureTask { t.prompt = t.prompt.prefilled(s); return t }

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
func (t CaptureTask) Result(fetch func() Record) Activations { return Activations{fetch} }

const captureVersion = 1

type captureSettings struct {
	Prompt promptSpec     `json:"prompt"`
	Spaces []engine.Site  `json:"spaces"` // sorted, each once
	Lo     int            `json:"lo"`
	Hi     int            `json:"hi"` // −1: the last layer
	Edits  []intervention `json:"edits"`
}

// check reports all mistakes that can be seen without a tokenizer.
func (s captureSettings) check() error {
	errs := []error{s.Prompt.check("capture"), checkLayers("capture", s.Lo, s.Hi)}
	if len(s.Spaces) == 0 {
		errs = append(errs, engine.Errorf(engine.BadSetting, "capture", "nothing is to be captured").Try("add Of(steer.Residual)"))
	}
	errs = append(errs, checkSpaces("capture", s.Spaces, engine.Residual, engine.MLP, engine.Neurons, engine.Attention, engine.Logits, engine.Embedding))
	return errors.Join(errs...)
}

func checkSpaces(task string, spaces []engine.Site, known ...engine.Site) error {
	var errs []error
	for i, s := range spaces {
		if !slices.Contains(known, s) {
			errs = append(errs, engine.Errorf(engine.BadSetting, task, "unknown space %q", s).Try("use some of %q", known))
		} else if slices.Contains(spaces[:i], s) {
			errs = append(errs, engine.Errorf(engine.BadRequest, task, "the space %q is named twice", s).Try("use the same version of neuronsteer on both sides"))
		}
	}
	return errors.Join(errs...)
}

// spaceSet returns spaces sorted, each once, so that their order does not change the address.
func spaceSet(spaces []engine.Site) []engine.Site {
	out := slices.Clone(spaces)
	slices.Sort(out)
	return slices.Compact(out)
}

// Request implements Task.
func (t CaptureTask) Request() (Request, error) {
	edits, err := interventions("capture", t.edits)
	s := captureSettings{t.prompt, spaceSet(t.spaces), t.lo, t.hi, edits}
	if err := errors.Join(s.check(), err); err != nil {
		return Request{}, err
	}
	return newRequest("capture", captureVersion, s)
}

// executeCapture computes a tensor for each space (activationsBody).
func executeCapture(ctx context.Context, e engine.Engine, text engine.Tokenizer, r Request, emit func(Event)) (Record, error) {
	var s captureSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	if err := s.check(); err != nil {
		return Record{}, err
	}
	shape := e.Shape()
	tokens, warnings, perr := s.Prompt.read(text, shape, "capture", 0)
	lo, hi, lerr := layerRange("capture", s.Lo, s.Hi, shape)
	if err := errors.Join(perr, lerr, checkInterventions("capture", shape, s.Edits)); err != nil {
		return Record{}, err
	}
	bos, T := startsWithBOS(text, tokens), len(tokens)
	edit, _ := compose(shape, s.Edits, T, bos)
	in := engine.Forward{IDs: [][]int32{ids(tokens)}, Edit: edit}
	for _, space := range s.Spaces {
		in.Capture |= space &^ engine.Logits
		in.AllLogits = in.AllLogits || space == engine.Logits
	}
	f, err := e.Forward(ctx, in, progress(emit, "forward"))
	if err != nil {
		return Record{}, fmt.Errorf("capture: %w", err)
	}
	tensors := map[string]Tensor{}
	for _, space := range s.Spaces {
		t := captured(space, f.At(space), shape, T, lo, hi)
		if i := notFinite(t.Data); i >= 0 {
			return Record{}, engine.Errorf(engine.NotFinite, "capture", "number %d of %s is not finite (%v)", i, space, t.Data[i]).
				Try("a multiplier may be too large, or the weights may be damaged: neuronsteer check")
		}
		tensors[space.String()] = t
	}
	b := activationsBody{Shape: shape, Lo: lo, Hi: hi, Spaces: s.Spaces, Tokens: tokens, BOS: bos, Edited: edited(s.Edits)}
	return record(b, warnings, tensors)
}

// captured cuts the layers lo..hi out of what the engine gave of a space.
func captured(space engine.Site, data []float32, shape engine.Shape, positions, lo, hi int) Tensor {
	var inner []int // sizes of a layer
	switch space {
	case engine.Logits:
		return Tensor{[]int{positions, shape.Vocab}, data}
	case engine.Embedding:
		return Tensor{[]int{positions, shape.Width}, data}
	case engine.Attention:
		inner = []int{shape.Heads, positions, positions}
	default:
		inner = []int{positions, space.Width(shape)}
	}
	n := 1
	for _, d := range inner {
		n *= d
	}
	if len(data) != shape.Layers*n { // an engine that does not do what it promises
		return Tensor{[]int{0}, nil}
	}
	return Tensor{append([]int{hi - lo + 1}, inner...), slices.Clone(data[lo*n : (hi+1)*n])}
}
