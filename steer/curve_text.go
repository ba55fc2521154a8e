package steer

import (
	"encoding/json"
	"fmt"
	"strings"
)

// String returns a table: a line for each multiplier, then trend and side effects.
func (c Curve) String() string {
	s := c.stats()
	if len(s.doses) == 0 {
		return "an empty curve"
	}
	n, of := c.N()
	var b strings.Builder
	if c.name != "" {
		fmt.Fprintf(&b, "%q: ", c.name)
	}
	fmt.Fprintf(&b, "%s, mean over %d %s with 95 %% interval; %s, %d random controls", s.metric, n, of, units(c.body().Neurons), c.body().Controls)
	if a := Ablation(c.body().Ablation); a != "" {
		fmt.Fprintf(&b, "; at 0 %s", ablationWords[a])
	}
	if c.body().Gated {
		b.WriteString("; scaled only where its condition holds")
	}
	b.WriteString("\n")
	fmt.Fprintf(&b, "%10s  %-24s %-12s %-12s %-18s %s\n", "multiplier", "difference", "p(target)", "p(versus)", "random (95 %)", "p")
	for _, d := range s.doses {
		random, p := "", ""
		if d.Controls.N > 0 {
			random, p = fmt.Sprintf("[%+.2f, %+.2f]", d.Controls.Lo, d.Controls.Hi), fmt.Sprintf("%.3f", d.P)
		}
		fmt.Fprintf(&b, "%10g  %-24s %-12s %-12s %-18s %s\n", d.Multiplier,
			fmt.Sprintf("%+.3f [%+.2f, %+.2f]", d.Difference.Value, d.Difference.Lo, d.Difference.Hi),
			fmt.Sprintf("%.2f %%", 100*d.Target.Value), fmt.Sprintf("%.2f %%", 100*d.Versus.Value), random, p)
	}
	if instruction, d := c.Prompted(); d.Difference.N > 0 {
		fmt.Fprintf(&b, "%10s  %-24s %-12s %-12s after %q\n", "prompted", fmt.Sprintf("%+.3f [%+.2f, %+.2f]", d.Difference.Value, d.Difference.Lo, d.Difference.Hi),
			fmt.Sprintf("%.2f %%", 100*d.Target.Value), fmt.Sprintf("%.2f %%", 100*d.Versus.Value), instruction)
	}
	if len(s.doses) > 1 {
		t := s.trend
		fmt.Fprintf(&b, "slope %+.3f [%+.2f, %+.2f] per unit, against in %.0f %% of prompts; monotonicity %+.2f\n",
			t.Slope.Value, t.Slope.Lo, t.Slope.Hi, 100*t.Against, t.Monotone)
	}
	for _, e := range s.side {
		fmt.Fprintf(&b, "×%g on %d neutral texts: KL %.4f nats, perplexity × %.3f", e.Multiplier, e.Divergence.N, e.Divergence.Value, e.Perplexity.Value)
		if c.body().Continuations != nil {
			fmt.Fprintf(&b, ", 4-gram quality %.2f (n = %d), %.0f %% of continuations changed", e.Quality.Value, e.Quality.N, 100*e.Changed)
		}
		b.WriteString("\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Table returns a line for each multiplier.
func (c Curve) Table() Table {
	t := Table{Caption: firstLine(c.String()), Columns: strings.Split("multiplier,n,difference,difference_lo,difference_hi,change,change_lo,change_hi,target,target_lo,target_hi,versus,versus_lo,versus_hi,"+
		"prefers,controls,control_mean,control_lo,control_hi,control_min,control_max,p,holm,sign_flip,effect,"+
		"kl,perplexity_ratio,quality,distinct1,distinct2,changed,prompted,prompted_lo,prompted_hi,from_prompted,from_prompted_lo,from_prompted_hi,under", ",")}
	side, prompted, under := c.SideEffects(), c.stats().prompted.Difference, c.Interventions()
	for i, d := range c.stats().doses {
		row := []any{d.Multiplier, d.Difference.N}
		for _, e := range []Estimate{d.Difference, d.Change, d.Target, d.Versus} {
			row = append(row, e.Value, e.Lo, e.Hi)
		}
		r := d.Controls
		row = append(row, d.Prefers, r.N, r.Mean, r.Lo, r.Hi, r.Min, r.Max, d.P, d.Holm, d.SignFlip, d.Effect)
		if i < len(side) {
			e := side[i]
			row = append(row, e.Divergence.Value, e.Perplexity.Value, e.Quality.Value, e.Distinct1.Value, e.Distinct2.Value, e.Changed)
		} else {
			row = append(row, nil, nil, nil, nil, nil, nil)
		}
		if prompted.N > 0 {
			row = append(row, prompted.Value, prompted.Lo, prompted.Hi, d.FromPrompted.Value, d.FromPrompted.Lo, d.FromPrompted.Hi)
		} else {
			row = append(row, nil, nil, nil, nil, nil, nil)
		}
		t.Add(append(row, under)...)
	}
	return t
}

// CSV returns the table as comma-separated values, with a line of the columns' names.
func (c Curve) CSV() string { return c.Table().CSV() }

// MarshalJSON writes everything that the curve knows.
func (c Curve) MarshalJSON() ([]byte, error) {
	s := c.stats()
	var prompted *Dose
	if c.body().Prompted != "" {
		prompted = &s.prompted
	}
	return json.Marshal(struct {
		Metric      string       `json:"metric"`
		N           int          `json:"n"`
		Under       string       `json:"under,omitempty"`
		Circuit     []Neuron     `json:"circuit"`
		Seed        uint64       `json:"seed"`
		Unsteered   Dose         `json:"unsteered"`
		Instruction string       `json:"instruction,omitempty"`
		Prompted    *Dose        `json:"prompted,omitempty"`
		Doses       []Dose       `json:"doses"`
		Trend       Trend        `json:"trend"`
		SideEffects []SideEffect `json:"sideEffects"`
		Prompts     [][]float64  `json:"prompts"`
		Random      [][]float64  `json:"random"`
		Warnings    []Warning    `json:"warnings"`
	}{s.metric, len(c.body().Cases), c.Interventions(), c.Circuit(), c.body().Seed, s.unsteered, c.body().Prompted, prompted, s.doses, s.trend, s.side, s.prompts, s.random, c.Warnings()})
}
