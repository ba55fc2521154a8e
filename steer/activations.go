package steer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Activations are numbers captured from a model: of one prompt at every position, or means over texts. They are immutable,
// and lazy when the task that makes them is.
type Activations struct {
	rec result[message.ActivationsBody]
	conditions
}

func (a Activations) body() message.ActivationsBody {
	return a.rec.body()
}

// Spaces returns what was captured.
func (a Activations) Spaces() []Site { return a.body().Spaces }

// Shape returns the sizes of the model.
func (a Activations) Shape() Shape { return a.body().Shape }

// Layers returns the first and the last layer that was captured.
func (a Activations) Layers() (lo, hi int) { b := a.body(); return b.Lo, b.Hi }

// Tokens returns the tokens of the prompt; none for means.
func (a Activations) Tokens() []Token { return a.body().Tokens }

// Count returns how much a mean rests on: texts, and their tokens. Of one prompt it is 1 and the number of its tokens.
func (a Activations) Count() (texts, positions int) {
	b := a.body()
	if b.Count == 0 {
		return 1, len(b.Tokens)
	}
	return b.Texts, b.Count
}

// Edited returns how many neurons were changed while the model ran.
func (a Activations) Edited() int { return a.body().Edited }

// EditedHeads returns how many attention heads were changed while the model ran.
func (a Activations) EditedHeads() int { return a.body().EditedHeads }

// Warnings returns what a reader must know before concluding anything.
func (a Activations) Warnings() []Warning { return slices.Clone(a.rec.record().Header.Warnings) }

// Tensor returns what was captured of a space: Residual and MLP [l,T,D], Neurons [l,T,F], Attention [l,H,T,T] (rows are
// queries, columns keys), Logits [T,V], Embedding [T,D], where l counts the captured layers from the first one and T is 1
// for means. It has no numbers where the space was not captured. It is a view; do not change it.
func (a Activations) Tensor(s Site) Tensor { return a.rec.record().Tensors[s.String()] }

// Row returns the numbers of one layer at one position, negative ones counting from the end: [D] or [F]. Logits and
// Embedding have no layers; it is not looked at. Outside of what was captured, and for Attention, it returns nil. It is a
// view; do not change it.
func (a Activations) Row(s Site, layer, position int) []float32 {
	b, t := a.body(), a.Tensor(s)
	if len(t.Shape) == 2 {
		layer = 0
		t.Shape = append([]int{1}, t.Shape...)
	} else {
		layer = fromEnd(layer, b.Shape.Layers) - b.Lo
	}
	if len(t.Shape) != 3 || layer < 0 || layer >= t.Shape[0] {
		return nil
	}
	T, w := t.Shape[1], t.Shape[2]
	position = fromEnd(position, T)
	if position < 0 || position >= T || len(t.Data) != t.Shape[0]*T*w {
		return nil
	}
	return t.Data[(layer*T+position)*w:][:w]
}

// Of returns the activation of one neuron at each position [T], one number for means; nil where neurons were not captured.
func (a Activations) Of(n Neuron) []float32 {
	T := a.Tensor(engine.Neurons).Shape
	if len(T) != 3 {
		return nil
	}
	var out []float32
	for t := range T[1] {
		row := a.Row(engine.Neurons, n.Layer, t)
		if n.Index < 0 || n.Index >= len(row) {
			return nil
		}
		out = append(out, row[n.Index])
	}
	return out
}

// String returns one line: what was captured, of what.
func (a Activations) String() string {
	b := a.body()
	spaces := make([]string, len(b.Spaces))
	for i, s := range b.Spaces {
		spaces[i] = fmt.Sprintf("%s %v", s, a.Tensor(s).Shape)
	}
	of := fmt.Sprintf("of layers %d to %d at %d positions", b.Lo, b.Hi, len(b.Tokens))
	if b.Count > 0 {
		of = fmt.Sprintf("means over %s, %s", several(b.Texts, "text"), several(b.Count, "position"))
	}
	return strings.Join(spaces, ", ") + " " + of
}

// valuesOf returns the activations of neurons, [neurons,rows] with one row for means and one for each position otherwise.
func (a Activations) valuesOf(task string, ns []Neuron) (values message.Numbers, rows int, err error) {
	t := a.Tensor(engine.Neurons)
	if len(t.Shape) != 3 {
		return nil, 0, engine.Errorf(engine.BadSetting, task, "there are no activations of neurons to take values from").
			Try("capture them with m.Capture(prompt).From(steer.MLPNeurons) or m.MeanActivations(texts...)")
	}
	for _, n := range ns {
		of := a.Of(n)
		if of == nil {
			lo, hi := a.Layers()
			return nil, 0, engine.Errorf(engine.ModelMismatch, task, "neuron %v is outside the activations of layers %d to %d with %d neurons each", n, lo, hi, t.Shape[2]).
				Try("capture them on the same model, with all layers of the circuit")
		}
		values = append(values, of...)
	}
	return values, t.Shape[1], nil
}
