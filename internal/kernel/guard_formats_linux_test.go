package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// TestFormatsNothingOutside: packing, widening and products of every format, with the file's bytes, the panels, the numbers and the
// scratch memory each against a guard page, at its end and at its beginning.
func TestFormatsNothingOutside(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	f := &fences{}
	for range 6 {
		f.list = append(f.list, newFence(t, 1<<16))
	}
	bytesIn := func(b []byte) []byte { // a copy; its size is a multiple of 4 or at the fence's beginning
		x := f.take(make([]float32, (len(b)+3)/4))
		y := unsafe.Slice((*byte)(unsafe.Pointer(&x[0])), 4*len(x))
		if f.atEnd {
			y = y[len(y)-len(b):]
		}
		copy(y, b)
		return y[:len(b):len(b)]
	}
	eachLevel(t, func(t *testing.T) {
		for _, format := range stored {
			numbersOf, _ := format.Block()
			for _, atEnd := range []bool{true, false} {
				f.atEnd = atEnd
				for _, shape := range [][2]int{{33, 9}, {7, 1}, {32, 2}} {
					n, k := shape[0], shape[1]*numbersOf
					if n*k > 1<<14 {
						k = numbersOf
					}
					formatInside(t, r, f, bytesIn, format, n, k)
				}
			}
		}
	})
}

func formatInside(t *testing.T, r *rand.Rand, f *fences, bytesIn func([]byte) []byte, format Format, n, k int) {
	t.Helper()
	what := fmt.Sprintf("%v [%d,%d] end %v: ", format, n, k, f.atEnd)
	raw := bytesIn(randomRaw(r, format, n, k, false))
	packed, err := Pack(format, n, k, raw)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	m := &Matrix{format: format, n: n, k: k, panel: packed.panel, data: bytesIn(packed.data)}
	within(t, what+"pack", func() {
		if err := m.PackPanels(0, m.Panels(), raw); err != nil {
			t.Fatal(err)
		}
	})
	var s Scratch
	if format > F16 {
		s.buffers[unitBuffer] = f.take(make([]float32, 2*mostGroups*(unitWords+unitParts)))
	}
	for _, rows := range []int{1, 2, 3, 4, 7, 9} {
		x, y := f.take(numbers(r, rows*k)), f.take(make([]float32, rows*n))
		within(t, fmt.Sprint(what, "forward ", rows), func() { m.Forward(&s, rows, x, k, y, n, 0, m.Panels()) })
	}
	for k0 := 0; k0 < k; k0 += 48 {
		wide := f.take(make([]float32, (min(k, k0+48)-k0)*Panel))
		within(t, what+"widen", func() { codecs[format].widen(&s, wide, m.at(0), k, k0, min(k, k0+48), 2*m.panel) })
	}
	row := f.take(make([]float32, k))
	within(t, what+"row", func() { m.Row(n-1, row) })
}
