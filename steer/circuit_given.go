package steer

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// NewCircuit returns a circuit of the given neurons, e.g. for a test or from a paper's list. Their scores are 0. One that is
// given twice comes with a Warning. A name that is itself a list of neurons, with none given, is read as Neurons reads it.
func NewCircuit(name string, neurons ...Neuron) Circuit {
	if len(neurons) == 0 {
		if ns, err := parseNeurons(name); err == nil {
			return given(name, ns, nil)
		}
	}
	return given(name, neurons, nil)
}

// Neurons returns the circuit of the neurons and heads that are written as a card shows them, between commas or spaces:
//
//	few := steer.Neurons("L5/N298, L0/N318, L5/H3")
//
// What cannot be read is reported by whatever uses the circuit.
func Neurons(list ...string) Circuit {
	name := strings.Join(list, ", ")
	ns, err := parseNeurons(name)
	return given(name, ns, err)
}

// given is a circuit of neurons that nobody scored.
func given(name string, neurons []Neuron, err error) Circuit {
	o := origin{err: err}
	var es []Entry
	seen := map[Neuron]int{}
	for _, n := range neurons {
		if seen[n]++; seen[n] == 2 {
			o.warnings = append(o.warnings, Warning{Code: "twice", Text: fmt.Sprintf("the neuron %v is given more than once; what changes it changes it once", n)})
		}
		es = append(es, Entry{n, -1, 0})
		o.shape.Layers = max(o.shape.Layers, n.Layer+1)
	}
	return Circuit{name: name, entries: func() []Entry { return es }, origin: func() origin { return o }}
}

// madeBy is c as a circuit that some models had a part in.
func (c Circuit) madeBy(made models) Circuit {
	o := c.from().and(origin{made: made})
	c.origin = func() origin { return o }
	return c
}

// parseNeurons reads a list of neurons, L5/N298 each, no two alike.
func parseNeurons(list string) ([]Neuron, error) {
	const how = `write a layer and an index for each neuron or head, e.g. steer.Neurons("L5/N298, L0/H3")`
	var ns []Neuron
	at := map[Neuron]string{}
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) }) {
		n, ok := parseNeuron(word)
		if !ok {
			return nil, engine.Mistake(engine.BadSetting, "%q is no neuron", word).Try("%s", how)
		}
		if first, twice := at[n]; twice {
			return nil, engine.Mistake(engine.BadSetting, "the neuron %v stands in the list twice (%q and %q)", n, first, word).Try("name it once")
		}
		at[n] = word
		ns = append(ns, n)
	}
	if len(ns) == 0 {
		return nil, engine.Mistake(engine.BadSetting, "there is no neuron in %q", list).Try("%s", how)
	}
	return ns, nil
}

// parseNeuron is the inverse of Neuron.String; small letters do too.
func parseNeuron(s string) (n Neuron, ok bool) {
	layer, index, ok := strings.Cut(strings.ToUpper(s), "/")
	l, isLayer := strings.CutPrefix(layer, "L")
	i, isNeuron := strings.CutPrefix(index, "N")
	if !isNeuron {
		i, n.Head = strings.CutPrefix(index, "H")
	}
	if !ok || !isLayer || !isNeuron && !n.Head {
		return Neuron{}, false
	}
	a, aerr := strconv.ParseUint(l, 10, 31)
	b, berr := strconv.ParseUint(i, 10, 31)
	return Neuron{Layer: int(a), Index: int(b), Head: n.Head}, aerr == nil && berr == nil
}
