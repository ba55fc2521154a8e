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

// Request implements Task.
func (t UniversalTask) Request() (Request, error) {
	s := message.UniversalSettings{Texts: t.texts}
	var errs []error
	if t.perLayer < 1 {
		errs = append(errs, engine.Errorf(engine.BadSetting, "universal", "PerLayer(%d) counts no neuron as active", t.perLayer).Try("use PerLayer(50)"))
	}
	if !(t.share > 0 && t.share <= 1) {
		errs = append(errs, engine.Errorf(engine.BadSetting, "universal", "In(%v) is no share of the texts", t.share).Try("use In(.8), above 0 and at most 1"))
	}
	return newRequest(s, nil, errs...)
}
