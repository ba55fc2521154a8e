package steer

import (
	"github.com/neuronsteer/neuronsteer/internal/message"
)

// vectorOf reads the record of a control vector. A record that does not fit its own header is empty.
func vectorOf(r Record) vectorData {
	b, t := decodeBody[message.ControlVectorBody](r), r.Tensors["vector"]
	if !sane(b.Shape) || len(t.Data) != b.Shape.Layers*b.Space.Width(b.Shape) {
		return vectorData{}
	}
	d := vectorData{taken: Method(b.Method), space: b.Space, shape: b.Shape, has: make([]bool, b.Shape.Layers), rows: t.Data, n: b.Pairs, warnings: r.Header.Warnings,
		from: []Header{r.Header}}
	for l := range d.has {
		d.has[l] = l >= b.Lo && l <= b.Hi
	}
	if k := (b.Hi - b.Lo + 1) * b.Pairs; k > 0 && b.Lo >= 0 && b.Hi < b.Shape.Layers && len(b.Agreement) == k && len(b.HeldOut) == k {
		d.agreement, d.heldOut = make([]float64, b.Shape.Layers*b.Pairs), make([]float64, b.Shape.Layers*b.Pairs)
		for i := range k {
			d.agreement[b.Lo*b.Pairs+i], d.heldOut[b.Lo*b.Pairs+i] = float64(b.Agreement[i]), float64(b.HeldOut[i])
		}
	}
	if k := (b.Hi - b.Lo + 1) * b.Tested; k > 0 && b.Lo >= 0 && b.Hi < b.Shape.Layers && len(b.Slopes) == k {
		d.tested, d.slopes = b.Tested, make([]float64, b.Shape.Layers*b.Tested)
		for i, x := range b.Slopes {
			d.slopes[b.Lo*b.Tested+i] = float64(x)
		}
	}
	name := map[Method]string{MeanDiff: "mean difference", PCA: "first principal component"}[Method(b.Method)]
	d.about = name + " of " + several(b.Pairs, "pair")
	return d
}
