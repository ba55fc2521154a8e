package steer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Writes asks what the neurons of a circuit write: for each the tokens whose logits W_U·W_down[:,n] are largest and
// smallest, which it promotes and demotes where its activation is positive; where it is negative, the other way round. It
// is the direct path alone: the final norm and what later layers make of it are left out.
func (m *Model) Writes(c Circuit) WritesTask { return WritesTask{m, c, 10} }

// WritesTask describes the question what neurons write. Its methods return changed copies.
type WritesTask struct {
	m       *Model
	circuit Circuit
	top     int
}

// Top sets how many tokens are listed on each side; the default is 10.
func (t WritesTask) Top(n int) WritesTask { t.top = n; return t }

// Model returns the model that the task is about.
func (t WritesTask) Model() *Model { return t.m }

// Run computes the answer.
func (t WritesTask) Run(ctx context.Context) (Writes, error) { return run(ctx, t) }

// Result builds the answer around fetch.
func (t WritesTask) Result(fetch func() Record) Writes {
	return Writes{newResult[message.WritesBody](fetch)}
}

// Request implements Task.
func (t WritesTask) Request() (Request, error) {
	ns, err := t.circuit.neuronsOn(t.m)
	return newRequest(message.WritesSettings{Neurons: ns, Top: t.top}, err)
}

// A Written is what one neuron writes.
type Written struct {
	Neuron
	Norm     float64    `json:"norm"`     // of W_down[:,n]
	Promoted []Weighted `json:"promoted"` // largest weight first
	Demoted  []Weighted `json:"demoted"`  // smallest weight first
}

// Weighted is a token with a weight.
type Weighted struct {
	Token
	Weight float64 `json:"weight"` // change of the token's logit per unit of activation
}

// Writes says what neurons write.
type Writes struct{ rec result[message.WritesBody] }

// All returns what each neuron writes, ordered by layer and index.
func (w Writes) All() []Written {
	return each(w.rec.body().Written, func(x message.Written) Written {
		weighted := func(w message.Weighted) Weighted { return Weighted(w) }
		return Written{x.Neuron, x.Norm, each(x.Promoted, weighted), each(x.Demoted, weighted)}
	})
}

// Of returns what one neuron writes; ok is false for one that was not asked about.
func (w Writes) Of(n Neuron) (x Written, ok bool) {
	all := w.All()
	i := slices.IndexFunc(all, func(x Written) bool { return x.Neuron == n })
	if i < 0 {
		return Written{}, false
	}
	return all[i], true
}

// String lists what each neuron promotes and demotes.
func (w Writes) String() string {
	var b strings.Builder
	for _, x := range w.All() {
		fmt.Fprintf(&b, "%v  + %s\n%*s  − %s\n", x.Neuron, quotedList(x.Promoted), len(x.Neuron.String()), "", quotedList(x.Demoted))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func quotedList(ts []Weighted) string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = quoteText(t.Bytes())
	}
	return strings.Join(out, " ")
}
