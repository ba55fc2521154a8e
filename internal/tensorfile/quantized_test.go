package tensorfile

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// kinds are the types of weights that are read.
var kinds = []DType{F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2K, Q3K, Q4K, Q5K, Q6K, IQ4NL}

// sameBits says whether two numbers are the same. Which of the many NaN a processor makes is left to it.
func sameBits(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

// Blocks of random bits, with scales that are subnormal, infinite or not a number too, against gguf's own dequantization:
// bench/peer/quantized.py wrote the file.
func TestQuantized(t *testing.T) {
	f, err := OpenGGUF("testdata/quantized.gguf")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, kind := range kinds[1:] {
		info, ok := f.Info(string(kind))
		if !ok || info.DType != kind {
			t.Errorf("%s is not in the file, or %s there", kind, info.DType)
			continue
		}
		got, err := f.Float32(string(kind))
		if err != nil {
			t.Error(err)
			continue
		}
		want, err := f.Float32(string(kind) + ".want")
		if err != nil || len(got) != len(want) {
			t.Errorf("%s: %d numbers, want %d: %v", kind, len(got), len(want), err)
			continue
		}
		for i, w := range want {
			if !sameBits(got[i], w) {
				t.Errorf("%s: number %d is %g (%#08x), want %g (%#08x)", kind, i, got[i], math.Float32bits(got[i]), w, math.Float32bits(w))
				break
			}
		}
	}
}

// The list in messages is that of the types that are read.
func TestReadableTypes(t *testing.T) {
	for kind := range layouts {
		if Reads(kind) != slices.Contains(kinds, kind) && kind != F64 {
			t.Errorf("%s: read %v, listed %v", kind, Reads(kind), !Reads(kind))
		}
	}
	text := ""
	for i, kind := range kinds {
		switch i {
		case 0:
		case len(kinds) - 1:
			text += " or "
		default:
			text += ", "
		}
		text += string(kind)
	}
	if text != ReadableTypes {
		t.Errorf("%s, want %s", ReadableTypes, text)
	}
}

// What Raw gives is what was written, from memory and from a reader, of a row as of many that several processors read.
func TestRaw(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, kind := range kinds {
		for _, rows := range []int{1, 3, 2 * grain / 256} {
			shape := []int{rows, 512}
			size, _, _ := byteSize(kind, shape)
			want := make([]byte, size)
			for i := range want {
				want[i] = byte(random.Uint32())
			}
			in := Stored{Info{"w", kind, shape}, want}
			for format, whole := range map[string]func(*bytes.Buffer) error{
				"gguf":        func(b *bytes.Buffer) error { return WriteGGUF(b, nil, nil, in) },
				"safetensors": func(b *bytes.Buffer) error { return WriteSafetensors(b, nil, nil, in) },
			} {
				var b bytes.Buffer
				if err := whole(&b); err != nil {
					t.Fatal(err)
				}
				for from, f := range bothWays(t, format, b.Bytes()) {
					gotKind, gotShape, got, err := f.Raw("w")
					if err != nil || gotKind != kind || !slices.Equal(gotShape, shape) || !bytes.Equal(got, want) {
						t.Errorf("%s of %s from %s: %s%v, %d bytes, %v", format, kind, from, gotKind, gotShape, len(got), err)
					}
					if _, _, _, err := f.Raw("v"); fmt.Sprint(err) != format+`: no tensor "v"; there is w` {
						t.Errorf("%s from %s: %v", format, from, err)
					}
				}
			}
		}
	}
}

// bothWays opens a file from memory and from a reader.
func bothWays(t *testing.T, format string, b []byte) map[string]*table {
	t.Helper()
	out := map[string]*table{}
	if format == "gguf" {
		memory, err := ParseGGUF(b)
		if err != nil {
			t.Fatal(err)
		}
		reader, err := ReadGGUF(format, bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		out["memory"], out["a reader"] = &memory.table, &reader.table
		return out
	}
	memory, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := Read(format, bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	out["memory"], out["a reader"] = &memory.table, &reader.table
	return out
}

// FuzzWiden widens any bytes as blocks of any type: a block at a time gives the numbers that all give at once, and nothing
// beyond them is read or written.
func FuzzWiden(f *testing.F) {
	for i := range kinds {
		f.Add(uint8(i), bytes.Repeat([]byte{0x3c, 0x81, 0xff}, 300))
	}
	f.Fuzz(func(t *testing.T, which uint8, b []byte) {
		kind := kinds[int(which)%len(kinds)]
		l := layouts[kind]
		b = b[:len(b)/l.bytes*l.bytes]
		n := len(b) / l.bytes * l.block
		all, err := toFloat32(kind, memory(slices.Clip(b)), n)
		if err != nil || len(all) != n {
			t.Fatalf("%s: %d numbers of %d: %v", kind, len(all), n, err)
		}
		for i := 0; i < n; i += l.block {
			one, err := toFloat32(kind, memory(b[i/l.block*l.bytes:][:l.bytes:l.bytes]), l.block)
			if err != nil || !slices.EqualFunc(one, all[i:i+l.block], sameBits) {
				t.Fatalf("%s: block at %d: %v, %v of all: %v", kind, i, one, all[i:i+l.block], err)
			}
		}
	})
}
