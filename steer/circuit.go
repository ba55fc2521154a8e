package steer

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// A Circuit is a set of neurons, attention heads or both, with the scores that chose them. It is immutable, and lazy when the scores are.
type Circuit struct {
	name    string
	entries func() []Entry
	origin  func() origin
	stable  *Multiverse // nil: none was given
}

// origin is what a circuit knows of the scores that it was selected from.
type origin struct {
	shape     Shape
	about     string
	unit      string
	positions int
	method    string     // how the scores were made
	header    Header     // of the record of the scores: request, model, engine
	made      models     // all models that had a part in it
	selection selection  // how the circuit was chosen from them
	warnings  []Warning  // of a circuit that was read from a file
	reference *reference // what a file of the reference implementation says of its prompt
	err       error      // why there is no circuit: what is wrong with its description
}

// Named returns the circuit under another name. Names are for people; they never enter a Ref.
func (c Circuit) Named(name string) Circuit { c.name = name; return c }

// Name returns the circuit's name.
func (c Circuit) Name() string { return c.name }

func (c Circuit) quoted() string { return fmt.Sprintf("%q", c.name) }

func (c Circuit) all() []Entry {
	if c.entries == nil {
		return nil
	}
	return c.entries()
}

// Entries returns the entries, strongest first.
func (c Circuit) Entries() []Entry { return slices.Clone(c.all()) }

// Len returns the number of entries.
func (c Circuit) Len() int { return len(c.all()) }

// Neurons returns the distinct neurons and heads, ordered by layer and index, the heads of a layer after its neurons.
func (c Circuit) Neurons() []Neuron {
	var ns []Neuron
	for _, e := range c.all() {
		ns = append(ns, e.Neuron)
	}
	return distinct(ns)
}

// Total returns the sum of the scores, in their unit.
func (c Circuit) Total() float64 {
	var s float64
	for _, e := range c.all() {
		s += e.Score
	}
	return s
}

// ByLayer returns for each layer the sum of its supporting and of its opposing entries, in their unit; oppose is ≤ 0.
func (c Circuit) ByLayer() (support, oppose []float64) {
	L := c.from().shape.Layers
	support, oppose = make([]float64, L), make([]float64, L)
	for _, e := range c.all() {
		if e.Layer < 0 || e.Layer >= L {
			continue // of no model, by NewCircuit
		}
		if e.Score > 0 {
			support[e.Layer] += e.Score
		} else {
			oppose[e.Layer] += e.Score
		}
	}
	return support, oppose
}

func (c Circuit) from() origin {
	if c.origin == nil {
		return origin{}
	}
	return c.origin()
}

// Unit returns the unit of a score.
func (c Circuit) Unit() string { return c.from().unit }

// About says what the scores measured.
func (c Circuit) About() string { return c.from().about }

// Shape returns the sizes of the model that the circuit belongs to.
func (c Circuit) Shape() Shape { return c.from().shape }

// N returns the number of entries.
func (c Circuit) N() (n int, of string) {
	heads := 0
	for _, e := range c.all() {
		if e.Position >= 0 {
			return message.Counted(c.Len(), "entries")
		}
		heads += count(e.Head)
	}
	switch n = c.Len(); heads {
	case 0:
		return message.Counted(n, "neurons")
	case n:
		return message.Counted(n, "heads")
	}
	return n, "neurons and heads"
}

// Heads returns the entries of c that are attention heads; Minus leaves them out: c.Minus(c.Heads()).
func (c Circuit) Heads() Circuit {
	out := c
	out.name = c.name + ", heads"
	out.entries = sync.OnceValue(func() []Entry {
		return slices.DeleteFunc(c.Entries(), func(e Entry) bool { return !e.Head })
	})
	return out
}

// hasHeads reports whether any entry is an attention head.
func (c Circuit) hasHeads() bool {
	return slices.ContainsFunc(c.all(), func(e Entry) bool { return e.Head })
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// String returns one line: the name, the number of entries and layers, and the sum.
func (c Circuit) String() string {
	if err := c.from().err; err != nil {
		return fmt.Sprintf("%s: no circuit: %v", c.name, err)
	}
	layers := map[int]bool{}
	for _, e := range c.all() {
		layers[e.Layer] = true
	}
	n, of := c.N()
	return strings.TrimSuffix(fmt.Sprintf("%s: %d %s in %s, Σ = %+.3f %s", c.name, n, of, several(len(layers), "layer"), c.Total(), c.Unit()), " ")
}

// MarshalJSON writes the name and the entries.
func (c Circuit) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name    string  `json:"name"`
		About   string  `json:"about"`
		Entries []Entry `json:"entries"`
	}{c.name, c.About(), c.Entries()})
}

// Table returns the entries as layer,index,position,score; position −1 means summed over positions. A circuit
// with heads has one more column, kind, which says "neuron" or "head".
func (c Circuit) Table() Table {
	heads := c.hasHeads()
	t := Table{Caption: firstLine(c.String()), Columns: []string{"layer", "index", "position", "score"}}
	if heads {
		t.Columns = append(t.Columns, "kind")
	}
	for _, e := range c.all() {
		row := []any{e.Layer, e.Index, e.Position, e.Score}
		if heads {
			row = append(row, map[bool]string{false: "neuron", true: "head"}[e.Head])
		}
		t.Add(row...)
	}
	return t
}

// CSV returns the table as comma-separated values, with a line of the columns' names.
func (c Circuit) CSV() string { return c.Table().CSV() }
