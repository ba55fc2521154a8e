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

// WriteSafetensors writes float32 tensors and metadata. The same arguments give the same bytes: tensors are laid down in
// the order of their names, the header is sorted, and it is padded so that the data start at a multiple of 64 bytes. A
// shape that does not fit its data, and a name that is empty or occurs twice, is an error before anything is written.
func WriteSafetensors(w io.Writer, metadata map[string]string, tensors []Tensor) error {
	order, err := checked(tensors)
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
		header[t.Name] = entry{F32, shape, [2]int{at, at + 4*len(t.Data)}}
		at += 4 * len(t.Data)
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
		if _, err := w.Write(Bytes(t.Data)); err != nil {
			return fmt.Errorf("safetensors: tensor %q: %w", t.Name, err)
		}
	}
	return nil
}

// checked returns the tensors in the order of their names.
func checked(tensors []Tensor) ([]Tensor, error) {
	order := slices.Clone(tensors)
	slices.SortStableFunc(order, func(a, b Tensor) int { return cmp.Compare(a.Name, b.Name) })
	for i, t := range order {
		if t.Name == "" || !utf8.ValidString(t.Name) {
			return nil, fmt.Errorf("%q is no name for a tensor: it must be UTF-8 and not empty", t.Name)
		}
		if i > 0 && order[i-1].Name == t.Name {
			return nil, fmt.Errorf("two tensors are named %q", t.Name)
		}
		n, err := elements(t.Shape)
		if err != nil {
			return nil, fmt.Errorf("tensor %q: %w", t.Name, err)
		}
		if n != len(t.Data) {
			return nil, fmt.Errorf("tensor %q: shape %v holds %d numbers, its data %d", t.Name, t.Shape, n, len(t.Data))
		}
	}
	return order, nil
}
