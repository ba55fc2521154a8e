package engine

import (
	"fmt"
	"slices"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// BenchmarkVariants is a part of a sweep: five circuits times 13 multipliers on a prompt of 8 and on one of 16 tokens, from
// a layer up, against the same passes one by one.
func BenchmarkVariants(b *testing.B) {
	e := openRandom(b, smol(), Options{})
	ids := prompts(e.cfg, 8, 16)
	for _, from := range []int{0, 10} {
		var edits []*seam.Edit
		for i := range 65 {
			ed := &seam.Edit{B: 1, T: 1, Scale: filled(e.cfg.Layers*e.cfg.Neurons, 1)}
			for k := range 20 {
				layer := from + (i+k)%(e.cfg.Layers-from)
				ed.Scale[layer*e.cfg.Neurons+(31*i+7*k)%e.cfg.Neurons] = float32(i%13)/4 - 1
			}
			edits = append(edits, ed)
		}
		none := func(int, int, []float32) error { return nil }
		b.Run(fmt.Sprintf("from=%d/batched", from), func(b *testing.B) {
			once(b, len(edits)*len(ids), func() error { return e.Variants(b.Context(), ids, edits, nil, none, nil) })
		})
		b.Run(fmt.Sprintf("from=%d/one", from), func(b *testing.B) {
			some := edits[:13] // the others take as long
			once(b, len(some)*len(ids), func() error {
				for _, p := range ids {
					for _, ed := range some {
						if _, err := e.Forward(b.Context(), seam.Forward{IDs: [][]int32{p}, Edit: ed}, nil); err != nil {
							return err
						}
					}
				}
				return nil
			})
		})
	}
}

// BenchmarkBehaviorBatch is 32 attributions in one call and one by one, of 16 tokens and of 32.
func BenchmarkBehaviorBatch(b *testing.B) {
	e := openRandom(b, smol(), Options{})
	for _, t := range []int{16, 32} {
		all := prompts(e.cfg, slices.Repeat([]int{t}, 32)...)
		for _, size := range []int{32, 16, 8, 1} {
			b.Run(fmt.Sprintf("T=%d/B=%d", t, size), func(b *testing.B) {
				n := min(32, 4*size)
				once(b, n, func() error {
					for ids := range slices.Chunk(all[:n], size) {
						in := seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP}
						if _, err := e.Attribute(b.Context(), in, nil); err != nil {
							return err
						}
					}
					return nil
				})
			})
		}
	}
}

// once reports the time and the processor time of each of n passes.
func once(b *testing.B, n int, f func() error) {
	cpu := loop(b, f)
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N*n), "ms/pass")
	b.ReportMetric(cpu*1e3/float64(b.N*n), "cpu-ms/pass")
}
