//go:build cgo

package local_test

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// TestRelPIsNotTheSlope pins what the package's documentation and the cards say of a score: under Gradient it is the slope of
// the metric as a neuron is scaled, under RelP it need not even have the slope's sign.
func TestRelPIsNotTheSlope(t *testing.T) {
	m, err := local.Open(t.Context(), "teaching")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = local.Close(m) }()
	const prompt, target, versus, d = "I loved the film. It was", " wonderful", " terrible", .02
	task := m.Attribute(prompt).Target(target).Versus(versus)
	relp, err := task.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	gradient, err := task.Rule(steer.Gradient).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	own := map[steer.Neuron]float64{}
	for _, e := range gradient.TopK(math.MaxInt).Entries() {
		own[e.Neuron] = e.Score
	}
	metric := func(n steer.Neuron, x float64) float64 {
		p, err := m.Predict(prompt).Of(target, versus).With(steer.Scale(steer.NewCircuit("one", n), x).SkipBOS()).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		of := p.Of()
		return of[0].Logit - of[1].Logit
	}
	agree := 0
	top := relp.TopK(20).Entries()
	for _, e := range top {
		slope := (metric(e.Neuron, 1+d) - metric(e.Neuron, 1-d)) / (2 * d)
		if math.Abs(slope-own[e.Neuron]) > .02*math.Abs(slope)+.01 {
			t.Errorf("%v: slope %v, score under Gradient %v", e.Neuron, slope, own[e.Neuron])
		}
		if slope*e.Score > 0 {
			agree++
		}
	}
	if agree != 12 || len(top) != 20 {
		t.Errorf("the slope has the sign of the RelP score for %d of %d neurons; the documentation says 12 of 20", agree, len(top))
	}
}
