package steer

import (
	"fmt"
	"slices"
	"sync"
)

// At returns the i-th strongest entry, from 0; a negative i counts from the end, −1 being the weakest. Outside it is a zero
// Entry.
func (c Circuit) At(i int) Entry { return at(c.all(), i) }

// at is a list's i-th element, or the zero value; a negative i counts from the end.
func at[E any](list []E, i int) (e E) {
	if i = fromEnd(i, len(list)); i >= 0 && i < len(list) {
		return list[i]
	}
	return e
}

// First is Top, by the word that sets of examples have: the n strongest entries.
func (c Circuit) First(n int) Circuit { return c.Top(n) }

// Contains reports whether the neuron, or the head, is in the circuit, at whatever position.
func (c Circuit) Contains(n Neuron) bool {
	return slices.ContainsFunc(c.all(), func(e Entry) bool { return e.Neuron == n })
}

// Layers returns the entries of c in layers lo to hi, both included; negative ones count from the end of the model, −1 being
// its last.
func (c Circuit) Layers(lo, hi int) Circuit {
	out := c
	out.name = fmt.Sprintf("%s, layers %d–%d", c.name, lo, hi)
	out.entries = sync.OnceValue(func() []Entry {
		L := c.from().shape.Layers
		return slices.DeleteFunc(c.Entries(), func(e Entry) bool { return e.Layer < fromEnd(lo, L) || e.Layer > fromEnd(hi, L) })
	})
	return out
}
