package steer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
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
func (t WritesTask) Result(fetch func() Record) Writes { return Writes{fetch} }

const writesVersion = 1

type writesSettings struct {
	Neurons []Neuron `json:"neurons"`
	Top     int      `json:"top"`
}

func (s writesSettings) check() error {
	var errs []error
	if s.Top < 1 {
		errs = append(errs, engine.Errorf(engine.BadSetting, "writes", "Top(%d) lists nothing", s.Top).Try("use Top(10)"))
	}
	if len(s.Neurons) == 0 {
		errs = append(errs, engine.Errorf(engine.BadSetting, "writes", "there is no neuron").Try("select some, e.g. TopK(20)"))
	}
	return errors.Join(errs...)
}

// Request implements Task.
func (t WritesTask) Request() (Request, error) {
	s := writesSettings{t.circuit.Neurons(), t.top}
	if err := s.check(); err != nil {
		return Request{}, err
	}
	return newRequest("writes", writesVersion, s)
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
	engine.Token
	Weight float64 `json:"weight"` // change of the token's logit per unit of activation
}

type writesBody struct {
	Written []Written `json:"written"`
}

func executeWrites(ctx context.Context, e engine.Engine, text engine.Tokenizer, r Request, emit func(Event)) (Record, error) {
	var s writesSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	if err := errors.Join(s.check(), checkNeurons("writes", e.Shape(), s.Neurons)); err != nil {
		return Record{}, err
	}
	var b writesBody
	const batch = 16 // each gives V numbers
	for from := 0; from < len(s.Neurons); from += batch {
		ns := s.Neurons[from:min(from+batch, len(s.Neurons))]
		xs := make([][]float32, len(ns))
		for i, n := range ns {
			w, err := e.Outputs(n.Layer) // [F,D]
			if err != nil {
				return Record{}, fmt.Errorf("writes: %w", err)
			}
			xs[i] = w[n.Index*e.Shape().Width:][:e.Shape().Width]
		}
		logits, err := e.Unembed(ctx, xs, false)
		if err != nil {
			return Record{}, fmt.Errorf("writes: %w", err)
		}
		for i, n := range ns {
			if err := finiteLogits("writes", logits[i]); err != nil {
				return Record{}, err
			}
			b.Written = append(b.Written, written(n, xs[i], logits[i], s.Top, text))
		}
		emit(Event{Phase: "unembed", Done: from + len(ns), Total: len(s.Neurons)})
	}
	return record(b, nil, nil)
}

func written(n Neuron, x, logits []float32, top int, text engine.Tokenizer) Written {
	down := make([]float32, len(logits))
	for i, v := range logits {
		down[i] = -v
	}
	list := func(of []float32) []Weighted {
		var out []Weighted
		for _, id := range largestSigned(of, top) {
			t, _ := text.Token(int32(id))
			out = append(out, Weighted{t, float64(logits[id])})
		}
		return out
	}
	return Written{n, norm(x), list(logits), list(down)}
}

// checkNeurons reports neurons that this model does not have.
func checkNeurons(task string, shape engine.Shape, ns []Neuron) error {
	for _, n := range ns {
		if n.Layer < 0 || n.Layer >= shape.Layers || n.Index < 0 || n.Index >= shape.Neurons {
			return engine.Errorf(engine.ModelMismatch, task, "neuron %v is outside this model of %d layers with %d neurons each", n, shape.Layers, shape.Neurons).
				Try("use a circuit that was found on this model")
		}
	}
	return nil
}

// Writes says what neurons write.
type Writes struct{ rec fetched }

// All returns what each neuron writes, ordered by layer and index.
func (w Writes) All() []Written { return body[writesBody](w.rec.record()).Written }

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
		out[i] = quoteText(t.Text)
	}
	return strings.Join(out, " ")
}
