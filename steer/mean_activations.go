package steer

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// MeanActivations asks for the mean activation of every neuron over all tokens of texts, a BOS included. Without texts it
// takes DiverseTexts, read as raw prompts. ToMean sets neurons to their means.
//
//	mean, err := m.MeanActivations(corpus...).Run(ctx)
func (m *Model) MeanActivations(texts ...string) MeanActivationsTask {
	t := MeanActivationsTask{m: m, texts: slices.Clone(texts), spaces: []Site{engine.Neurons}}
	if len(texts) == 0 {
		t.texts, t.given = diverseTexts, false
	} else {
		t.given = true
	}
	return t
}

// MeanActivationsTask describes mean activations. Its methods return changed copies.
type MeanActivationsTask struct {
	m      *Model
	texts  []string
	given  bool // the texts are the caller's
	like   message.Prompt
	spaces []Site
	edits  []Intervention
}

// From sets what is averaged: MLPNeurons (default), Residual, MLP.
func (t MeanActivationsTask) From(spaces ...Site) MeanActivationsTask {
	t.spaces = slices.Clone(spaces)
	return t
}

// Chat renders each text as a user's turn of the model's chat template.
func (t MeanActivationsTask) Chat() MeanActivationsTask { t.like = t.like.InChat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t MeanActivationsTask) System(s string) MeanActivationsTask {
	t.like = t.like.WithSystem(s)
	return t
}

// Prefill begins the answers of the chat template, and sets Chat.
func (t MeanActivationsTask) Prefill(s string) MeanActivationsTask {
	t.like = t.like.WithPrefill(s)
	return t
}

// With adds interventions, which hold while the model reads the texts.
func (t MeanActivationsTask) With(is ...Intervention) MeanActivationsTask {
	t.edits = with(t.edits, is...)
	return t
}

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t MeanActivationsTask) Ablate(c Circuit) MeanActivationsTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t MeanActivationsTask) Scale(c Circuit, x float64) MeanActivationsTask {
	return t.With(Scale(c, x))
}

// Model returns the model that the task is about.
func (t MeanActivationsTask) Model() *Model { return t.m }

// Run computes the means.
func (t MeanActivationsTask) Run(ctx context.Context) (Activations, error) { return run(ctx, t) }

// Result builds the means around fetch.
func (t MeanActivationsTask) Result(fetch func() Record) Activations {
	rec := newResult[message.ActivationsBody](fetch)
	return Activations{rec, under(t.edits, rec.header)}
}

// Request implements Task.
func (t MeanActivationsTask) Request() (Request, error) {
	edits, err := interventions("mean activations", t.m, t.edits)
	s := message.MeanActivationsSettings{Texts: t.like.Texts(t.texts), Spaces: spaceSet(t.spaces), Edits: edits}
	return newRequest(s, nil, err, ownTexts("MeanActivations", t.given, t.like))
}
