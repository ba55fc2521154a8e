package tensorfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

// A Field is one field of GGUF metadata to write. Value is a uint32, int32, uint64, int64, float32, float64, bool,
// string, []string, []bool, []int32, []uint32 or []float32.
type Field struct {
	Key   string
	Value any
}

const ggufAlign = 32

// WriteGGUF writes a version 3 GGUF of float32 tensors and stored ones, in the order of their names. The same arguments give
// the same bytes. A shape that does not fit its data, more than four dimensions, a name that occurs twice, a type that GGUF
// does not have or a metadata value of another type is an error before anything is written.
func WriteGGUF(w io.Writer, metadata []Field, tensors []Tensor, stored ...Stored) error {
	order, err := checked(tensors, stored)
	if err != nil {
		return fmt.Errorf("gguf: %w", err)
	}
	le := binary.LittleEndian
	h := []byte("GGUF")
	h = le.AppendUint32(h, 3)
	h = le.AppendUint64(h, uint64(len(order)))
	h = le.AppendUint64(h, uint64(len(metadata)))
	seen := map[string]bool{}
	for _, f := range metadata {
		if f.Key == "" || seen[f.Key] {
			return fmt.Errorf("gguf: metadata field %q has no name or occurs twice", f.Key)
		}
		seen[f.Key] = true
		if h, err = appendValue(appendString(h, f.Key), f.Value); err != nil {
			return fmt.Errorf("gguf: metadata field %q: %w", f.Key, err)
		}
	}
	at := 0
	for _, t := range order {
		if len(t.Shape) > maxDims {
			return fmt.Errorf("gguf: tensor %q has %d dimensions, at most %d can be written", t.Name, len(t.Shape), maxDims)
		}
		h = le.AppendUint32(appendString(h, t.Name), uint32(len(t.Shape)))
		for _, d := range slices.Backward(t.Shape) {
			h = le.AppendUint64(h, uint64(d))
		}
		code, ok := ggmlCodes[t.DType]
		if !ok {
			return fmt.Errorf("gguf: tensor %q: GGUF has no type %s", t.Name, t.DType)
		}
		h = le.AppendUint64(le.AppendUint32(h, code), uint64(at))
		at += padded(len(t.Bytes))
	}
	if len(order) > 0 {
		h = append(h, make([]byte, padded(len(h))-len(h))...)
	}
	if _, err := w.Write(h); err != nil {
		return fmt.Errorf("gguf: %w", err)
	}
	for _, t := range order {
		if _, err := w.Write(t.Bytes); err != nil {
			return fmt.Errorf("gguf: tensor %q: %w", t.Name, err)
		}
		if _, err := w.Write(bytes.Repeat([]byte{0}, padded(len(t.Bytes))-len(t.Bytes))); err != nil {
			return fmt.Errorf("gguf: tensor %q: %w", t.Name, err)
		}
	}
	return nil
}

func padded(n int) int { return (n + ggufAlign - 1) &^ (ggufAlign - 1) }

func appendString(b []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint64(b, uint64(len(s))), s...)
}

// appendValue appends the type of a value and the value.
func appendValue(b []byte, v any) ([]byte, error) {
	le := binary.LittleEndian
	array := func(kind uint32, n int) []byte {
		return le.AppendUint64(le.AppendUint32(le.AppendUint32(b, typeArray), kind), uint64(n))
	}
	switch v := v.(type) {
	case uint32:
		return le.AppendUint32(le.AppendUint32(b, typeU32), v), nil
	case int32:
		return le.AppendUint32(le.AppendUint32(b, typeI32), uint32(v)), nil
	case uint64:
		return le.AppendUint64(le.AppendUint32(b, typeU64), v), nil
	case int64:
		return le.AppendUint64(le.AppendUint32(b, typeI64), uint64(v)), nil
	case float32:
		return le.AppendUint32(le.AppendUint32(b, typeF32), math.Float32bits(v)), nil
	case float64:
		return le.AppendUint64(le.AppendUint32(b, typeF64), math.Float64bits(v)), nil
	case bool:
		x := byte(0)
		if v {
			x = 1
		}
		return append(le.AppendUint32(b, typeBool), x), nil
	case string:
		return appendString(le.AppendUint32(b, typeString), v), nil
	case []string:
		b = array(typeString, len(v))
		for _, s := range v {
			b = appendString(b, s)
		}
		return b, nil
	case []bool:
		return binary.Append(array(typeBool, len(v)), le, v)
	case []int32:
		return binary.Append(array(typeI32, len(v)), le, v)
	case []uint32:
		return binary.Append(array(typeU32, len(v)), le, v)
	case []float32:
		return binary.Append(array(typeF32, len(v)), le, v)
	}
	return nil, fmt.Errorf("a value of type %T cannot be written", v)
}
