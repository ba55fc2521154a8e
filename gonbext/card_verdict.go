package gonbext

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// verdictCard lists how every criterion of a circuit stands, with the figure and the rule that decide.
func verdictCard(v steer.CircuitVerdict) *card {
	met, not, untested := v.Count()
	c := &card{title: words("Of %d criteria %d are met, %d not met, %d not tested", met+not+untested, met, not, untested), warnings: v.Warnings()}
	if name := v.Name(); name != "" {
		c.line(span{visible.Text(name), plain})
	}
	t := table{heads: []string{"criterion", "", "what was found", "met by", "results"}, left: []bool{true, true, true, true, true}}
	for _, x := range v.Criteria() {
		row := []cell{text(x.Name), text(string(x.State)), text(visible.Text(x.Found)), text(x.Rule), {}}
		if len(x.Refs) > 0 {
			row[4] = text(x.Refs[0][:8])
			if more := len(x.Refs) - 1; more > 0 {
				row[4] = text(fmt.Sprintf("%s and %d more", x.Refs[0][:8], more))
			}
		}
		t.rows = append(t.rows, row)
	}
	if len(t.rows) > 0 {
		c.put("The criteria", t)
	}
	c.notef("From results that are kept about these neurons; nothing was computed for it. Results are named by the first digits of their addresses.")
	return c
}
