package engine

import (
	"fmt"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// BenchmarkAttributePeak is what the attribution of a long prompt takes of memory, weights of SmolLM2's shape
// included.
func BenchmarkAttributePeak(b *testing.B) {
	e := openRandom(b, smol(), Options{})
	for _, n := range []int{64, 511, 2000} {
		ids := prompts(e.cfg, n)
		in := seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP}
		b.Run(fmt.Sprintf("T=%d", n), func(b *testing.B) {
			var added, total int64
			cpu := cpuSeconds()
			for b.Loop() {
				added, total = peak(b, func() {
					if _, err := e.Attribute(b.Context(), in, nil); err != nil {
						b.Fatal(err)
					}
				})
			}
			b.ReportMetric((cpuSeconds()-cpu)*1e3/float64(b.N), "cpu-ms/op")
			b.ReportMetric(float64(added)/1e6, "MB-added")
			b.ReportMetric(float64(total)/1e6, "MB-RSS")
		})
	}
}
