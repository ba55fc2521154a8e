package steer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Universal finds the neurons that are active whatever the text: among the 50 largest |h| of their layer at the last token
// in at least four of five texts. Without a text it takes the reference implementation's twenty (DiverseTexts). Such
// neurons do much for every answer and little for one; leave them out with Scores.Without where that is wanted. Nothing is
// left out unless it is asked for.
//
//	always, err := m.Universal().Run(ctx)
//	praise := scores.Without(always).TopK(20)
func (m *Model) Universal(texts ...string) UniversalTask {
	if len(texts) == 0 {
		texts = diverseTexts
	}
	return UniversalTask{m: m, texts: slices.Clone(texts), perLayer: 50, share: .8}
}

// UniversalTask describes a search for neurons that are always active. Its methods return changed copies.
type UniversalTask struct {
	m        *Model
	texts    []string
	perLayer int
	share    float64
}

// PerLayer sets how many of the largest |h| of a layer count as active; the default is 50. It only selects from what was
// computed.
func (t UniversalTask) PerLayer(n int) UniversalTask { t.perLayer = n; return t }

// In sets in which share of the texts a neuron must be active; the default is .8. It only selects from what was computed.
func (t UniversalTask) In(share float64) UniversalTask { t.share = share; return t }

// Model returns the model that the task is about.
func (t UniversalTask) Model() *Model { return t.m }

// Run finds the set.
func (t UniversalTask) Run(ctx context.Context) (NeuronSet, error) { return run(ctx, t) }

// Result builds the set around fetch.
func (t UniversalTask) Result(fetch func() Record) NeuronSet {
	f := Frequencies{load: sync.OnceValue(func() frequencies { return frequenciesOf(fetch()) })}
	return f.PerLayer(t.perLayer).In(t.share).Set()
}

const universalVersion = 1

type universalSettings struct {
	Texts []string `json:"texts"`
}

// check reports all mistakes that can be seen without a tokenizer.
func (s universalSettings) check() error {
	if len(s.Texts) == 0 {
		return engine.Errorf(engine.BadSetting, "universal", "there are no texts").Try("give some, or none at all for the twenty of the reference: m.Universal()")
	}
	var list mistakes
	for i, p := range rawPrompts(s.Texts) {
		list.add(fmt.Sprintf("text %d", i+1), p.check("universal"))
	}
	return list.join()
}

// Request implements Task.
func (t UniversalTask) Request() (Request, error) {
	s := universalSettings{t.texts}
	errs := []error{s.check()}
	if t.perLayer < 1 {
		errs = append(errs, engine.Errorf(engine.BadSetting, "universal", "PerLayer(%d) counts no neuron as active", t.perLayer).Try("use PerLayer(50)"))
	}
	if !(t.share > 0 && t.share <= 1) {
		errs = append(errs, engine.Errorf(engine.BadSetting, "universal", "In(%v) is no share of the texts", t.share).Try("use In(.8), above 0 and at most 1"))
	}
	if err := errors.Join(errs...); err != nil {
		return Request{}, err
	}
	return newRequest("universal", universalVersion, s)
}

type universalBody struct {
	Shape engine.Shape `json:"shape"`
	Texts int          `json:"texts"`
}

// executeUniversal computes the tensor "neurons" [texts,L,F], h at the last token of each text.
func executeUniversal(ctx context.Context, e engine.Engine, text engine.Tokenizer, r Request, emit func(Event)) (Record, error) {
	var s universalSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	if err := s.check(); err != nil {
		return Record{}, err
	}
	shape := e.Shape()
	tokens, warnings, err := readAll(text, shape, "universal", rawPrompts(s.Texts), func(i int) string { return fmt.Sprintf("text %d", i+1) })
	if err != nil {
		return Record{}, err
	}
	L, F := shape.Layers, shape.Neurons
	last := make([]float32, len(tokens)*L*F) // [texts,L,F]
	err = forwardEach(ctx, e, text, "universal", tokens, engine.Neurons, nil, emit, func(i int, f engine.ForwardResult) error {
		h, T := f.At(engine.Neurons), len(tokens[i]) // [L,T,F]
		for l := range L {
			copy(last[(i*L+l)*F:][:F], h[(l*T+T-1)*F:])
		}
		return nil
	})
	if err != nil {
		return Record{}, err
	}
	if k := notFinite(last); k >= 0 {
		return Record{}, engine.Errorf(engine.NotFinite, "universal", "layer %d has an activation that is not a finite number (%v)", k/F%L, last[k]).
			Try("the weights may be damaged: neuronsteer check")
	}
	if len(tokens) < fewPrompts {
		warnings = append(warnings, fewOf(len(tokens), "texts"))
	}
	return record(universalBody{shape, len(tokens)}, warnings, map[string]Tensor{"neurons": {Shape: []int{len(tokens), L, F}, Data: last}})
}
