package steer

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Contrast scores neurons by how differently they are active on the two sides of pairs: mean over the positives minus mean
// over the negatives of h at the last token (contrastive neuron attribution, arXiv 2605.12290). It needs no target token,
// only forward passes; how much its neurons do for an answer is another question, which a sweep answers.
//
//	s, err := m.Contrast(steer.Pairs("sentiment-pairs.jsonl").Train()).Run(ctx)
func (m *Model) Contrast(pairs PairSet) ContrastTask { return ContrastTask{m: m, pairs: pairs} }

// ContrastTask describes a contrast. Its methods return changed copies.
type ContrastTask struct {
	m      *Model
	pairs  PairSet
	answer bool
	shared message.Prompt // chat settings for every pair
	edits  []Intervention
	view   view
}

// OverAnswer takes the mean over the answer in place of the last token: over the tokens of the prefill where there is one,
// else over those from where the two texts of a pair part.
func (t ContrastTask) OverAnswer() ContrastTask { t.answer = true; return t }

// Chat renders every prompt as a user's turn of the model's chat template. A pair may also ask for that itself.
func (t ContrastTask) Chat() ContrastTask { t.shared = t.shared.InChat(); return t }

// System sets the system prompt of the pairs that have none of their own, and Chat.
func (t ContrastTask) System(s string) ContrastTask { t.shared = t.shared.WithSystem(s); return t }

// Prefill begins the answer of the pairs that have none of their own, and sets Chat.
func (t ContrastTask) Prefill(s string) ContrastTask { t.shared = t.shared.WithPrefill(s); return t }

// ReferenceLayers presets a selection without layers 0 and 1, as the reference implementation selects.
func (t ContrastTask) ReferenceLayers() ContrastTask { t.view = t.view.within(2, everything); return t }

// With adds interventions, which hold while the activations are taken.
func (t ContrastTask) With(is ...Intervention) ContrastTask { t.edits = with(t.edits, is...); return t }

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t ContrastTask) Ablate(c Circuit) ContrastTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t ContrastTask) Scale(c Circuit, x float64) ContrastTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t ContrastTask) Model() *Model { return t.m }

// Run computes the scores.
func (t ContrastTask) Run(ctx context.Context) (Scores, error) { return run(ctx, t) }

// Result builds the scores [L,F] around fetch.
func (t ContrastTask) Result(fetch func() Record) Scores {
	return newScores(func() dense { return contrasted(fetch()) }, t.view).under(t.edits)
}

// Request implements Task.
func (t ContrastTask) Request() (Request, error) {
	pairs, rerr := t.pairs.Read()
	edits, err := interventions("contrast", t.m, t.edits)
	s := message.ContrastSettings{Pairs: pairSpecs(pairs), Answer: t.answer, Edits: edits}
	for i := range s.Pairs {
		s.Pairs[i].Positive = s.Pairs[i].Positive.Sharing(t.shared)
		s.Pairs[i].Negative = s.Pairs[i].Negative.Sharing(t.shared)
	}
	return newRequest(s, rerr, err)
}
