package steer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// MeanActivations asks for the mean activation of every neuron over all tokens of texts, a BOS included. Without texts it
// takes DiverseTexts, read as raw prompts. ToMean sets neurons to their means.
//
//	mean, err := m.MeanActivations(corpus...).Run(ctx)
func (m *Model) MeanActivations(texts ...string) MeanActivationsTask {
	t := MeanActivationsTask{m: m, texts: slices.Clone(texts), spaces: []engine.Site{engine.Neurons}}
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
	like   promptSpec
	spaces []engine.Site
	edits  []Intervention
}

// Of sets what is averaged: Neurons (default), Residual, MLP.
func (t MeanActivationsTask) Of(spaces ...engine.Site) MeanActivationsTask {
	t.spaces = slices.Clone(spaces)
	return t
}

// Chat renders each text as a user's turn of the model's chat template.
func (t MeanActivationsTask) Chat() MeanActivationsTask { t.like = t.like.chat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t MeanActivationsTask) System(s string) MeanActivationsTask {
	t.like = t.like.system(s)
	return t
}

// Prefill begins the answers of the chat template, and sets Chat.
func (t MeanActivationsTask) Prefill(s string) MeanActivationsTask {
	t.like = t.like.prefilled(s)
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
func (t MeanActivationsTask) Result(fetch func() Record) Activations { return Activations{fetch} }

const meanActivationsVersion = 1

type meanActivationsSettings struct {
	Texts  []promptSpec   `json:"texts"`
	Spaces []engine.Site  `json:"spaces"`
	Edits  []intervention `json:"edits"`
}

// check reports all mistakes that can be seen without a tokenizer.
func (s meanActivationsSettings) check() error {
	errs := []error{checkSpaces("mean activations", s.Spaces, ofVectors...), checkTexts("mean activations", s.Texts)}
	if len(s.Spaces) == 0 {
		errs = append(errs, engine.Errorf(engine.BadSetting, "mean activations", "Of() names nothing to average").Try("leave Of out, or Of(steer.Neurons)"))
	}
	return errors.Join(errs...)
}

func textName(i int) string { return fmt.Sprintf("text %d", i+1) }

// checkTexts reports what is wrong with a list of texts.
func checkTexts(task string, texts []promptSpec) error {
	if len(texts) == 0 {
		return engine.Errorf(engine.BadSetting, task, "there are no texts").Try("give some, e.g. steer.DiverseTexts()...")
	}
	var list mistakes
	for i, p := range texts {
		list.add(textName(i), p.check(task))
	}
	return list.join()
}

// Request implements Task.
func (t MeanActivationsTask) Request() (Request, error) {
	edits, err := interventions("mean activations", t.edits)
	if !t.given && t.like.Chat {
		err = errors.Join(err, engine.Errorf(engine.BadSetting, "mean activations", "the texts that are taken when none are given are raw prompts").
			Try("leave out Chat, or give MeanActivations texts of your own"))
	}
	s := meanActivationsSettings{rawPrompts(t.texts), spaceSet(t.spaces), edits}
	for i := range s.Texts {
		s.Texts[i].Chat, s.Texts[i].System, s.Texts[i].Prefill = t.like.Chat, t.like.System, t.like.Prefill
	}
	if err := errors.Join(s.check(), err); err != nil {
		return Request{}, err
	}
	return newRequest("mean-activations", meanActivationsVersion, s)
}

// executeMeanActivations computes a tensor for each space, [L,1,W].
func executeMeanActivations(ctx context.Context, e engine.Engine, text engine.Tokenizer, r Request, emit func(Event)) (Record, error) {
	const task = "mean activations"
	var s meanActivationsSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	if err := s.check(); err != nil {
		return Record{}, err
	}
	shape := e.Shape()
	tokens, warnings, err := readAll(text, shape, task, s.Texts, textName)
	if err := errors.Join(err, checkInterventions(task, shape, s.Edits)); err != nil {
		return Record{}, err
	}
	var capture engine.Site
	sums := map[engine.Site][]float64{} // [L,W] each
	for _, space := range s.Spaces {
		capture |= space
		sums[space] = make([]float64, shape.Layers*space.Width(shape))
	}
	count := 0
	for _, ts := range tokens {
		count += len(ts)
	}
	err = forwardEach(ctx, e, text, task, tokens, capture, s.Edits, emit, func(i int, f engine.ForwardResult) error {
		for _, space := range s.Spaces {
			addPositions(sums[space], f.At(space), len(tokens[i]), space.Width(shape))
		}
		return nil
	})
	if err != nil {
		return Record{}, err
	}
	tensors := map[string]Tensor{}
	for space, sum := range sums {
		mean := make([]float32, len(sum))
		for i, x := range sum {
			mean[i] = float32(x / float64(count))
		}
		if i := notFinite(mean); i >= 0 {
			return Record{}, engine.Errorf(engine.NotFinite, task, "layer %d gives a mean that is not finite (%v)", i/space.Width(shape), mean[i]).
				Try("the weights may be damaged: neuronsteer check")
		}
		tensors[space.String()] = Tensor{[]int{shape.Layers, 1, space.Width(shape)}, mean}
	}
	b := activationsBody{Shape: shape, Hi: shape.Layers - 1, Spaces: s.Spaces, Texts: len(s.Texts), Count: count, Edited: edited(s.Edits)}
	return record(b, warnings, tensors)
}

// addPositions adds rows [L,positions,W] to sum [L,W].
func addPositions(sum []float64, rows []float32, positions, w int) {
	for l := range len(sum) / w {
		to := sum[l*w:][:w]
		for t := range positions {
			for k, x := range rows[(l*positions+t)*w:][:w] {
				to[k] += float64(x)
			}
		}
	}
}
