package tensorfile

import (
	"bytes"
	"encoding/binary"
	"math"
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
