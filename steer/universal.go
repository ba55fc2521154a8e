package steer

import (
	"context"
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
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
	t := UniversalTask{m: m, texts: slices.Clone(texts), given: len(texts) > 0, perLayer: 50, share: .8}
	if !t.given {
		t.texts = diverseTexts
	}
	return t
}

// UniversalTask describes a search for neurons that are always active. Its methods return changed copies.
type UniversalTask struct {
	m        *Model
	texts    []string
	given    bool           // the texts are the caller's
	like     message.Prompt // chat settings of every text
	edits    []Intervention
	perLayer int
	share    float64
}

// PerLayer sets how many of the largest |h| of a layer count as active; the default is 50. It only selects from what was
// computed.
func (t UniversalTask) PerLayer(n int) UniversalTask { t.perLayer = n; return t }

// In sets in which share of the texts a neuron must be active; the default is .8. It only selects from what was computed.
func (t UniversalTask) In(share float64) UniversalTask { t.share = share; return t }

// Chat renders each text as a user's turn of the model's chat template.
func (t UniversalTask) Chat() UniversalTask { t.like = t.like.InChat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t UniversalTask) System(s string) UniversalTask { t.like = t.like.WithSystem(s); return t }

// Prefill begins the answers of the chat template, and sets Chat.
func (t UniversalTask) Prefill(s string) UniversalTask { t.like = t.like.WithPrefill(s); return t }

// With adds interventions, which hold while the model reads the texts.
func (t UniversalTask) With(is ...Intervention) UniversalTask {
	t.edits = with(t.edits, is...)
	return t
}

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t UniversalTask) Ablate(c Circuit) UniversalTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t UniversalTask) Scale(c Circuit, x float64) UniversalTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t UniversalTask) Model() *Model { return t.m }

// Run finds the set.
func (t UniversalTask) Run(ctx context.Context) (NeuronSet, error) { return run(ctx, t) }

// Result builds the set around fetch.
func (t UniversalTask) Result(fetch func() Record) NeuronSet {
	load := sync.OnceValue(func() frequencies { return frequenciesOf(fetch()) })
	f := Frequencies{load: load, conditions: under(t.edits, func() Header { return load().header })}
	return f.PerLayer(t.perLayer).In(t.share).Set()
}

// Request implements Task.
func (t UniversalTask) Request() (Request, error) {
	edits, err := interventions("universal", t.m, t.edits)
	errs := []error{err, ownTexts("Universal", t.given, t.like)}
	if t.perLayer < 1 {
		errs = append(errs, engine.Errorf(engine.BadSetting, "universal", "PerLayer(%d) counts no neuron as active", t.perLayer).Try("use PerLayer(50)"))
	}
	if !(t.share > 0 && t.share <= 1) {
		errs = append(errs, engine.Errorf(engine.BadSetting, "universal", "In(%v) is no share of the texts", t.share).Try("use In(.8), above 0 and at most 1"))
	}
	return newRequest(message.UniversalSettings{Texts: t.like.Texts(t.texts), Edits: edits}, nil, errs...)
}
