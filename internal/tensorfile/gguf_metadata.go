package tensorfile

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// The value types of GGUF metadata.
const (
	typeU8 uint32 = iota
	typeI8
	typeU16
	typeI16
	typeU32
	typeI32
	typeF32
	typeBool
	typeString
	typeArray
	typeU64
	typeI64
	typeF64
)

// widths gives the bytes of a value of fixed width.
var widths = map[uint32]int{typeU8: 1, typeI8: 1, typeU16: 2, typeI16: 2, typeU32: 4, typeI32: 4, typeF32: 4,
	typeBool: 1, typeU64: 8, typeI64: 8, typeF64: 8}

// Metadata holds the typed fields of a GGUF. Every accessor's ok is false when the field is missing or of another type.
// It stays valid after Close.
type Metadata struct {
	fields map[string]field
}

// A field is a value, or an array of n values of one type, as it lies in the file; text is what a string type holds.
type field struct {
	kind  uint32 // of the value, or of the elements
	array bool
	n     int
	raw   []byte
	text  []string
}

// Keys returns the names of all fields, sorted.
func (m Metadata) Keys() []string {
	keys := make([]string, 0, len(m.fields))
	for k := range m.fields {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Has reports whether there is a field of this name, of any type.
func (m Metadata) Has(key string) bool { _, ok := m.fields[key]; return ok }

// Uint returns an integer field that is not negative.
func (m Metadata) Uint(key string) (v uint64, ok bool) {
	f := m.fields[key]
	if f.array || f.n != 1 {
		return 0, false
	}
	if f.kind == typeU64 {
		return binary.LittleEndian.Uint64(f.raw), true
	}
	i, ok := f.int(0)
	return uint64(max(i, 0)), ok && i >= 0
}

// Float returns a floating-point field. A float32 is widened exactly.
func (m Metadata) Float(key string) (v float64, ok bool) {
	f := m.fields[key]
	if f.array || f.n != 1 {
		return 0, false
	}
	switch f.kind {
	case typeF32:
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(f.raw))), true
	case typeF64:
		return math.Float64frombits(binary.LittleEndian.Uint64(f.raw)), true
	}
	return 0, false
}

// String returns a string field. It is the bytes of the file, which need not be UTF-8.
func (m Metadata) String(key string) (v string, ok bool) {
	f := m.fields[key]
	if f.array || f.kind != typeString || len(f.text) != 1 {
		return "", false
	}
	return f.text[0], true
}

// Bool returns a boolean field.
func (m Metadata) Bool(key string) (v, ok bool) {
	f := m.fields[key]
	if f.array || f.kind != typeBool || f.n != 1 {
		return false, false
	}
	return f.raw[0] != 0, true
}

// Bools returns an array of booleans.
func (m Metadata) Bools(key string) (v []bool, ok bool) {
	f := m.fields[key]
	if !f.array || f.kind != typeBool {
		return nil, false
	}
	for _, b := range f.raw {
		v = append(v, b != 0)
	}
	return v, true
}

// Strings returns an array of strings. It must not be changed.
func (m Metadata) Strings(key string) (v []string, ok bool) {
	f := m.fields[key]
	return f.text, f.array && f.kind == typeString
}

// Ints returns an array of integers.
func (m Metadata) Ints(key string) (v []int64, ok bool) {
	f := m.fields[key]
	if !f.array {
		return nil, false
	}
	v = make([]int64, f.n)
	for i := range v {
		if v[i], ok = f.int(i); !ok {
			return nil, false
		}
	}
	return v, f.n > 0 || f.isInt()
}

// Floats returns an array of floating-point numbers.
func (m Metadata) Floats(key string) (v []float64, ok bool) {
	f := m.fields[key]
	if !f.array || f.kind != typeF32 && f.kind != typeF64 {
		return nil, false
	}
	v = make([]float64, f.n)
	for i := range v {
		if b := f.raw[i*widths[f.kind]:]; f.kind == typeF32 {
			v[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
		} else {
			v[i] = math.Float64frombits(binary.LittleEndian.Uint64(b))
		}
	}
	return v, true
}

func (f field) isInt() bool {
	switch f.kind {
	case typeF32, typeF64, typeBool, typeString, typeArray:
		return false
	}
	return true
}

// int returns element i of an integer field; ok is false for another type and for what does not fit.
func (f field) int(i int) (v int64, ok bool) {
	if !f.isInt() || i >= f.n {
		return 0, false
	}
	le, b := binary.LittleEndian, f.raw[i*widths[f.kind]:]
	switch f.kind {
	case typeU8:
		return int64(b[0]), true
	case typeI8:
		return int64(int8(b[0])), true
	case typeU16:
		return int64(le.Uint16(b)), true
	case typeI16:
		return int64(int16(le.Uint16(b))), true
	case typeU32:
		return int64(le.Uint32(b)), true
	case typeI32:
		return int64(int32(le.Uint32(b))), true
	case typeU64:
		u := le.Uint64(b)
		return int64(u & math.MaxInt64), u <= math.MaxInt64
	}
	return int64(le.Uint64(b)), true
}

// readField reads one key, type and value. What it keeps is a copy, so that it outlives the file.
func (m Metadata) readField(c *cursor) error {
	key := c.string("the name of a metadata field")
	f := field{kind: c.u32("the type of " + key), n: 1}
	if f.kind == typeArray && c.err == nil {
		f.array, f.kind = true, c.u32("the element type of "+key)
		f.n = int(c.count("elements of "+key, uint64(c.src.size))) // each takes a byte at least
	}
	if c.err != nil {
		return c.err
	}
	if _, ok := m.fields[key]; ok {
		return fmt.Errorf("metadata field %q occurs twice", key)
	}
	switch width, fixed := widths[f.kind]; {
	case fixed:
		if f.n > math.MaxInt/width {
			return fmt.Errorf("metadata field %q claims %d elements", key, f.n)
		}
		f.raw = slices.Clone(c.bytes(f.n*width, key))
	case f.kind == typeString:
		f.text = make([]string, 0, min(f.n, c.left()/8)) // each takes its length at least
		for i := 0; i < f.n && c.err == nil; i++ {
			f.text = append(f.text, c.string(key))
		}
	default:
		return fmt.Errorf("metadata field %q has values of type %d, which is not read", key, f.kind)
	}
	m.fields[key] = f
	return c.err
}
