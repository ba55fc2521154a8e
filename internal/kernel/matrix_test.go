package kernel

import (
	"math"
	"testing"
)

// TestPackRefuses: sizes that do not fit together are errors.
func TestPackRefuses(t *testing.T) {
	for _, c := range []struct {
		f        Format
		n, k     int
		bytes    int
		whatever string
	}{
		{F32, 0, 1, 0, "no rows"}, {F32, 1, 0, 0, "no columns"}, {F32, -1, -1, 4, "negative"}, {F32, 2, 3, 23, "a byte short"},
		{F32, 2, 3, 25, "a byte too many"}, {F32, 2, 3, 20, "a row short"}, {F32, math.MaxInt, math.MaxInt, 0, "an overflow"}, {formats, 1, 1, 4, "no format"},
		{Q4_0, 1, 33, 18, "half a block"},
	} {
		if _, err := Pack(c.f, c.n, c.k, make([]byte, c.bytes)); err == nil {
			t.Errorf("%s: [%d,%d] of %v from %d bytes is packed", c.whatever, c.n, c.k, c.f, c.bytes)
		}
	}
}

// TestClose: a closed matrix is an index panic, not a fault of the process, and closing twice is nothing.
func TestClose(t *testing.T) {
	m := pack(t, 3, 4, make([]float32, 12))
	if m.Size() < 4*Panel*4 {
		t.Errorf("size %d", m.Size())
	}
	for range 2 {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a closed matrix computes")
		}
	}()
	var s Scratch
	m.Forward(&s, 1, make([]float32, 4), 4, make([]float32, 3), 3, 0, 1)
}

// TestShortSlicesPanicFirst: an index panic comes before anything is written.
func TestShortSlicesPanicFirst(t *testing.T) {
	eachLevel(t, func(t *testing.T) {
		m := pack(t, 40, 20, make([]float32, 800))
		var s Scratch
		var gt Packed
		gt.Resize(20, 40)
		gt.PackRows(make([]float32, 800), 40, 0, 40)
		full := marked(400)
		for name, f := range map[string]func(){
			"forward, x":          func() { m.Forward(&s, 3, make([]float32, 59), 20, full[:120], 40, 0, 2) },
			"forward, y":          func() { m.Forward(&s, 3, make([]float32, 60), 20, full[:119], 40, 0, 2) },
			"backward":            func() { m.Backward(&s, 20, &gt, full[:399], 20, 0, 20) },
			"transpose, from":     func() { Transpose(full, 3, make([]float32, 8), 3, 3, 3) },
			"transpose, to":       func() { Transpose(full[:8], 3, make([]float32, 9), 3, 3, 3) },
			"binary":              func() { Binary(OpAdd, full[:120], make([]float32, 120), make([]float32, 119)[:119:119]) },
			"unary":               func() { Unary(OpExp, full[:120], make([]float32, 119)[:119:119]) },
			"dot":                 func() { Dot(full[:120], full[:119:119]) },
			"panels that are not": func() { m.Forward(&s, 3, make([]float32, 60), 20, full[:120], 40, 0, 3) },
		} {
			panics := func() (yes bool) {
				defer func() { yes = recover() != nil }()
				f()
				return false
			}
			if !panics() {
				t.Error(name, "does not panic")
			}
			for _, v := range full {
				if v != untouched {
					t.Fatal(name, "writes before it panics")
				}
			}
		}
	})
}
