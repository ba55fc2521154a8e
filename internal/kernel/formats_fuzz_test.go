package kernel

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// FuzzFormats: any bits are a matrix; rows have the bits of the file's numbers, and products of any number of rows, in parts, those of
// the widened matrix, on every level.
func FuzzFormats(f *testing.F) {
	for i := range stored {
		f.Add(uint8(i), uint8(33), uint8(3), uint8(5), uint64(1), []byte{0x3c, 0x12, 0x80, 0xff, 0x7c})
	}
	f.Fuzz(func(t *testing.T, format, n8, blocks8, rows8 uint8, seed uint64, bits []byte) {
		form := stored[int(format)%len(stored)]
		numbersOf, size := form.Block()
		n, blocks, rows := int(n8)%70+1, int(blocks8)%10+1, int(rows8)%12+1
		if numbersOf == 256 {
			blocks = (blocks + 2) / 3
		}
		k := blocks * numbersOf
		r := rand.New(rand.NewPCG(seed, 2))
		raw := randomRaw(r, form, n, k, seed%2 == 0)
		if len(bits) > 0 {
			at := r.IntN(len(raw))
			copy(raw[at:], bytes.Repeat(bits, 1+r.IntN(20)))
		}
		w := dequantized(t, form, n, k, raw)
		m, err := Empty(form, n, k)
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		row := k / numbersOf * size
		for p := range m.Panels() {
			if err := m.PackPanels(p, p+1, raw[p*Panel*row:min(n, (p+1)*Panel)*row]); err != nil {
				t.Fatal(err)
			}
		}
		wide := pack(t, n, k, w)
		defer wide.Close()
		got := make([]float32, k)
		for i := range n {
			m.Row(i, got)
			sameBits(t, "row", got, w[i*k:][:k])
		}
		x, g := numbers(r, rows*k), numbers(r, rows*n)
		for l := range best() + 1 {
			use(t, l)
			y, gx := outputs(m, rows, x, g)
			wantY, wantGx := outputs(wide, rows, x, g)
			sameBits(t, "forward", y, wantY)
			sameBits(t, "backward", gx, wantGx)
			var s Scratch
			part, p := make([]float32, rows*n), r.IntN(m.Panels()+1)
			m.Forward(&s, rows, x, k, part, n, p, m.Panels())
			m.Forward(&s, rows, x, k, part, n, 0, p)
			sameBits(t, "forward in parts", part, y)
		}
	})
}

// TestPackPanelsRefuses: parts that are no panels, and rows of another size, are errors that say what was given and what is needed.
func TestPackPanelsRefuses(t *testing.T) {
	m, err := Empty(Q8_0, 40, 64)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for want, try := range map[string]func() error{
		"pack panels [0,3) of a matrix [40,64] of Q8_0: it has 2":                 func() error { return m.PackPanels(0, 3, nil) },
		"pack panels [1,1) of a matrix [40,64] of Q8_0: it has 2":                 func() error { return m.PackPanels(1, 1, nil) },
		"pack panels [-1,1) of a matrix [40,64] of Q8_0: it has 2":                func() error { return m.PackPanels(-1, 1, nil) },
		"pack 8 rows of a matrix [40,64] of Q8_0: 545 bytes given, 544 needed":    func() error { return m.PackPanels(1, 2, make([]byte, 545)) },
		"pack 40 rows of a matrix [40,64] of Q8_0: 2719 bytes given, 2720 needed": func() error { return m.PackPanels(0, 2, make([]byte, 2719)) },
		"pack a matrix [1,33] of Q8_0: rows must be whole blocks of 32 numbers":   func() error { _, err := Empty(Q8_0, 1, 33); return err },
		"pack a matrix: format Format(99) is not supported":                       func() error { _, err := Empty(99, 1, 1); return err },
		"pack a matrix [0,32]: both sizes must be from 1 to 2147483647":           func() error { _, err := Empty(Q4_0, 0, 32); return err },
	} {
		if err := try(); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
