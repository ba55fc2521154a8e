package tensorfile

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

// A Tensor is a tensor to write: len(Data) is the product of Shape, row-major.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float32
}

// A Stored is a tensor to write whose bytes are those of a file already, as Raw gives them.
type Stored struct {
	Info
	Bytes []byte
}

// WriteSafetensors writes float32 tensors, stored ones and metadata. The same arguments give the same bytes: tensors are
// laid down in the order of their names, the header is sorted, and it is padded so that the data start at a multiple of 64
// bytes. A shape that does not fit its data, and a name that is empty or occurs twice, is an error before anything is
// written.
func WriteSafetensors(w io.Writer, metadata map[string]string, tensors []Tensor, stored ...Stored) error {
	order, err := checked(tensors, stored)
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	type entry struct {
		DType   DType  `json:"dtype"`
		Shape   []int  `json:"shape"`
		Offsets [2]int `json:"data_offsets"`
	}
	header := map[string]any{} // encoding/json sorts the keys of a map
	if len(metadata) > 0 {
		header["__metadata__"] = metadata
	}
	at := 0
	for _, t := range order {
		if t.Name == "__metadata__" {
			return fmt.Errorf("safetensors: a tensor cannot be named __metadata__")
		}
		shape := t.Shape
		if shape == nil {
			shape = []int{}
		}
		header[t.Name] = entry{t.DType, shape, [2]int{at, at + len(t.Bytes)}}
		at += len(t.Bytes)
	}
	h, err := json.Marshal(header)
	if err != nil {
		return fmt.Errorf("safetensors: header: %w", err)
	}
	h = append(h, bytes.Repeat([]byte{' '}, -(8+len(h))&63)...)
	if len(h) > maxHeader {
		return fmt.Errorf("safetensors: a header of %d bytes, the format allows %d", len(h), maxHeader)
	}
	if _, err := w.Write(append(binary.LittleEndian.AppendUint64(nil, uint64(len(h))), h...)); err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	for _, t := range order {
		if _, err := w.Write(t.Bytes); err != nil {
			return fmt.Errorf("safetensors: tensor %q: %w", t.Name, err)
		}
	}
	return nil
}

// checked returns all tensors as their bytes, in the order of their names.
func checked(tensors []Tensor, stored []Stored) ([]Stored, error) {
	order := slices.Clone(stored)
	for _, t := range tensors {
		n, err := elements(t.Shape)
		if err != nil {
			return nil, fmt.Errorf("tensor %q: %w", t.Name, err)
		}
		if n != len(t.Data) {
			return nil, fmt.Errorf("tensor %q: shape %v holds %d numbers, its data %d", t.Name, t.Shape, n, len(t.Data))
		}
		order = append(order, Stored{Info{t.Name, F32, t.Shape}, Bytes(t.Data)})
	}
	slices.SortStableFunc(order, func(a, b Stored) int { return cmp.Compare(a.Name, b.Name) })
	for i, t := range order {
		if t.Name == "" || !utf8.ValidString(t.Name) {
			return nil, fmt.Errorf("%q is no name for a tensor: it must be UTF-8 and not empty", t.Name)
		}
		if i > 0 && order[i-1].Name == t.Name {
			return nil, fmt.Errorf("two tensors are named %q", t.Name)
		}
		n, known, err := byteSize(t.DType, t.Shape)
		switch {
		case err != nil:
			return nil, fmt.Errorf("tensor %q: %w", t.Name, err)
		case !known:
			return nil, fmt.Errorf("tensor %q: the size of numbers of type %s is not known", t.Name, t.DType)
		case n != len(t.Bytes):
			return nil, fmt.Errorf("tensor %q: %s%v takes %d bytes, it has %d", t.Name, t.DType, t.Shape, n, len(t.Bytes))
		}
	}
	return order, nil
}
