package gonbext

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// BenchmarkShown makes the cards and the figures of a cell, from results that are there: what showing costs beyond computing. The bar
// is 150 ms for a cell with one of each.
func BenchmarkShown(b *testing.B) {
	m := steertest.NewModel()
	ask := m.Predict(france).Of(" Paris", " Rome")
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	scores, err := m.Attribute(france).Target(" Paris").Versus(" Rome").Run(b.Context())
	must(err)
	top := scores.TopK(3).Named("found")
	before, err := ask.Run(b.Context())
	must(err)
	after, err := ask.Ablate(top).Run(b.Context())
	must(err)
	curve, err := m.Sweep(top, steer.Range(0, 2, .5)...).On(france, italy).Measure(" Paris", " Rome").Controls(19).Run(b.Context())
	must(err)
	for _, c := range []struct {
		name string
		of   func() any
	}{
		{"card of a prediction", func() any { return after }},
		{"card of scores", func() any { return scores }},
		{"card of a comparison", func() any { return Compare(before, after) }},
		{"card of a response", func() any { return curve }},
		{"heat map", func() any { return plotting.HeatMap(scores) }},
		{"layers", func() any { return plotting.ByLayer(scores) }},
		{"response", func() any { return plotting.DoseResponse(curve) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := render(c.of(), site{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
