package study

import (
	"errors"
	"strconv"
	"strings"
)

// summary writes a row for each circuit and test, and what the study is of.
func (r *runner) summary(steps int) error {
	rows := [][]string{{"behavior", "verdict", "method", "selection", "neurons", "test", "under", "unsteered", "multiplier", "difference", "difference_lo", "difference_hi",
		"change", "change_lo", "change_hi", "controls", "p", "holm", "slope", "slope_lo", "slope_hi", "monotone", "prompted", "prompted_lo", "prompted_hi", "continuations_changed", "cpr", "cpr_lo", "cpr_hi", "cmd", "cmd_lo", "cmd_hi", "k_star", "strength", "strength_lo", "strength_hi", "strength_value", "patched", "rule", "spearman", "spearman_lo", "spearman_hi", "pearson", "edges", "groups", "silhouette", "silhouette_p", "met", "not_met", "not_tested", "warnings"}}
	for _, x := range r.rows {
		dose, trend, prompted, changed := make([]string, 11), make([]string, 4), make([]string, 3), ""
		if d := x.Strongest; d != nil {
			dose = []string{number(x.Unsteered), number(d.Multiplier), number(d.Difference.Value), number(d.Difference.Lo), number(d.Difference.Hi),
				number(d.Change.Value), number(d.Change.Lo), number(d.Change.Hi), strconv.Itoa(d.Controls.N), number(d.P), number(d.Holm)}
		}
		if t := x.Trend; t != nil {
			trend = []string{number(t.Slope.Value), number(t.Slope.Lo), number(t.Slope.Hi), number(t.Monotone)}
		}
		if d := x.Prompted; d != nil {
			prompted = []string{number(d.Difference.Value), number(d.Difference.Lo), number(d.Difference.Hi)}
		}
		if x.Changed != nil {
			changed = number(*x.Changed)
		}
		cells := []string{x.Behavior, x.Verdict, x.Method, x.Selection, strconv.Itoa(x.Neurons), x.Test, x.Under}
		cells = append(append(append(cells, dose...), trend...), prompted...)
		cells = append(append(append(cells, changed), x.Faithful.cells()...), x.Calibrated.cells()...)
		cells = append(append(append(cells, x.Patched.cells()...), x.Wired.cells()...), x.Criteria.cells()...)
		rows = append(rows, append(cells, strings.Join(x.Warnings, " | ")))
	}
	type data struct {
		Name     string `json:"name"`
		Examples int    `json:"examples"`
		Pairs    int    `json:"pairs"`
	}
	var behaviors []data
	for _, b := range r.study.Behaviors {
		behaviors = append(behaviors, data{b.Name, len(b.Examples), len(b.Pairs)})
	}
	summed := r.rows
	if summed == nil {
		summed = []row{} // a study without tests has none, not null
	}
	return errors.Join(r.csv("summary.csv", rows), r.out.json("summary.json", summed), r.out.json("study.json", map[string]any{
		"name": r.study.Name, "model": r.study.Model, "origin": r.origin, "seed": r.study.Seed, "steps": steps, "behaviors": behaviors,
	}))
}
