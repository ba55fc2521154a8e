package tensorfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every check of the header has a file here that nothing else refuses.
var damaged = map[string]struct {
	header string
	data   int // bytes
	want   string
}{
	"no object":        {`[1]`, 0, "not a JSON object"},
	"cut JSON":         {`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}`, 4, "not JSON"},
	"text for a shape": {`{"a":{"dtype":"F32","shape":"1","data_offsets":[0,4]}}`, 4, `tensor "a": shape cannot be a string`},
	"no offsets":       {`{"a":{"dtype":"F32","shape":[1]}}`, 4, "must be [begin, end]"},
	"three offsets":    {`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}`, 4, "must be [begin, end]"},
	"negative offset":  {`{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}`, 4, "no range"},
	"reversed offsets": {`{"a":{"dtype":"F32","shape":[0],"data_offsets":[4,0]}}`, 4, "no range"},
	"wrong size":       {`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, 4, "takes 8 bytes"},
	"negative size":    {`{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, 4, "negative dimension"},
	"overflow":         {`{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, 0, "larger than any memory"},
	"overflow bytes":   {`{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}`, 0, "larger than any memory"},
	"rank":             {`{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}`, 4, "17 dimensions"},
	"not a number":     {`{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}`, 4, `tensor "a"`},
	"twice": {`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`,
		8, `"a" occurs twice`},
	"overlap": {`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`,
		8, `"b" starts at byte 4 of the data, inside "a"`},
	"gap": {`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}`,
		12, `bytes 4 to 8 of the data, before tensor "b"`},
	"truncated":      {`{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}`, 10, "the file has 10: 6 bytes are missing"},
	"trailing data":  {`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 7, "3 bytes after the last tensor"},
	"trailing JSON":  {`{} {}`, 0, "3 bytes follow the JSON"},
	"metadata":       {`{"__metadata__":{"a":1}}`, 0, "must map strings to strings"},
	"metadata twice": {`{"__metadata__":{"a":"1"},"__metadata__":{"a":"1"}}`, 0, "occurs twice"},
}

func TestDamaged(t *testing.T) {
	for name, c := range damaged {
		_, err := Parse(file(c.header, make([]byte, c.data)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// A file cut anywhere is an error that names the path, and says how many bytes are missing.
func TestCut(t *testing.T) {
	whole := written(t, nil, Tensor{"a", []int{3}, []float32{1, 2, 3}}, Tensor{"b", []int{1}, []float32{4}})
	path := filepath.Join(t.TempDir(), "cut.safetensors")
	for n := range whole {
		if err := os.WriteFile(path, whole[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Open(path)
		if err == nil {
			t.Fatalf("cut to %d of %d bytes: no error", n, len(whole))
		}
		if m := err.Error(); !strings.Contains(m, path) || n > 0 && !strings.Contains(m, "missing") {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
}

func TestOpenOther(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "none")); !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
	if _, err := Parse(binary.LittleEndian.AppendUint64(nil, 1<<63)); err == nil || !strings.Contains(err.Error(), "the format allows") {
		t.Errorf("huge header: %v", err)
	}
}

// Headers of very many tensors, which take long to read, are of no model.
func TestTooManyTensors(t *testing.T) {
	var header strings.Builder
	for i := range maxTensors + 1 {
		fmt.Fprintf(&header, `,"%d":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`, i)
	}
	if _, err := Parse(file("{"+header.String()[1:]+"}", nil)); err == nil || !strings.Contains(err.Error(), "more than the 262144 tensors") {
		t.Errorf("%v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(written(f, map[string]string{"k": "v"}, Tensor{"a", []int{2, 1}, []float32{1, 2}}, Tensor{"b", nil, []float32{3}}))
	f.Add(file(`{"h":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"i":{"dtype":"U64","shape":[1],"data_offsets":[2,10]}}`, make([]byte, 10)))
	for _, c := range damaged {
		f.Add(file(c.header, make([]byte, c.data)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := Parse(b)
		y, readErr := Read("safetensors", bytes.NewReader(b), int64(len(b)))
		sameError(t, err, readErr)
		if err != nil {
			return
		}
		checkTable(t, &x.table, len(b))
		checkTable(t, &y.table, len(b))
	})
}

// checkTable reads everything that a parsed file offers: it must have the length of its shape and fit the file.
func checkTable(t *testing.T, x *table, size int) {
	for _, name := range x.Names() {
		info, ok := x.Info(name)
		n, err := elements(info.Shape)
		if !ok || err != nil {
			t.Fatalf("%q: %v %v", name, ok, err)
		}
		if v, err := x.Float32(name); err == nil && (len(v) != n || n > 4*size) { // Q2_K has three to a byte
			t.Fatalf("%q: %d numbers of shape %v from %d bytes", name, len(v), info.Shape, size)
		}
		if kind, shape, b, err := x.Raw(name); err == nil && (kind != info.DType || len(shape) != len(info.Shape) || len(b) > size) {
			t.Fatalf("%q: %d bytes of %s%v from %d", name, len(b), kind, shape, size)
		}
		if v, err := x.Int64(name); err == nil && len(v) != n {
			t.Fatalf("%q: %d numbers of shape %v", name, len(v), info.Shape)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
}
