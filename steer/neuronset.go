package steer

import (
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// A NeuronSet is a set of neurons and heads, to be left out of a selection (Scores.Without). It is immutable, and lazy when the task
// that makes it is. Nothing is left out unless it is asked for.
type NeuronSet struct {
	name   string
	load   func() []Neuron // sorted and distinct
	from   Frequencies     // of Universal
	origin func() origin   // what its neurons come from; nil when they were given
}

// NewNeuronSet returns the set of the given neurons.
func NewNeuronSet(name string, neurons ...Neuron) NeuronSet {
	ns := distinct(slices.Clone(neurons))
	return NeuronSet{name: name, load: func() []Neuron { return ns }}
}

// Set returns the circuit's neurons as a set.
func (c Circuit) Set() NeuronSet {
	return NeuronSet{name: c.name, load: sync.OnceValue(c.Neurons), origin: c.origin}
}

func (s NeuronSet) all() []Neuron {
	if s.load == nil {
		return nil
	}
	return s.load()
}

// Name returns the set's name.
func (s NeuronSet) Name() string { return s.name }

// Named returns the set under another name.
func (s NeuronSet) Named(name string) NeuronSet { s.name = name; return s }

// Interventions says in words what the model was run under when the set was counted; it is empty where nothing was changed.
func (s NeuronSet) Interventions() string { return s.from.Interventions() }

// Neurons returns the neurons, ordered by layer and index.
func (s NeuronSet) Neurons() []Neuron { return slices.Clone(s.all()) }

// Len returns how many neurons there are.
func (s NeuronSet) Len() int { return len(s.all()) }

// Has reports whether the neuron is in the set.
func (s NeuronSet) Has(n Neuron) bool {
	_, ok := slices.BinarySearchFunc(s.all(), n, message.ByPlace)
	return ok
}

// Circuit returns the set as a circuit, whose scores are 0: to look at what its neurons do.
func (s NeuronSet) Circuit() Circuit {
	c := given(s.name, s.all(), nil)
	if s.origin != nil {
		of := s.origin()
		o := c.from()
		o.shape, o.made, o.err = of.shape, of.made, of.err
		c.origin = func() origin { return o }
	}
	return c
}

// Frequencies says how often the neurons of Model.Universal are active; of another set it is empty.
func (s NeuronSet) Frequencies() Frequencies { return s.from }

// Warnings returns what a reader must know before concluding anything.
func (s NeuronSet) Warnings() []Warning { return slices.Clone(s.from.data().warnings) }

// String returns one line.
func (s NeuronSet) String() string { return s.name + ": " + units(s.all()) }

// distinct sorts neurons in place and returns each once.
func distinct(ns []Neuron) []Neuron {
	slices.SortFunc(ns, message.ByPlace)
	return slices.Compact(ns)
}

// union returns the neurons of all sets, each once.
func union(sets ...NeuronSet) []Neuron {
	var all []Neuron
	for _, s := range sets {
		all = append(all, s.all()...)
	}
	return distinct(all)
}
