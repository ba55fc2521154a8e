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
	"testing"
)

func writtenGGUF(t testing.TB, metadata []Field, tensors ...Tensor) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteGGUF(&b, metadata, tensors); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var someFields = []Field{
	{"general.architecture", "llama"},
	{"u", uint32(7)}, {"u64", uint64(math.MaxUint64)}, {"i", int32(-7)}, {"i64", int64(7)},
	{"f", float32(0.5)}, {"f64", 0.1}, {"yes", true}, {"no", false},
	{"tokens", []string{"a", "", "\xff"}}, {"ints", []int32{-1, 2}}, {"uints", []uint32{1, math.MaxUint32}},
	{"floats", []float32{1}}, {"nothing", []int32{}},
}

func TestGGUFRoundTrip(t *testing.T) {
	in := []Tensor{{"w", []int{2, 3}, []float32{1, 2, 3, 4, 5, 6}}, {"b", []int{1}, []float32{-1}}, {"none", []int{0}, nil}}
	b := writtenGGUF(t, someFields, in...)
	path := filepath.Join(t.TempDir(), "x.gguf")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := OpenGGUF(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range in {
		info, _ := f.Info(want.Name)
		got, err := f.Float32(want.Name)
		if err != nil || !slices.Equal(got, want.Data) || !slices.Equal(info.Shape, want.Shape) || info.DType != F32 {
			t.Errorf("%s: %v %v %v", want.Name, info, got, err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	// Metadata outlives the mapping.
	got := []any{}
	add := func(v any, ok bool) { got = append(got, v, ok) }
	for _, k := range []string{"u", "u64", "i", "i64", "f", "none"} {
		add(f.Uint(k))
	}
	for _, k := range []string{"f", "f64", "u"} {
		add(f.Float(k))
	}
	add(f.Bool("yes"))
	add(f.Bool("no"))
	add(f.Bool("u"))
	add(f.String("general.architecture"))
	add(f.String("tokens"))
	for _, k := range []string{"ints", "uints", "floats", "nothing", "tokens", "u"} {
		add(f.Ints(k))
	}
	s, ok := f.Strings("tokens")
	add(fmt.Sprintf("%q", s), ok)
	_, ok = f.Strings("general.architecture")
	add("", ok)
	want := []any{uint64(7), true, uint64(math.MaxUint64), true, uint64(0), false, uint64(7), true, uint64(0), false, uint64(0), false,
		0.5, true, 0.1, true, 0.0, false, true, true, false, true, false, false, "llama", true, "", false,
		[]int64{-1, 2}, true, []int64{1, math.MaxUint32}, true, []int64(nil), false, []int64{}, true, []int64(nil), false, []int64(nil), false,
		`["a" "" "\xff"]`, true, "", false}
	if g, w := fmt.Sprintf("%#v", got), fmt.Sprintf("%#v", want); g != w {
		t.Errorf("metadata\n%s, want\n%s", g, w)
	}
}

// raw builds the header of a GGUF word by word: a string becomes its length and bytes.
func raw(words ...any) []byte {
	b := []byte("GGUF")
	for _, w := range words {
		switch w := w.(type) {
		case string:
			b = appendString(b, w)
		case int: // counts, dimensions, offsets; an int64 where they are larger than a 32-bit int
			b = binary.LittleEndian.AppendUint64(b, uint64(w))
		case int64:
			b = binary.LittleEndian.AppendUint64(b, uint64(w))
		case uint32: // versions, types, ranks
			b = binary.LittleEndian.AppendUint32(b, w)
		case []byte:
			b = append(b, w...)
		}
	}
	return b
}

const v3, f32, str, arr = uint32(3), uint32(0), uint32(8), uint32(9)

var damagedGGUF = map[string]struct {
	file []byte
	want string
}{
	"magic":           {[]byte("GGML\x03\x00\x00\x00"), `starts with "GGML"`},
	"version":         {raw(uint32(1), 0, 0), "version 1 is not read"},
	"big-endian":      {raw(uint32(3<<24), 0, 0), "big-endian"},
	"many tensors":    {raw(v3, 1<<21, 0), "at most 262144"},
	"many fields":     {raw(v3, 0, 1<<17), "at most 65536"},
	"long string":     {raw(v3, 0, 1, int64(1<<40)), "claims 1099511627776 bytes"},
	"unknown type":    {raw(v3, 0, 1, "k", uint32(13)), "type 13"},
	"nested array":    {raw(v3, 0, 1, "k", arr, arr, 1), "type 9"},
	"long array":      {raw(v3, 0, 1, "k", arr, str, int64(1<<40)), "elements of k"},
	"field twice":     {raw(v3, 0, 2, "k", uint32(7), []byte{1}, "k", uint32(7), []byte{1}), `"k" occurs twice`},
	"alignment":       {raw(v3, 0, 1, "general.alignment", uint32(4), uint32(24)), "power of two"},
	"alignment type":  {raw(v3, 0, 1, "general.alignment", str, "32"), "power of two"},
	"rank":            {raw(v3, 1, 0, "t", uint32(5), 1, 1, 1, 1, 1, f32, 0), "5 dimensions"},
	"huge dimension":  {raw(v3, 1, 0, "t", uint32(1), -1, f32, 0), "larger than any memory"},
	"product":         {raw(v3, 1, 0, "t", uint32(2), int64(1<<40), int64(1<<40), f32, 0), "larger than any memory"},
	"odd block":       {raw(v3, 1, 0, "t", uint32(2), 31, 32, uint32(3), 0), "blocks of 32"},
	"unaligned":       {raw(v3, 1, 0, "t", uint32(1), 1, f32, 4, make([]byte, 99)), "no multiple of 32"},
	"huge offset":     {raw(v3, 1, 0, "t", uint32(1), 1, f32, int64(math.MinInt64), make([]byte, 99)), "larger than any file"},
	"tensor twice":    {raw(v3, 2, 0, "t", uint32(1), 1, f32, 0, "t", uint32(1), 1, f32, 32, make([]byte, 99)), `"t" occurs twice`},
	"overlap":         {raw(v3, 2, 0, "a", uint32(1), 9, f32, 0, "b", uint32(1), 1, f32, 32, make([]byte, 99)), `"b" starts at byte 32 of the data, inside "a"`},
	"tensor past end": {raw(v3, 1, 0, "t", uint32(1), 64, f32, 0, make([]byte, 50)), "bytes are missing"},
}

func TestDamagedGGUF(t *testing.T) {
	for name, c := range damagedGGUF {
		if _, err := ParseGGUF(c.file); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// A file cut anywhere before its last number is an error that says how many bytes are missing.
func TestCutGGUF(t *testing.T) {
	b := writtenGGUF(t, someFields, Tensor{"w", []int{8}, make([]float32, 8)})
	for n := range b {
		if _, err := ParseGGUF(b[:n]); err == nil || !strings.Contains(err.Error(), "missing") {
			t.Fatalf("cut to %d of %d bytes: %v", n, len(b), err)
		}
	}
}

// A type that is not read is listed, and named when it is asked for.
func TestOtherTypes(t *testing.T) {
	f, err := ParseGGUF(raw(v3, 2, 0, "k", uint32(1), 256, uint32(15), 0, "x", uint32(1), 3, uint32(77), 320, make([]byte, 384)))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"k": `tensor "k": numbers of type Q8_K`, "x": `tensor "x": numbers of type ggml-type-77`} {
		if _, err := f.Float32(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	if _, _, b, err := f.Raw("k"); err != nil || len(b) != 292 {
		t.Errorf("bytes of a type of known size: %d, %v", len(b), err)
	}
	if _, _, _, err := f.Raw("x"); err == nil || !strings.Contains(err.Error(), "ggml-type-77") {
		t.Errorf("bytes of a type of unknown size: %v", err)
	}
}

// An array of integers that do not fit int64 is no array of Ints.
func TestHugeInts(t *testing.T) {
	for n, want := range map[int64]bool{-1: false, math.MaxInt64: true} { // as uint64
		f, err := ParseGGUF(raw(v3, 0, 1, "k", arr, uint32(10), 1, n))
		if err != nil {
			t.Fatal(err)
		}
		if v, ok := f.Ints("k"); ok != want {
			t.Errorf("%d: %v %v", uint64(n), v, ok)
		}
	}
}

func TestWriteGGUFRefuses(t *testing.T) {
	for want, in := range map[string]struct {
		fields  []Field
		tensors []Tensor
		stored  []Stored
	}{
		"type struct {}":       {[]Field{{"k", struct{}{}}}, nil, nil},
		"occurs twice":         {[]Field{{"k", true}, {"k", true}}, nil, nil},
		"5 dimensions":         {nil, []Tensor{{"t", []int{1, 1, 1, 1, 1}, []float32{1}}}, nil},
		"holds 2 numbers":      {nil, []Tensor{{"t", []int{2}, []float32{1}}}, nil},
		`are named "t"`:        {nil, []Tensor{{"t", []int{0}, nil}}, []Stored{{Info{"t", F16, []int{0}}, nil}}},
		"no name or occurs":    {[]Field{{"", true}}, nil, nil},
		"no name for a tenso":  {nil, []Tensor{{"", []int{0}, nil}}, nil},
		"blocks of 32 numbers": {nil, nil, []Stored{{Info{"t", Q8_0, []int{31}}, nil}}},
		"takes 34 bytes":       {nil, nil, []Stored{{Info{"t", Q8_0, []int{32}}, make([]byte, 33)}}},
		"type X is not known":  {nil, nil, []Stored{{Info{"t", "X", []int{1}}, make([]byte, 1)}}},
		"GGUF has no type BOO": {nil, nil, []Stored{{Info{"t", Bool, []int{1}}, make([]byte, 1)}}},
	} {
		var b bytes.Buffer
		if err := WriteGGUF(&b, in.fields, in.tensors, in.stored...); err == nil || !strings.Contains(err.Error(), want) || b.Len() > 0 {
			t.Errorf("%v after %d bytes, want %q", err, b.Len(), want)
		}
	}
}

func FuzzGGUF(f *testing.F) {
	f.Add(writtenGGUF(f, someFields, Tensor{"w", []int{1, 2}, []float32{1, 2}}))
	f.Add(raw(v3, 1, 0, "t", uint32(1), 32, uint32(3), 0, make([]byte, 64)))
	f.Add(raw(v3, 1, 0, "t", uint32(2), 256, 1, uint32(14), 0, make([]byte, 224)))
	for _, c := range damagedGGUF {
		f.Add(c.file)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := ParseGGUF(b)
		y, readErr := ReadGGUF("gguf", bytes.NewReader(b), int64(len(b)))
		sameError(t, err, readErr)
		if err != nil {
			return
		}
		checkTable(t, &y.table, len(b))
		for _, k := range x.Keys() {
			x.Uint(k)
			x.Float(k)
			x.Bool(k)
			x.String(k)
			x.Strings(k)
			if v, ok := x.Ints(k); ok && len(v) > len(b) {
				t.Fatalf("%q: %d integers from %d bytes", k, len(v), len(b))
			}
		}
		checkTable(t, &x.table, len(b))
	})
}
