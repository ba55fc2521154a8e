package steertest

import (
	"fmt"
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// everything asks for all captures.
const everything = engine.Neurons | engine.Residual | engine.MLP | engine.Attention | engine.Embedding | engine.Heads

// captures lists what a result captured of prompt i, with the shapes that it must have at T positions.
func (b bench) captures(r engine.ForwardResult, i, T int) []captured {
	s, of := b.shape, func(all [][]float32) []float32 {
		if i < len(all) {
			return all[i]
		}
		return nil
	}
	return []captured{
		{"neurons [L,T,F]", engine.Neurons, of(r.Neurons), s.Layers * T * s.Neurons},
		{"residual stream [L,T,D]", engine.Residual, of(r.Residual), s.Layers * T * s.Width},
		{"MLP outputs [L,T,D]", engine.MLP, of(r.MLP), s.Layers * T * s.Width},
		{"attention patterns [L,H,T,T]", engine.Attention, of(r.Attention), s.Layers * s.Heads * T * T},
		{"heads' outputs [L,T,H·C]", engine.Heads, of(r.Heads), s.Layers * T * s.Heads * s.HeadDim},
		{"embedding [T,D]", engine.Embedding, of(r.Embedding), T * s.Width},
	}
}

type captured struct {
	what string
	bit  engine.Site
	data []float32
	want int
}

// testCaptures: each capture comes when it is asked for, alone or with others, in a batch or not.
func testCaptures(t *testing.T, b bench) {
	all := b.forward(t, engine.Forward{IDs: b.ids, Capture: everything})
	for i, ids := range b.ids {
		one := b.captures(b.forward(t, engine.Forward{IDs: b.ids[i : i+1], Capture: everything}), 0, len(ids))
		for k, c := range b.captures(all, i, len(ids)) {
			if len(c.data) != c.want {
				t.Fatalf("prompt %d: the %s have %d numbers, want %d", i, c.what, len(c.data), c.want)
			}
			near(t, fmt.Sprintf("%s of prompt %d in a batch", c.what, i), c.data, one[k].data, orderBound)
			alone := b.captures(b.forward(t, engine.Forward{IDs: b.ids, Capture: c.bit}), i, len(ids))
			for j, a := range alone {
				if j != k && a.data != nil {
					t.Errorf("Capture %d gives %s that nobody asked for", c.bit, a.what)
				}
			}
			near(t, c.what+" asked for alone", alone[k].data, c.data, orderBound)
		}
	}
	near(t, "logits beside captures", all.Logits[0], b.forward(t, engine.Forward{IDs: b.ids}).Logits[0], orderBound)
}

// testStream: what is captured fits together. The MLP's output is W_down·h' but for a bias, the last residual stream gives the logits,
// the embedding knows only its token.
func testStream(t *testing.T, b bench) {
	ids := [][]int32{b.ids[0], append([]int32{b.ids[1][0]}, b.ids[0]...)}
	s := b.shape
	for name, e := range map[string]*engine.Edit{"no edit": nil, "an edit": b.random(1, 1, 37), "vectors": b.vectors(t, 1, 1, 41)} {
		r := b.forward(t, engine.Forward{IDs: ids, AllLogits: true, Capture: everything, Edit: e})
		for i := range ids {
			T := len(ids[i])
			near(t, name+": MLP outputs", r.MLP[i], b.biased(r.MLP[i], b.outputs(t, r.Neurons[i], T, e), T), orderBound)
			top := r.Residual[i][(s.Layers-1)*T*s.Width:] // [T,D]
			z := b.unembed(t, rows(top, s.Width), true)
			for p := range T {
				near(t, name+": logits of the last residual stream", z[p], r.Logits[i][p*s.Vocab:][:s.Vocab], orderBound)
			}
		}
		same(t, name+": embedding one position later", r.Embedding[1][s.Width:], r.Embedding[0])
	}
	plain := b.forward(t, engine.Forward{IDs: ids, Capture: everything})
	edit := b.random(1, 1, 43)
	for i := range (s.Layers - 1) * s.Neurons {
		edit.Scale[i] = 1 // only the last layer is edited
	}
	r := b.forward(t, engine.Forward{IDs: ids, Capture: everything, Edit: edit})
	below := (s.Layers - 1) * len(ids[0]) * s.Width
	near(t, "the residual stream below an edit", r.Residual[0][:below], plain.Residual[0][:below], orderBound)
	differ(t, "the residual stream after an edit", r.Residual[0][below:], plain.Residual[0][below:])
}

// biased adds to the outputs without a bias [L,T,D] what the others have more at the first position of each layer: a bias is
// the same at all of them.
func (b bench) biased(with, without []float32, T int) []float32 {
	s := b.shape
	out := make([]float32, len(without))
	for i := range out {
		l, d := i/(T*s.Width), i%s.Width
		out[i] = without[i] + with[l*T*s.Width+d] - without[l*T*s.Width+d]
	}
	return out
}

// outputs returns W_down·h' of every layer and position [L,T,D], plus the edit's vector.
func (b bench) outputs(t *testing.T, h []float32, T int, e *engine.Edit) []float32 {
	t.Helper()
	s := b.shape
	var out []float32
	for l := range s.Layers {
		w, err := b.e.Outputs(l) // [F,D]
		if err != nil {
			t.Fatalf("Outputs: %v", err)
		}
		for p := range T {
			sum := make([]float64, s.Width)
			for n, x := range h[(l*T+p)*s.Neurons:][:s.Neurons] {
				for d, v := range w[n*s.Width:][:s.Width] {
					sum[d] += float64(x) * float64(v)
				}
			}
			for d, x := range sum {
				if e != nil && e.MLP != nil {
					x += float64(e.MLP[l*s.Width+d])
				}
				out = append(out, float32(x))
			}
		}
	}
	return out
}

// testAttention: a row of a pattern is a distribution over the positions up to its own.
func testAttention(t *testing.T, b bench) {
	r := b.forward(t, engine.Forward{IDs: b.ids, Capture: engine.Attention})
	for i, ids := range b.ids {
		T := len(ids)
		for at, row := range rows(r.Attention[i], T) { // [L·H·T][T]
			sum, q := 0., at%T
			for k, p := range row {
				sum += float64(p)
				if p < 0 || k > q && p != 0 {
					t.Fatalf("prompt %d: row %d of a pattern has %v at position %d", i, q, p, k)
				}
			}
			if math.Abs(sum-1) > orderBound {
				t.Fatalf("prompt %d: row %d of a pattern sums to %v", i, q, sum)
			}
		}
	}
}

// rows cuts [n,w] into n slices.
func rows(x []float32, w int) [][]float32 {
	out := make([][]float32, len(x)/w)
	for i := range out {
		out[i] = x[i*w:][:w]
	}
	return out
}
