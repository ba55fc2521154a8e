package tensorfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// file puts a header before data.
func file(header string, data []byte) []byte {
	return slices.Concat(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), []byte(header), data)
}

func written(t testing.TB, metadata map[string]string, tensors ...Tensor) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteSafetensors(&b, metadata, tensors); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	in := []Tensor{
		{Name: "z", Shape: []int{2, 3}, Data: []float32{0, float32(math.Copysign(0, -1)), 1, math.MaxFloat32, float32(math.Inf(-1)), math.SmallestNonzeroFloat32}},
		{Name: "a <&>\n", Shape: nil, Data: []float32{7}},
		{Name: "empty", Shape: []int{0, 4}},
	}
	b := written(t, map[string]string{"b": "ü", "a": "1"}, in...)
	if again := written(t, map[string]string{"a": "1", "b": "ü"}, in[2], in[0], in[1]); !bytes.Equal(b, again) {
		t.Error("the order of the arguments changes the bytes")
	}
	if n := 8 + binary.LittleEndian.Uint64(b); n%64 != 0 {
		t.Errorf("the data start at byte %d, no multiple of 64", n)
	}
	path := filepath.Join(t.TempDir(), "x.safetensors")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, want := fmt.Sprint(f.Metadata()), "map[a:1 b:ü]"; got != want {
		t.Errorf("metadata %s, want %s", got, want)
	}
	if got := f.Names(); !slices.Equal(got, []string{"a <&>\n", "empty", "z"}) {
		t.Errorf("names %q", got)
	}
	for _, want := range in {
		got, err := f.Float32(want.Name)
		if err != nil {
			t.Fatal(err)
		}
		info, ok := f.Info(want.Name)
		if !ok || info.DType != F32 || !slices.Equal(info.Shape, want.Shape) {
			t.Errorf("%q: info %v", want.Name, info)
		}
		if !slices.EqualFunc(got, want.Data, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
			t.Errorf("%q: %v, want %v", want.Name, got, want.Data)
		}
	}
}

// An aligned float32 tensor is not copied; one that is not aligned is, and reads the same.
func TestAliasing(t *testing.T) {
	b := written(t, nil, Tensor{"x", []int{2}, []float32{1, 2}})
	for shift := range 4 {
		shifted := append(make([]byte, shift, shift+len(b)), b...)[shift:]
		f, err := Parse(shifted)
		if err != nil {
			t.Fatal(err)
		}
		before, _ := f.Float32("x")
		if !slices.Equal(before, []float32{1, 2}) {
			t.Fatalf("shift %d: %v", shift, before)
		}
		copy(shifted[len(shifted)-8:], []byte{0, 0, 0, 0})
		if aliased := before[0] == 0; aliased != (shift == 0 && littleEndian) {
			t.Errorf("shift %d: aliased %v", shift, aliased)
		}
	}
}

func TestNumbers(t *testing.T) {
	le := binary.LittleEndian
	f64, i64 := le.AppendUint64(nil, math.Float64bits(1.0/3)), le.AppendUint64(nil, math.MaxUint64)
	header := `{"f16":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"bf":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]},` +
		`"f64":{"dtype":"F64","shape":[1],"data_offsets":[8,16]},"i64":{"dtype":"I64","shape":[1],"data_offsets":[16,24]},` +
		`"u64":{"dtype":"U64","shape":[1],"data_offsets":[24,32]},"i8":{"dtype":"I8","shape":[],"data_offsets":[32,33]},` +
		`"u8":{"dtype":"U8","shape":[1],"data_offsets":[33,34]},"i16":{"dtype":"I16","shape":[1],"data_offsets":[34,36]},` +
		`"f8":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[36,37]},"new":{"dtype":"F3","shape":[9],"data_offsets":[37,38]}}`
	data := slices.Concat([]byte{0x00, 0x3c, 0xff, 0x7b}, []byte{0x80, 0x3f, 0x49, 0xc0}, f64, i64, i64, []byte{0xfe, 0xfe, 0xfe, 0xff, 1, 2})
	f, err := Parse(file(header, data))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]float32{"f16": {1, 65504}, "bf": {1, -3.140625}, "f64": {1.0 / 3}} {
		if got, err := f.Float32(name); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v %v, want %v", name, got, err, want)
		}
	}
	for name, want := range map[string]int64{"i64": -1, "i8": -2, "u8": 254, "i16": -2} {
		if got, err := f.Int64(name); err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %v %v, want %d", name, got, err, want)
		}
	}
	for name, want := range map[string]string{"f8": `"f8": numbers of type F8_E4M3`, "new": `"new": numbers of type F3`, "i64": `"i64": numbers of type I64`, "f61": `no tensor "f61"; there is bf`} {
		if _, err := f.Float32(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Float32(%s): %v, want %q", name, err, want)
		}
	}
	if _, err := f.Int64("u64"); err == nil || !strings.Contains(err.Error(), "larger than any int64") {
		t.Errorf("Int64(u64): %v", err)
	}
}

func TestClosed(t *testing.T) {
	f, err := Parse(written(t, nil, Tensor{"x", []int{1}, []float32{1}}))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if _, err := f.Float32("x"); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("after Close: %v", err)
	}
}

// Close waits for conversions that read the mapping; whoever comes later gets an error.
func TestCloseWhileReading(t *testing.T) {
	const n = 1 << 21
	header := fmt.Sprintf(`{"x":{"dtype":"BF16","shape":[%d],"data_offsets":[0,%d]}}`, n, 2*n)
	path := filepath.Join(t.TempDir(), "x.safetensors")
	if err := os.WriteFile(path, file(header, bytes.Repeat([]byte{0x80, 0x3f}, n)), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var started sync.WaitGroup
	started.Add(4)
	for range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				v, err := f.Float32("x")
				if i == 0 {
					started.Done()
				}
				if err != nil {
					return
				}
				if v[0] != 1 || v[n-1] != 1 {
					t.Error("wrong numbers")
					return
				}
			}
		})
	}
	started.Wait()
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
}

func TestWriteRefuses(t *testing.T) {
	one := []float32{1}
	for want, tensors := range map[string][]Tensor{
		"holds 2 numbers, its data 1": {{"x", []int{2}, one}},
		"negative dimension":          {{"x", []int{-1, -1}, one}},
		"larger than any memory":      {{"x", []int{math.MaxInt, math.MaxInt}, one}},
		`two tensors are named "x"`:   {{"x", []int{1}, one}, {"x", []int{1}, one}},
		"no name for a tensor":        {{"", []int{1}, one}},
		"cannot be named":             {{"__metadata__", []int{1}, one}},
	} {
		var b bytes.Buffer
		if err := WriteSafetensors(&b, nil, tensors); err == nil || !strings.Contains(err.Error(), want) || b.Len() > 0 {
			t.Errorf("%v: %v after %d bytes, want %q", tensors, err, b.Len(), want)
		}
	}
}

func ExampleParse() {
	var b bytes.Buffer
	if err := WriteSafetensors(&b, map[string]string{"made": "by hand"}, []Tensor{{"w", []int{2, 2}, []float32{1, 2, 3, 4}}}); err != nil {
		fmt.Println(err)
		return
	}
	f, err := Parse(b.Bytes())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	w, err := f.Float32("w")
	fmt.Println(f.Names(), f.Metadata(), w, err)
	// Output: [w] map[made:by hand] [1 2 3 4] <nil>
}
