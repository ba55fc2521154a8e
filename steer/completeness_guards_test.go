package steer

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// TestCompletenessOfNothing: where all scores are zero the residual is 0 if the metric loses nothing and 1 if it does; sums and
// baselines of different layers are no self-check.
func TestCompletenessOfNothing(t *testing.T) {
	of := func(metric float64, m message.Completeness) (Completeness, bool) {
		d := dense{attr: &message.AttributeBody{Completeness: &m}}
		d.Reference = metric
		return d.completeness()
	}
	for name, c := range map[string]struct {
		metric float64
		m      message.Completeness
		worst  int
		want   float64
	}{
		"nothing is lost": {2, message.Completeness{Baselines: []float64{2, 2}, Sums: []float64{0, 0}, Absolutes: []float64{0, 0}}, 0, 0},
		"much is lost":    {2, message.Completeness{Baselines: []float64{2, 1}, Sums: []float64{0, 0}, Absolutes: []float64{0, 0}}, 1, 1},
		"a part is":       {2, message.Completeness{Baselines: []float64{1, 1}, Sums: []float64{1, .5}, Absolutes: []float64{1, 3}}, 1, .25},
		"too much is":     {2, message.Completeness{Baselines: []float64{1, 1}, Sums: []float64{1.5, 1}, Absolutes: []float64{2, 2}}, 0, .25},
	} {
		if got, ok := of(c.metric, c.m); !ok || got.Worst != c.worst || got.Residual != c.want {
			t.Errorf("%s: layer %d, residual %v (%v), want layer %d, %v", name, got.Worst, got.Residual, ok, c.worst, c.want)
		}
	}
	for _, m := range []message.Completeness{{Baselines: []float64{1}, Sums: []float64{1, 2}}, {Baselines: []float64{1, 2}, Sums: []float64{1}}} {
		if got, ok := of(1, m); ok {
			t.Errorf("%+v of %+v", got, m)
		}
	}
}

// TestNoSelfCheck: scores that no attribution has made, as random ones, have neither self-check.
func TestNoSelfCheck(t *testing.T) {
	var s Scores
	if c, ok := s.Completeness(); ok || c.Steps != 0 {
		t.Errorf("completeness is %+v", c)
	}
	if c := s.Conservation(); c.Holds || c.Residual != 0 {
		t.Errorf("conservation is %+v", c)
	}
}

// TestConservationOfNothing: what the identity misses by is a share of all relevance; where there is none, 1 if it misses and 0 if not.
func TestConservationOfNothing(t *testing.T) {
	for name, c := range map[string]struct {
		tokens       []float32
		sum, metric  float64
		biases, want float64
	}{
		"nothing is missed":         {[]float32{3, -1}, 2, 2, 0, 0},
		"a part is":                 {[]float32{3, -1}, 2, 3, 0, .25},
		"a part beside biases":      {[]float32{3, -1}, 2, 3, -4, 5. / 8},
		"nothing explains nothing":  {[]float32{0, 0}, 0, 0, 0, 0},
		"nothing explains a metric": {[]float32{0, 0}, 0, 1e-9, 0, 1},
	} {
		d := dense{attr: &message.AttributeBody{}, tokens: c.tokens}
		m := &d.attr.Conservation
		m.Tokens, m.Linear, m.Biases = c.sum, c.metric, c.biases
		if got := d.conservation().Residual; got != c.want {
			t.Errorf("%s: the residual is %g, want %g", name, got, c.want)
		}
	}
}
