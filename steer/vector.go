package steer

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"gonum.org/v1/gonum/floats"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Vector is one direction for each layer, in one space: a control vector. It is immutable, and lazy when the task that
// makes it is. AddVector adds it to a running model; m.Decompose says which neurons write it.
//
// A vector that cannot be (a difference of vectors of two models) is reported by whatever uses it.
type Vector struct {
	name string
	load func() vectorData
}

// vectorData is a loaded vector. Layers that it does not speak about are zero.
type vectorData struct {
	space    Site
	shape    Shape
	has      []bool         // [L] which layers the vector has
	rows     []float32      // [L,D] or [L,F]
	taken    Method         // by which operation; empty where that is not known, as of sums of several
	about    string         // how it was made, for people
	n        int            // how many pairs it rests on; 0 when unknown
	from     []Header       // the records that it was made of
	held     []Intervention // that it was taken under
	warnings []Warning
	err      error // why it cannot be used

	agreement, heldOut []float64 // [L,n] of each pair, as message.ControlVectorBody has them; nil: not known
	slopes             []float64 // [L,tested] of each example; nil: none was tested
	tested             int
}

// row returns the numbers of a layer.
func (d vectorData) row(layer int) []float32 {
	w := d.space.Width(d.shape)
	return d.rows[layer*w:][:w]
}

// clone returns data whose layers can be changed.
func (d vectorData) clone() vectorData {
	d.rows, d.has = slices.Clone(d.rows), slices.Clone(d.has)
	return d
}

// model returns the digest of the model that the vector was taken from; empty when unknown.
func (d vectorData) model() string {
	for _, h := range d.from {
		if h.Identity.Model != "" {
			return h.Identity.Model
		}
	}
	return ""
}

// NewVector returns a vector of given directions, e.g. a probe's or from a paper: for each layer of the model as many
// numbers as the space has. Layers that are left out are zero.
func NewVector(name string, space Site, shape Shape, layers map[int][]float32) (Vector, error) {
	if !slices.Contains(message.VectorSites, space) {
		return Vector{}, engine.Errorf(engine.BadSetting, "vector", "a vector cannot be in the space %q", space).Try("use steer.Residual, steer.MLP or steer.MLPNeurons")
	}
	if !sane(shape) {
		return Vector{}, engine.Errorf(engine.BadSetting, "vector", "the model has no sizes (%d layers, width %d, %d neurons)", shape.Layers, shape.Width, shape.Neurons).
			Try("take them from m.Info(): info.Shape()")
	}
	w := space.Width(shape)
	d := vectorData{space: space, shape: shape, has: make([]bool, shape.Layers), rows: make([]float32, shape.Layers*w), taken: asGiven, about: "given directions"}
	for _, l := range slices.Sorted(maps.Keys(layers)) {
		if l < 0 || l >= shape.Layers || len(layers[l]) != w {
			return Vector{}, engine.Errorf(engine.ModelMismatch, "vector", "layer %d with %d numbers does not fit a model of %d layers with %d numbers each",
				l, len(layers[l]), shape.Layers, w).Try("use a vector of this model")
		}
		if i := message.FirstNotFinite(layers[l]); i >= 0 {
			return Vector{}, engine.Errorf(engine.NotFinite, "vector", "layer %d, number %d is %v", l, i, layers[l][i]).Try("leave the layer out")
		}
		d.has[l] = true
		copy(d.row(l), layers[l])
	}
	return Vector{name, func() vectorData { return d }}, nil
}

// sane reports whether a shape can be multiplied without overflow.
func sane(s Shape) bool {
	const most = 1 << 24
	return s.Layers > 0 && s.Width > 0 && s.Neurons > 0 && s.Layers <= 1<<16 && s.Width <= most && s.Neurons <= most
}

// Interventions says in words what the model was run under when the vector was taken; it is empty where nothing was changed.
func (v Vector) Interventions() string {
	d, c := v.data(), conditions{}
	if c.given = d.held; len(d.from) > 0 {
		c.header = func() Header { return d.from[0] }
	}
	return c.Interventions()
}

func (v Vector) data() vectorData {
	if v.load == nil {
		return vectorData{}
	}
	return v.load()
}

// derive returns a vector that is computed from this one when it is first needed.
func (v Vector) derive(name string, f func(vectorData) vectorData) Vector {
	return Vector{name, sync.OnceValue(func() vectorData {
		d := v.data()
		if d.err != nil || len(d.rows) == 0 {
			return d
		}
		return f(d)
	})}
}

// Named returns the vector under another name. Names are for people; they never enter a Ref.
func (v Vector) Named(name string) Vector { v.name = name; return v }

// Name returns the vector's name.
func (v Vector) Name() string { return v.name }

// Space says which numbers of the model the vector is about.
func (v Vector) Space() Site { return v.data().space }

// Shape returns the sizes of the model that the vector belongs to.
func (v Vector) Shape() Shape { return v.data().shape }

// Has reports whether the vector has the layer; a negative one counts from the end.
func (v Vector) Has(layer int) bool {
	d := v.data()
	layer = fromEnd(layer, len(d.has))
	return layer >= 0 && layer < len(d.has) && d.has[layer]
}

// Layer returns the direction of a layer, [D] or [F]; zeros where the vector has none, nil outside the model. A negative
// layer counts from the end.
func (v Vector) Layer(layer int) []float32 {
	d := v.data()
	layer = fromEnd(layer, len(d.has))
	if layer < 0 || layer >= len(d.has) {
		return nil
	}
	return slices.Clone(d.row(layer))
}

// Tensor returns all layers, [L,D] or [L,F]. It is a view; do not change it.
func (v Vector) Tensor() Tensor {
	d := v.data()
	return Tensor{[]int{d.shape.Layers, d.space.Width(d.shape)}, d.rows}
}

// Norms returns the Euclidean norm of each layer's direction [L].
func (v Vector) Norms() []float64 {
	d := v.data()
	out := make([]float64, len(d.has))
	for l := range out {
		out[l] = message.Norm(d.row(l))
	}
	return out
}

// Norm returns the Euclidean norm of the whole vector, all layers together.
func (v Vector) Norm() float64 { return floats.Norm(v.Norms(), 2) }

// ByLayer returns the norms, so that a bar chart can show a vector; nothing opposes.
func (v Vector) ByLayer() (support, oppose []float64) {
	n := v.Norms()
	return n, make([]float64, len(n))
}

// Cosine returns the cosine of both vectors in each layer [L]; 0 where either is zero or both do not fit each other.
func (v Vector) Cosine(w Vector) []float64 {
	a, b := v.data(), w.data()
	out := make([]float64, len(a.has))
	if a.fits(b, "Cosine") != nil {
		return out
	}
	for l := range out {
		if n := message.Norm(a.row(l)) * message.Norm(b.row(l)); n > 0 {
			out[l] = message.Inner(a.row(l), b.row(l)) / n
		}
	}
	return out
}

// About says how the vector was made.
func (v Vector) About() string { return v.data().about }

// N returns how many pairs the vector rests on; 0 when that is unknown.
func (v Vector) N() (n int, of string) { return message.Counted(v.data().n, "pairs") }

// Warnings returns what a reader must know before concluding anything.
func (v Vector) Warnings() []Warning { return slices.Clone(v.data().warnings) }

// String returns one line.
func (v Vector) String() string {
	d := v.data()
	if d.err != nil {
		return fmt.Sprintf("%s: no vector: %v", v.name, d.err)
	}
	n, largest, at := 0, 0., 0
	for l, x := range v.Norms() {
		if d.has[l] {
			n++
		}
		if x > largest {
			largest, at = x, l
		}
	}
	return fmt.Sprintf("%s: %s, %s, %d of %d layers, largest norm %.3g in layer %d", v.name, d.about, d.space, n, d.shape.Layers, largest, at)
}
