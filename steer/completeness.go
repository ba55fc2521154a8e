package steer

import (
	"fmt"
	"math"
)

// Completeness is the self-check of integrated gradients, in place of conservation: the scores of a layer add up to what the
// metric loses when all of its neurons are ablated (Sundararajan, Taly and Yan 2017, proposition 1). It holds but for the
// error of the steps, which falls fast with their number.
type Completeness struct {
	Steps     int       `json:"steps"`
	Metric    float64   `json:"metric"`    // m, in the metric's unit
	Baselines []float64 `json:"baselines"` // m without the neurons of each layer [L]
	Sums      []float64 `json:"sums"`      // of each layer's scores [L]: Metric − Baselines
	Worst     int       `json:"worst"`     // the layer that misses by most
	Residual  float64   `json:"residual"`  // what it misses by, over the Σ|score| of a layer in the mean
}

// completenessBound is the residual past which integrated gradients carry a warning.
const completenessBound = 1e-2

// Completeness returns the self-check of integrated gradients; ok is false under any other rule.
func (s Scores) Completeness() (c Completeness, ok bool) { return s.data().completeness() }

func (d dense) completeness() (c Completeness, ok bool) {
	if d.attr == nil || d.attr.Completeness == nil {
		return c, false
	}
	m := d.attr.Completeness
	c = Completeness{Steps: m.Steps, Metric: d.Reference, Baselines: m.Baselines, Sums: m.Sums}
	if len(m.Sums) != len(m.Baselines) {
		return c, false
	}
	total, most := 0., 0.
	for _, a := range m.Absolutes {
		total += a / float64(len(m.Absolutes))
	}
	for l, sum := range m.Sums {
		if miss := math.Abs(c.Metric - m.Baselines[l] - sum); miss > most {
			c.Worst, most = l, miss
		}
	}
	switch {
	case total > 0:
		c.Residual = most / total
	case most > 0: // no score at all explains something
		c.Residual = 1
	}
	return c, true
}

// doubt says that the path has too few steps.
func (c Completeness) doubt() Warning {
	return Warning{Code: "completeness", Text: fmt.Sprintf("the scores of layer %d add up to %+.4g, but without its neurons the metric loses %+.4g: they miss by %.1e of a layer's Σ|score| (bound %.0e); use more than %d steps",
		c.Worst, c.Sums[c.Worst], c.Metric-c.Baselines[c.Worst], c.Residual, completenessBound, c.Steps)}
}
