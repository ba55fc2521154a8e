package steer

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// About says what was sought.
func (c Calibration) About() string {
	if c.rec.body().Goal == message.GoalTarget {
		return fmt.Sprintf("logit(target) − logit(counterfactual) of %.4g", c.rec.body().Value)
	}
	return fmt.Sprintf("a divergence of %.4g nats at most", c.rec.body().Value)
}

// String returns the answer, then a line for each strength that was tried.
func (c Calibration) String() string {
	s := c.stats()
	if len(s.steps) == 0 {
		return "an empty calibration"
	}
	var b strings.Builder
	n, of := c.N()
	if s.found {
		fmt.Fprintf(&b, "strength %.4g [%.4g, %.4g]", s.strength.Value, s.strength.Lo, s.strength.Hi)
	} else {
		b.WriteString("no strength")
	}
	fmt.Fprintf(&b, " for %s, over %d %s\n%10s  %s", c.About(), n, of, "strength", c.Unit())
	for _, x := range s.steps {
		fmt.Fprintf(&b, "\n%10.4g  %.4g [%.4g, %.4g]", x.Strength, x.Value.Value, x.Value.Lo, x.Value.Hi)
	}
	return b.String()
}

// Table returns a line for each strength that was tried.
func (c Calibration) Table() Table {
	t := Table{Caption: firstLine(c.String()), Columns: []string{"strength", "n", "value", "value_lo", "value_hi", "try"}}
	for _, x := range c.stats().steps {
		t.Add(x.Strength, x.Value.N, x.Value.Value, x.Value.Lo, x.Value.Hi, x.Try)
	}
	return t
}

// CSV returns the table as comma-separated values, with a line of the columns' names.
func (c Calibration) CSV() string { return c.Table().CSV() }

// MarshalJSON writes everything that the calibration knows.
func (c Calibration) MarshalJSON() ([]byte, error) {
	s, b := c.stats(), c.rec.body()
	return json.Marshal(struct {
		Goal     string            `json:"goal"`
		Sought   float64           `json:"sought"`
		Found    bool              `json:"found"`
		Strength Estimate          `json:"strength"`
		Value    Estimate          `json:"value"`
		Monotone bool              `json:"monotone"`
		Steps    []CalibrationStep `json:"steps"`
		Seed     uint64            `json:"seed"`
		Warnings []Warning         `json:"warnings"`
	}{b.Goal, b.Value, s.found, s.strength, s.value, c.Monotone(), s.steps, b.Seed, c.Warnings()})
}
