package engine

import (
	"fmt"
	"slices"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

func eachBackend(b *testing.B, f func(b *testing.B, e *Engine)) {
	for _, name := range Backends {
		e := openRandom(b, smol(), Options{Backend: name})
		b.Run(name, func(b *testing.B) { f(b, e) })
		e.Close()
	}
}

// loop measures f once its graphs are compiled, and returns the processor time in seconds.
func loop(b *testing.B, f func() error) (cpu float64) {
	if err := f(); err != nil {
		b.Fatal(err)
	}
	start := cpuSeconds()
	for b.Loop() {
		if err := f(); err != nil {
			b.Fatal(err)
		}
	}
	cpu = cpuSeconds() - start
	b.ReportMetric(cpu*1e3/float64(b.N), "cpu-ms/op")
	return cpu
}

func BenchmarkAttribute(b *testing.B) {
	eachBackend(b, func(b *testing.B, e *Engine) {
		for _, s := range [][2]int{{1, 16}, {1, 64}, {1, 128}, {8, 16}, {32, 12}} {
			ids := prompts(e.cfg, slices.Repeat([]int{s[1]}, s[0])...)
			in := seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP}
			b.Run(fmt.Sprintf("B=%d/T=%d", s[0], s[1]), func(b *testing.B) {
				loop(b, func() error { _, err := e.Attribute(b.Context(), in, nil); return err })
			})
		}
	})
}

func BenchmarkForward(b *testing.B) {
	eachBackend(b, func(b *testing.B, e *Engine) {
		for _, s := range [][2]int{{1, 16}, {1, 64}, {1, 128}, {8, 16}, {32, 12}} {
			ids := prompts(e.cfg, slices.Repeat([]int{s[1]}, s[0])...)
			for _, edit := range []*seam.Edit{nil, {B: 1, T: 1}} {
				b.Run(fmt.Sprintf("B=%d/T=%d/edited=%t", s[0], s[1], edit != nil), func(b *testing.B) {
					loop(b, func() error { _, err := e.Forward(b.Context(), seam.Forward{IDs: ids, Edit: edit}, nil); return err })
				})
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	eachBackend(b, func(b *testing.B, e *Engine) {
		for _, edit := range []*seam.Edit{nil, {B: 1, T: 1}} {
			b.Run(fmt.Sprintf("edited=%t", edit != nil), func(b *testing.B) {
				d, err := e.Decode(b.Context(), seam.Decoding{IDs: prompt(e.cfg, 16, 0), Reserve: 200, Generated: edit})
				if err != nil {
					b.Fatal(err)
				}
				defer d.Close()
				loop(b, func() error { return d.Step(b.Context(), 5) })
			})
		}
	})
}
