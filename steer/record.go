package steer

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Record is a finished result: named float32 tensors and a header with everything that fits no tensor. It is what a
// Runner returns, what the store keeps and what crosses a process boundary. A Record is never changed once it exists.
type Record struct {
	Header  Header
	Tensors map[string]Tensor
}

// Check reports a record whose body cannot be read as its kind's, or whose tensors are not those that the body says.
// Whoever takes a record from a file or another process asks this before a result is made of it.
func (r Record) Check() error {
	sizes := map[string][]int{}
	for name, t := range r.Tensors {
		n := 1
		for _, d := range t.Shape {
			if d < 0 || (d > 0 && n > math.MaxInt/d) {
				return engine.Mistake(engine.BadFile, "the record's tensor %s has the sizes %v", name, t.Shape)
			}
			n *= d
		}
		if n != len(t.Data) {
			return engine.Mistake(engine.BadFile, "the record's tensor %s has %d numbers, its sizes %v say %d", name, len(t.Data), t.Shape, n)
		}
		sizes[name] = t.Shape
	}
	return message.CheckBody(r.Header.Request.Kind, r.Header.Body, sizes)
}

// Header is the provenance of a record and the part of its result that is not numbers. It holds no times, so that the
// same request gives the same bytes.
type Header struct {
	Request  Request         `json:"request"`
	Identity Identity        `json:"identity"`
	Model    string          `json:"model"`  // the model as it was asked for
	Engine   string          `json:"engine"` // what did the work, e.g. "native (avx512)"
	Tool     string          `json:"tool"`   // version of neuronsteer
	Warnings []Warning       `json:"warnings,omitempty"`
	Body     json.RawMessage `json:"body"` // fields of the kind
}

// Tensor is a dense float32 array in row-major order: len(Data) is the product of Shape.
type Tensor struct {
	Shape []int
	Data  []float32
}

// Equal reports whether two tensors have the same shape and bit-identical numbers (NaN equals NaN of the same bits).
func (t Tensor) Equal(u Tensor) bool {
	return slices.Equal(t.Shape, u.Shape) && slices.EqualFunc(t.Data, u.Data, sameBits)
}
