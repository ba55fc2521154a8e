//go:build cgo

package local_test

import (
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// TestNearTiesAreTrusted: where the model can hardly tell two tokens apart, the metric is as small as the rounding of a right
// pass, and the self-check must not take that for a defect.
func TestNearTiesAreTrusted(t *testing.T) {
	m, err := local.Open(t.Context(), "teaching")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = local.Close(m) }()
	for _, prompt := range []string{"The capital of France is", "I loved the film. It was", "The dogs in the garden", "The opposite of hot is"} {
		p, err := m.Predict(prompt).Top(60).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		a, gap := 0, float32(1)
		top := p.Top()
		for i := range len(top) - 1 {
			if d := p.Logits()[top[i].ID] - p.Logits()[top[i+1].ID]; d < gap {
				a, gap = i, d
			}
		}
		for _, rule := range []steer.Rule{steer.RelP, steer.Frozen} {
			s, err := m.Attribute(prompt).TargetID(top[a].ID).VersusID(top[a+1].ID).Rule(rule).Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			k := s.Conservation()
			t.Logf("%q, %s: metric %.2g, Σ|relevance| %.2g, residual %.1e", prompt, rule, k.Metric, k.Absolute, k.Residual)
			if slices.ContainsFunc(s.Warnings(), func(w steer.Warning) bool { return w.Code == "residual" }) {
				t.Errorf("%q, %s: a right pass is not trusted: %v", prompt, rule, s.Warnings())
			}
		}
	}
}
