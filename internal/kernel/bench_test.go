package kernel

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
)

// measure reports arithmetic and memory by the processor time of this thread, which other work on the machine does not change much.
func measure(b *testing.B, operations, bytes float64, f func()) {
	b.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	f()
	start := threadTime()
	for b.Loop() {
		f()
	}
	seconds := (threadTime() - start) / float64(b.N)
	if seconds <= 0 {
		return
	}
	b.ReportMetric(seconds*1e6, "cpu-µs/op")
	if operations > 0 {
		b.ReportMetric(operations/seconds/1e9, "GFLOP/s")
	}
	b.ReportMetric(bytes/seconds/1e9, "GB/s")
}

// The matrices of SmolLM2-135M: down, gate and up, and the head.
var weights = [][2]int{{576, 1536}, {1536, 576}, {49152, 576}}

// BenchmarkProducts: both directions on one thread. Run it with NEURONSTEER_KERNEL to compare implementations.
func BenchmarkProducts(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, w := range weights {
		n, k := w[0], w[1]
		m := pack(b, n, k, numbers(r, n*k))
		for _, rows := range []int{1, 4, 16, 64, 128, 512} {
			x, g := numbers(r, rows*k), numbers(r, rows*n)
			var s Scratch
			var gt Packed
			gt.Resize(rows, n)
			gt.PackRows(g, n, 0, n)
			operations, bytes := 2*float64(rows)*float64(n)*float64(k), float64(m.Size())
			name := fmt.Sprintf("%dx%d/rows=%d", n, k, rows)
			b.Run("forward/"+name, func(b *testing.B) {
				measure(b, operations, bytes, func() { m.Forward(&s, rows, x, k, g, n, 0, m.Panels()) })
			})
			b.Run("backward/"+name, func(b *testing.B) {
				c := m.Chunk(rows)
				measure(b, operations, bytes, func() {
					for k0 := 0; k0 < k; k0 += c {
						m.Backward(&s, rows, &gt, x, k, k0, min(k, k0+c))
					}
				})
			})
			if k == 576 && n < 2000 {
				b.Run("pack/"+name, func(b *testing.B) {
					measure(b, 0, float64(8*rows*n), func() { gt.PackRows(g, n, 0, n) })
				})
			}
		}
	}
}

// BenchmarkVectors: functions of vectors in the first-level cache.
func BenchmarkVectors(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{16, 128, 576, 1536} {
		x, y, z := numbers(r, n), numbers(r, n), make([]float32, n)
		run := func(name string, bytes int, f func()) {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) { measure(b, 0, float64(bytes*n), f) })
		}
		run("add", 12, func() { Binary(OpAdd, z, x, y) })
		run("max", 12, func() { Binary(OpMax, z, x, y) })
		run("mulNumber", 8, func() { BinaryScalar(OpMul, z, x, 2) })
		for op, a := range accuracies {
			run(a.name, 8, func() { Unary(UnaryOp(op), z, x) })
		}
		run("sum", 4, func() { Sum(x) })
		run("maximum", 4, func() { Max(x) })
		run("dot", 8, func() { Dot(x, y) })
		run("softmax", 8, func() { Softmax(z, x) })
	}
}
