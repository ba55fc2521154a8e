package kernel

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
)

// BenchmarkFormats: what each format costs on one thread, in billions of weights a second of processor time: products of few and of
// many rows, widening, and packing. The matrix does not fit in any cache.
func BenchmarkFormats(b *testing.B) {
	const n, k = 16384, 1536
	r := rand.New(rand.NewPCG(1, 1))
	for _, f := range stored {
		raw := randomRaw(r, f, n, k, false)
		m, err := Pack(f, n, k, raw)
		if err != nil {
			b.Fatal(err)
		}
		run := func(name string, do func()) {
			b.Run(fmt.Sprintf("%v/%s", f, name), func(b *testing.B) { measureWeights(b, n*k, do) })
		}
		var s Scratch
		for _, rows := range []int{1, 2, 4, 8, 9, 16, 64} {
			x, y := numbers(r, rows*k), make([]float32, rows*n)
			run(fmt.Sprint("rows=", rows), func() { m.Forward(&s, rows, x, k, y, n, 0, m.Panels()) })
		}
		for _, rows := range []int{1, 16, 64} {
			x := numbers(r, rows*k)
			var g Packed
			g.Resize(rows, n)
			g.PackRows(numbers(r, rows*n), n, 0, n)
			c := m.Chunk(rows)
			run(fmt.Sprint("back=", rows), func() {
				for k0 := 0; k0 < k; k0 += c {
					m.Backward(&s, rows, &g, x, k, k0, min(k, k0+c))
				}
			})
		}
		wide := make([]float32, k*Panel)
		run("widen", func() {
			for p := range m.Panels() {
				codecs[f].widen(&s, wide, m.at(p), k, 0, k, 0)
			}
		})
		run("pack", func() {
			numbers, size := f.Block()
			row := k / numbers * size
			for p := range m.Panels() {
				codecs[f].pack(m.at(p), Panel, k, raw[p*Panel*row:][:Panel*row])
			}
		})
		run("row", func() {
			for i := range n {
				m.Row(i, wide[:k])
			}
		})
		if err := m.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// measureWeights reports weights by the processor time of this thread.
func measureWeights(b *testing.B, weights int, f func()) {
	b.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	f()
	start := threadTime()
	for b.Loop() {
		f()
	}
	if seconds := threadTime() - start; seconds > 0 {
		b.ReportMetric(float64(weights)*float64(b.N)/seconds/1e9, "Gweights/s")
		b.ReportMetric(0, "ns/op")
	}
}
