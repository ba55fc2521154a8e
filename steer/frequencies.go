package steer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Frequencies says in how many texts each neuron is active. PerLayer and In are selections: they recompute nothing.
type Frequencies struct {
	load     func() frequencies
	perLayer int
	share    float64
	conditions
}

type frequencies struct {
	shape    Shape
	texts    int
	h        []float32 // [texts,L,F]
	warnings []Warning
	made     models
	header   Header
}

func frequenciesOf(r Record) frequencies {
	b := decodeBody[message.UniversalBody](r)
	f := frequencies{b.Shape, b.Texts, r.Tensors["neurons"].Data, r.Header.Warnings, madeFrom(r.Header), r.Header}
	if f.texts < 0 || len(f.h) != f.texts*f.shape.Layers*f.shape.Neurons {
		return frequencies{}
	}
	return f
}

func (f Frequencies) data() frequencies {
	if f.load == nil {
		return frequencies{}
	}
	return f.load()
}

// PerLayer sets how many of the largest |h| of a layer count as active.
func (f Frequencies) PerLayer(n int) Frequencies { f.perLayer = n; return f }

// In sets in which share of the texts, rounded down to whole texts, a neuron must be active to be in the set.
func (f Frequencies) In(share float64) Frequencies { f.share = share; return f }

// Texts returns the number of texts.
func (f Frequencies) Texts() int { return f.data().texts }

// Counts returns in how many texts each neuron is among the largest of its layer, [L,F].
func (f Frequencies) Counts() []int {
	d := f.data()
	F := d.shape.Neurons
	out := make([]int, d.shape.Layers*F)
	if k := min(f.perLayer, F); k > 0 {
		var s selector
		for i := range d.texts * d.shape.Layers {
			to := out[i%d.shape.Layers*F:][:F]
			for _, n := range s.largest(d.h[i*F:][:F], k) {
				to[n]++
			}
		}
	}
	return out
}

// Set returns the neurons that are active in the share of the texts. It is lazy.
func (f Frequencies) Set() NeuronSet {
	return NeuronSet{name: "universal", from: f, load: sync.OnceValue(func() []Neuron {
		d, out := f.data(), []Neuron(nil)
		least := max(int(float64(d.texts)*f.share), 1)
		for i, n := range f.Counts() {
			if n >= least {
				out = append(out, Neuron{Layer: i / d.shape.Neurons, Index: i % d.shape.Neurons})
			}
		}
		return out
	}), origin: func() origin { d := f.data(); return origin{shape: d.shape, made: d.made} }}
}

// String says how many neurons there are, and where most of them are.
func (f Frequencies) String() string {
	d, set := f.data(), f.Set()
	count, order := make([]int, d.shape.Layers), make([]int, d.shape.Layers)
	for _, n := range set.all() {
		count[n.Layer]++
	}
	for l := range order {
		order[l] = l
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(count[b], count[a]) })
	var line strings.Builder
	fmt.Fprintf(&line, "%d neurons are among the %d largest of their layer in at least %.0f %% of %d texts", set.Len(), f.perLayer, 100*f.share, d.texts)
	for i, l := range order[:min(3, len(order))] {
		fmt.Fprintf(&line, "%s layer %d has %d", []string{";", ",", ","}[i], l, count[l])
	}
	return line.String()
}
