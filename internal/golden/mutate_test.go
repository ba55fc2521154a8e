package golden

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
)

// A rawTensor is a tensor of a safetensors file as it lies there.
type rawTensor struct {
	DType string `json:"dtype"`
	Shape []int  `json:"shape"`
	At    [2]int `json:"data_offsets"`
	bytes []byte
}

// unpack takes a safetensors file apart.
func unpack(t testing.TB, b []byte) map[string]rawTensor {
	t.Helper()
	n := int(binary.LittleEndian.Uint64(b))
	out := map[string]rawTensor{}
	if err := json.Unmarshal(b[8:8+n], &out); err != nil {
		t.Fatal(err)
	}
	for name, x := range out {
		x.bytes = slices.Clone(b[8+n+x.At[0] : 8+n+x.At[1]])
		out[name] = x
	}
	return out
}

// pack is the inverse of unpack.
func pack(t testing.TB, tensors map[string]rawTensor) []byte {
	t.Helper()
	header, data := map[string]rawTensor{}, []byte{}
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		x := tensors[name]
		x.At = [2]int{len(data), len(data) + len(x.bytes)}
		header[name] = x
		data = append(data, x.bytes...)
	}
	h, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(binary.LittleEndian.AppendUint64(nil, uint64(len(h))), h, data)
}

// withTensor returns the files with one tensor changed.
func (f files) withTensor(t testing.TB, name string, change func(*rawTensor)) files {
	t.Helper()
	all := unpack(t, f.tensors)
	x := all[name]
	change(&x)
	all[name] = x
	f.tensors = pack(t, all)
	return f
}

// with returns the files with the value at a path replaced; a nil value removes the key.
func (f files) with(t testing.TB, path []string, change func(any) any) files {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(f.manifest))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(replaced(v, path, change))
	if err != nil {
		t.Fatal(err)
	}
	f.manifest = b
	return f
}

func replaced(v any, path []string, change func(any) any) any {
	if len(path) == 0 {
		return change(v)
	}
	if l, ok := v.([]any); ok {
		var i int
		fmt.Sscanf(path[0], "[%d]", &i)
		l[i] = replaced(l[i], path[1:], change)
		return l
	}
	m := v.(map[string]any)
	if w := replaced(m[path[0]], path[1:], change); w == nil {
		delete(m, path[0])
	} else {
		m[path[0]] = w
	}
	return m
}

// mutants returns the value changed in several ways, each beyond every tolerance.
func mutants(v any) []any {
	switch v := v.(type) {
	case json.Number:
		if strings.ContainsAny(v.String(), ".e") {
			x, _ := v.Float64()
			return []any{x + 0.05, x - 0.05}
		}
		n, _ := v.Int64()
		return []any{n + 1}
	case string:
		return []any{v + "x"}
	case []any:
		if len(v) == 0 {
			return []any{[]any{json.Number("3")}}
		}
		var out []any
		for _, i := range slices.Compact([]int{0, len(v) - 1}) {
			for _, m := range mutants(v[i]) {
				w := slices.Clone(v)
				w[i] = m
				out = append(out, w)
			}
		}
		return append(out, v[:len(v)-1])
	}
	return nil
}

// spoiled returns the ways to change a tensor: one number, or one that is none.
func spoiled(dtype string) map[string]func([]byte) {
	if dtype != "F32" {
		return map[string]func([]byte){"+1": func(b []byte) { b[0]++ }}
	}
	put := func(f func(float32) float32) func([]byte) {
		return func(b []byte) {
			at := b[len(b)/8*4:]
			binary.LittleEndian.PutUint32(at, math.Float32bits(f(math.Float32frombits(binary.LittleEndian.Uint32(at)))))
		}
	}
	return map[string]func([]byte){
		"off": put(func(x float32) float32 { return x*1.1 + 0.1 }),
		"NaN": put(func(float32) float32 { return float32(math.NaN()) }),
		"Inf": put(func(float32) float32 { return float32(math.Inf(1)) }),
	}
}
