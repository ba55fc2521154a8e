package steer

import (
	"fmt"
	"math"
	"strings"
)

// Diagnostics says how scores are spread: over layers, and over the first position, where an attention sink sits. It looks
// at all scores, whatever a selection would leave out, a BOS included.
type Diagnostics struct {
	Layers []LayerDiagnostics `json:"layers"`
	Total  float64            `json:"total"` // Σ|score|
	First  float64            `json:"first"` // share of Σ|score| on the first position, 0 to 1; 0 without a position axis
	Top20  int                `json:"top20"` // how many of the 20 largest entries sit on the first position
	Token  string             `json:"token"` // text of the first position
	BOS    bool               `json:"bos"`   // the first position is a real BOS, which rankings leave out
	unit   string
}

// LayerDiagnostics is one layer of Diagnostics.
type LayerDiagnostics struct {
	Total float64 `json:"total"` // Σ|score|
	Net   float64 `json:"net"`   // Σ score
	Max   float64 `json:"max"`   // largest |score|
	At    Entry   `json:"at"`    // where it is
	First float64 `json:"first"` // share of the layer's Σ|score| on the first position, 0 to 1
}

// Diagnostics looks at how the scores are spread.
func (s Scores) Diagnostics() Diagnostics { return diagnose(s.data()) }

func diagnose(d dense) Diagnostics {
	out := Diagnostics{Layers: make([]LayerDiagnostics, d.Shape.Layers), BOS: d.BOS, unit: d.Unit}
	T, F, first := d.Positions, d.width(), 0.
	if len(d.about.Labels) > 0 {
		out.Token = d.about.Labels[0]
	}
	for l := range out.Layers {
		y, onFirst := &out.Layers[l], 0.
		for t := range T {
			for n, s := range d.scores[(l*T+t)*F:][:F] {
				v := float64(s)
				m := math.Abs(v)
				y.Total += m
				y.Net += v
				if m > y.Max {
					y.Max, y.At = m, Entry{Neuron{Layer: l, Index: n, Head: d.Heads}, t, v}
				}
			}
			if t == 0 {
				onFirst = y.Total
			}
		}
		if !d.Summed && y.Total > 0 {
			y.First = onFirst / y.Total
			first += onFirst
		}
		if d.Summed {
			y.At.Position = -1
		}
		out.Total += y.Total
	}
	if out.Total > 0 {
		out.First = first / out.Total
	}
	out.Top20, _ = firstOfLargest(d)
	return out
}

// String lists the layers.
func (d Diagnostics) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "layer       Σ|score|      Σ score   largest                       first position\n")
	for l, y := range d.Layers {
		fmt.Fprintf(&b, "%5d %14.4g %+12.4g   %-12.4g %-16v %5.1f %%\n", l, y.Total, y.Net, y.Max, y.At.Neuron, 100*y.First)
	}
	fmt.Fprintf(&b, "  all %14.4g %s; the first position %q has %.1f %% of it and %d of the 20 largest entries", d.Total, d.unit, d.Token, 100*d.First, d.Top20)
	return b.String()
}
