package steer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TopActivations asks how strongly the neurons of a circuit act at every token of texts, and where most.
//
//	c, err := m.TopActivations(praise, corpus...).Run(ctx)
//	fmt.Println(c.Top(praise.Neurons()[0], 5))
func (m *Model) TopActivations(c Circuit, texts ...string) TopActivationsTask {
	return TopActivationsTask{m: m, circuit: c, texts: slices.Clone(texts)}
}

// TopActivationsTask describes the question where neurons act.
type TopActivationsTask struct {
	m       *Model
	circuit Circuit
	texts   []string
	like    message.Prompt // chat settings of every text
	edits   []Intervention
}

// Chat renders each text as a user's turn of the model's chat template.
func (t TopActivationsTask) Chat() TopActivationsTask { t.like = t.like.InChat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t TopActivationsTask) System(s string) TopActivationsTask {
	t.like = t.like.WithSystem(s)
	return t
}

// Prefill begins the answers of the chat template, and sets Chat.
func (t TopActivationsTask) Prefill(s string) TopActivationsTask {
	t.like = t.like.WithPrefill(s)
	return t
}

// With adds interventions, which hold while the model reads the texts; activations are those after the change.
func (t TopActivationsTask) With(is ...Intervention) TopActivationsTask {
	t.edits = with(t.edits, is...)
	return t
}

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t TopActivationsTask) Ablate(c Circuit) TopActivationsTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t TopActivationsTask) Scale(c Circuit, x float64) TopActivationsTask {
	return t.With(Scale(c, x))
}

// Model returns the model that the task is about.
func (t TopActivationsTask) Model() *Model { return t.m }

// Run computes the activations.
func (t TopActivationsTask) Run(ctx context.Context) (TopActivations, error) { return run(ctx, t) }

// Result builds the activations around fetch.
func (t TopActivationsTask) Result(fetch func() Record) TopActivations {
	rec := newResult[message.TopActivationsBody](fetch)
	return TopActivations{rec: rec, conditions: under(t.edits, rec.header)}
}

// Request implements Task.
func (t TopActivationsTask) Request() (Request, error) {
	edits, err := interventions("top activations", t.m, t.edits)
	ns, reading := t.circuit.neuronsOn(t.m)
	s := message.TopActivationsSettings{Neurons: ns, Texts: t.like.Texts(t.texts), Edits: edits}
	return newRequest(s, reading, err)
}

// TopActivations holds the activations of some neurons at every token of texts.
type TopActivations struct {
	rec result[message.TopActivationsBody]
	conditions
	skipFirst bool
}

// SkipFirst leaves the first token of each text out of Top and Bottom, even where it is no BOS: one that acts as an
// attention sink has activations of its own kind.
func (c TopActivations) SkipFirst() TopActivations { c.skipFirst = true; return c }

// Neurons returns the neurons, ordered by layer and index.
func (c TopActivations) Neurons() []Neuron {
	return c.rec.body().Neurons
}

// Texts returns the tokens of each text.
func (c TopActivations) Texts() [][]Token {
	return c.rec.body().Texts
}

// Warnings returns what a reader must know before concluding anything.
func (c TopActivations) Warnings() []Warning {
	return slices.Clone(c.rec.record().Header.Warnings)
}

// Activations returns the activation of a neuron at each token of text i [T]; nil for what was not asked about.
func (c TopActivations) Activations(n Neuron, i int) []float32 {
	b, t := c.rec.body(), c.rec.record().Tensors["activations"]
	k := slices.Index(b.Neurons, n)
	if k < 0 || i < 0 || i >= len(b.Texts) || len(t.Shape) != 2 || len(t.Data) != t.Shape[0]*t.Shape[1] {
		return nil
	}
	start := 0
	for _, ts := range b.Texts[:i] {
		start += len(ts)
	}
	if k >= t.Shape[0] || start+len(b.Texts[i]) > t.Shape[1] {
		return nil
	}
	return t.Data[k*t.Shape[1]+start:][:len(b.Texts[i])]
}

// A Context is a place in a text where a neuron acts.
type Context struct {
	Text       int     `json:"text"`     // which of the texts, from 0
	Position   int     `json:"position"` // token in it, from 0
	Activation float64 `json:"activation"`
	Before     string  `json:"before"` // up to eight tokens
	Token      string  `json:"token"`
	After      string  `json:"after"` // up to four tokens
}

// String returns the activation and the place, the token between guillemets.
func (c Context) String() string {
	return fmt.Sprintf("%+8.3f  %s«%s»%s", c.Activation, escape(c.Before), escape(c.Token), escape(c.After))
}

// escape shows newlines as such, so that a context is one line.
func escape(s string) string { q := quoteText(s); return q[1 : len(q)-1] }

// Top returns the k places with the largest activation of a neuron, largest first; ties by text and position. A real BOS
// is left out.
func (c TopActivations) Top(n Neuron, k int) []Context { return c.places(n, k, 1) }

// Bottom returns the k places with the smallest activation, which for a gated neuron is often a negative one.
func (c TopActivations) Bottom(n Neuron, k int) []Context { return c.places(n, k, -1) }

func (c TopActivations) places(n Neuron, k int, sign float64) []Context {
	type place struct {
		x       float64
		text, t int
	}
	b := c.rec.body()
	var all []place
	for i := range b.Texts {
		for t, x := range c.Activations(n, i) {
			if t > 0 || (!c.skipFirst && !b.BOS[i]) {
				all = append(all, place{sign * float64(x), i, t})
			}
		}
	}
	slices.SortFunc(all, func(x, y place) int {
		return cmp.Or(cmp.Compare(y.x, x.x), cmp.Compare(x.text, y.text), cmp.Compare(x.t, y.t))
	})
	var out []Context
	for _, p := range all[:min(max(k, 0), len(all))] {
		ts := b.Texts[p.text]
		out = append(out, Context{Text: p.text, Position: p.t, Activation: sign * p.x,
			Before: spell(ts[max(0, p.t-8):p.t]), Token: ts[p.t].Text, After: spell(ts[p.t+1 : min(len(ts), p.t+5)])})
	}
	return out
}

// spell joins the texts of tokens, markers left out.
func spell(ts []Token) string {
	plain := slices.DeleteFunc(slices.Clone(ts), func(t Token) bool { return t.Special })
	return strings.Join(engine.Texts(plain), "")
}

// String lists the three strongest places of each neuron.
func (c TopActivations) String() string {
	var lines []string
	for _, n := range c.Neurons() {
		for i, p := range c.Top(n, 3) {
			name := n.String()
			if i > 0 {
				name = strings.Repeat(" ", len(name))
			}
			lines = append(lines, name+" "+p.String())
		}
	}
	return strings.Join(lines, "\n")
}
