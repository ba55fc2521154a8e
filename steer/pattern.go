package steer

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Pattern is what the heads of a layer attend to on one prompt.
type Pattern struct {
	layer  int
	heads  [][][]float64 // [H][T][T]
	labels []string
}

// Pattern returns the attention pattern of a layer, negative ones counting from the end; an empty one where Attention was not captured
// there.
//
//	a, err := m.Capture("I loved the film. It was").From(steer.Attention).Run(ctx)
//	fig := plotting.AttentionHeads(a.Pattern(3))
func (a Activations) Pattern(layer int) Pattern {
	b, t := a.body(), a.Tensor(engine.Attention)
	p := Pattern{layer: fromEnd(layer, b.Shape.Layers), labels: engine.Labels(b.Tokens)}
	l := p.layer - b.Lo
	if len(t.Shape) != 4 || l < 0 || l >= t.Shape[0] {
		return p
	}
	H, T := t.Shape[1], t.Shape[2]
	if len(t.Data) != t.Shape[0]*H*T*T {
		return p
	}
	data := t.Data[l*H*T*T:]
	for h := range H {
		rows := make([][]float64, T)
		for q := range rows {
			for _, x := range data[(h*T+q)*T:][:T] {
				rows[q] = append(rows[q], float64(x))
			}
		}
		p.heads = append(p.heads, rows)
	}
	return p
}

// Attention returns the shares of every head by query and key [H][T][T]; those of a query add up to 1.
func (p Pattern) Attention() [][][]float64 { return p.heads }

// Labels returns the token at each position of the prompt [T].
func (p Pattern) Labels() []string { return p.labels }

// Name names the layer.
func (p Pattern) Name() string { return fmt.Sprintf("Layer %d", p.layer) }
