package steer

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkSelection selects from scores of SmolLM2's size, L = 30, T = 20, F = 1536.
func BenchmarkSelection(b *testing.B) {
	const L, T, F = 30, 20, 1536
	r := rand.New(rand.NewPCG(1, 2))
	data := make([]float32, L*T*F)
	for i := range data {
		data[i] = float32(r.NormFloat64())
	}
	s := scoresOf(b, L, T, F, true, data)
	s.Shape() // loaded
	for _, c := range []struct {
		name string
		pick func() int
	}{
		{"TopK", func() int { return s.TopK(200).Len() }},
		{"TopK of all", func() int { return s.TopK(L * F).Len() }},
		{"TopEntries", func() int { return s.TopEntries(200).Len() }},
		{"Positive TopK", func() int { return s.Positive().TopK(200).Len() }},
		{"Candidates TopEntries", func() int { return s.Candidates(200).TopEntries(200).Len() }},
		{"ByLayer", func() int { a, _ := s.ByLayer(); return len(a) }},
		{"ByLayerPos", func() int { return len(s.ByLayerPos()) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if c.pick() == 0 {
					b.Fatal("nothing selected")
				}
			}
		})
	}
}
