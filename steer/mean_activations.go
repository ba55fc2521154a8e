package steer

import (
	"context"
	"errors"
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

// Of sets what is averaged: Neurons (default), Residual, MLP.
func (t MeanActivationsTask) Of(spaces ...Site) MeanActivationsTask {
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

// Model returns the model that the task is about.
func (t MeanActivationsTask) Model() *Model { return t.m }

// Run computes the means.
func (t MeanActivationsTask) Run(ctx context.Context) (Activations, error) { return run(ctx, t) }

// Result builds the means around fetch.
func (t MeanActivationsTask) Result(fetch func() Record) Activations {
	return Activations{newResult[message.ActivationsBody](fetch)}
}

// Request implements Task.
func (t MeanActivationsTask) Request() (Request, error) {
	edits, err := interventions("mean activations", t.edits)
	if !t.given && t.like.Chat {
		err = errors.Join(err, engine.Errorf(engine.BadSetting, "mean activations", "the texts that are taken when none are given are raw prompts").
			Try("leave out Chat, or give MeanActivations texts of your own"))
	}
	s := message.MeanActivationsSettings{Texts: message.RawPrompts(t.texts), Spaces: spaceSet(t.spaces), Edits: edits}
	for i := range s.Texts {
		s.Texts[i].Chat, s.Texts[i].System, s.Texts[i].Prefill = t.like.Chat, t.like.System, t.like.Prefill
	}
	return newRequest(s, nil, err)
}
