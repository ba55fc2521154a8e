package golden

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
)

// A node is a place in the manifest. Its readers never fail: a value of the wrong kind is noted as a fault of the
// document, which fails the folder, and reads as empty. A key that is not there reads the same, as a list without a fault; exists
// tells.
type node struct {
	doc   *document
	path  []string
	value any // nil where there is nothing
}

func (n node) exists() bool { return n.value != nil }

func (n node) name() string { return join(n.path) }

// source returns what marks this key as compared; nil for an object or a key that is not there.
func (n node) source() *source { return n.doc.keys[n.name()] }

// get returns the value of a key.
func (n node) get(key string) node {
	m, _ := n.value.(map[string]any)
	return node{n.doc, append(slices.Clone(n.path), key), m[key]}
}

// keys returns the keys of an object, sorted.
func (n node) keys() []string {
	m, _ := n.value.(map[string]any)
	return slices.Sorted(maps.Keys(m))
}

// all returns the items of a list.
func (n node) all() []node {
	l, ok := n.value.([]any)
	if !ok && n.exists() {
		n.wrong("a list")
	}
	out := make([]node, len(l))
	for i, v := range l {
		out[i] = node{n.doc, append(slices.Clone(n.path), index(i)), v}
	}
	return out
}

func (n node) wrong(want string) {
	n.doc.faults = append(n.doc.faults, fault{n.name(), fmt.Errorf("%s: %s was expected here", n.doc.name, want)})
}

func (n node) str() string {
	s, ok := n.value.(string)
	if !ok {
		n.wrong("a text")
	}
	return s
}

func (n node) strs() []string {
	out := []string{}
	for _, x := range n.all() {
		out = append(out, x.str())
	}
	return out
}

// num returns a number, NaN where there is none.
func (n node) num() float64 {
	if j, ok := n.value.(json.Number); ok {
		if v, err := j.Float64(); err == nil {
			return v
		}
	}
	n.wrong("a number")
	return math.NaN()
}

// integer returns a whole number that fits an id; −1 where there is none.
func (n node) integer() int {
	if j, ok := n.value.(json.Number); ok {
		if v, err := strconv.ParseInt(j.String(), 10, 32); err == nil {
			return int(v)
		}
	}
	n.wrong("a whole number")
	return -1
}

func (n node) ids() []int32 {
	out := []int32{}
	for _, x := range n.all() {
		out = append(out, int32(x.integer()))
	}
	return out
}
