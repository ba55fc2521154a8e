package tensorfile

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
)

// Every binary16 against its definition, ±fraction·2^exponent.
func TestHalf(t *testing.T) {
	for i := range 1 << 16 {
		exp, frac := i>>10&0x1f, float64(i&0x3ff)
		want := math.Ldexp(1024+frac, exp-25)
		switch {
		case exp == 0:
			want = math.Ldexp(frac, -24)
		case exp == 0x1f && frac == 0:
			want = math.Inf(1)
		case exp == 0x1f:
			want = math.NaN()
		}
		if i >= 1<<15 {
			want = -want
		}
		if i == 1<<15 {
			want = math.Copysign(0, -1)
		}
		got := float64(half(uint16(i)))
		if math.Float64bits(got) != math.Float64bits(want) && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("%#04x: %g, want %g", i, got, want)
		}
	}
}

// The quantized types against gguf-py's dequantize, bit for bit.
func TestQuantized(t *testing.T) {
	b, err := os.ReadFile("testdata/quantized.json")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[DType]json.RawMessage{}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	delete(cases, "about")
	if len(cases) != 5 {
		t.Fatalf("%d types in the fixture", len(cases))
	}
	for kind, raw := range cases {
		var c struct{ Raw, Bits string }
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(err)
		}
		src, _ := hex.DecodeString(c.Raw)
		got, err := toFloat32(kind, memory(src), 64)
		if err != nil {
			t.Fatal(err)
		}
		bits := ""
		for _, v := range got {
			bits += fmt.Sprintf("%08x", math.Float32bits(v))
		}
		if bits != c.Bits {
			t.Errorf("%s: %s\nwant %s", kind, bits, c.Bits)
		}
	}
}

// A tensor that is converted on several processors has the numbers of one that is not.
func TestParallel(t *testing.T) {
	const blocks = 5*grain/32 + 3
	src := make([]byte, 0, blocks*20)
	for i := range blocks {
		src = binary.LittleEndian.AppendUint16(src, uint16(0x2000+i%7)) // scale
		src = binary.LittleEndian.AppendUint16(src, uint16(0xb000+i%5)) // minimum
		for j := range 16 {
			src = append(src, byte(i*31+j*17))
		}
	}
	want := make([]float32, blocks*32)
	dequantizeQ4_1(want, src)
	got, err := toFloat32(Q4_1, memory(src), len(want))
	if err != nil {
		t.Fatal(err)
	}
	file := section{source{reader: bytes.NewReader(append([]byte("before"), src...)), size: 6 + len(src)}, 6, 6 + len(src)}
	read, err := toFloat32(Q4_1, file, len(want))
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if got[i] != want[i] || read[i] != want[i] {
			t.Fatalf("number %d: %g from memory, %g from a file, want %g", i, got[i], read[i], want[i])
		}
	}
}

func BenchmarkQ4_1(b *testing.B) {
	const n = 1 << 20
	src := make([]byte, n/32*20)
	b.SetBytes(4 * n)
	for b.Loop() {
		if _, err := toFloat32(Q4_1, memory(src), n); err != nil {
			b.Fatal(err)
		}
	}
}

// memory is all of b as a section.
func memory(b []byte) section { return section{source{memory: b, size: len(b)}, 0, len(b)} }
