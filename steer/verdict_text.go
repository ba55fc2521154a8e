package steer

import (
	"fmt"
	"strings"
)

// String returns a line for each criterion: its name, how it stands, and what was found.
func (v CircuitVerdict) String() string {
	criteria := v.Criteria()
	if len(criteria) == 0 {
		return "an empty verdict"
	}
	var b strings.Builder
	if v.name != "" {
		fmt.Fprintf(&b, "%q: ", v.name)
	}
	met, not, untested := v.Count()
	fmt.Fprintf(&b, "%d criteria are met, %d not met, %d not tested", met, not, untested)
	for _, c := range criteria {
		fmt.Fprintf(&b, "\n%-18s %-10s  %s", c.Name, c.State, c.Found)
		if c.State != NotTested {
			fmt.Fprintf(&b, " (%s)", c.Rule)
		}
	}
	return b.String()
}

// Table returns a line for each criterion.
func (v CircuitVerdict) Table() Table {
	t := Table{Caption: firstLine(v.String()), Columns: []string{"criterion", "state", "figure", "figure_lo", "figure_hi", "n", "found", "rule", "refs"}}
	for _, c := range v.Criteria() {
		row := []any{c.Name, string(c.State), nil, nil, nil, nil, c.Found, c.Rule, strings.Join(c.Refs, " ")}
		if c.State != NotTested {
			row[2], row[3], row[4], row[5] = c.Figure.Value, c.Figure.Lo, c.Figure.Hi, c.Figure.N
		}
		t.Add(row...)
	}
	return t
}

// CSV returns the table as comma-separated values, with a line of the columns' names.
func (v CircuitVerdict) CSV() string { return v.Table().CSV() }
