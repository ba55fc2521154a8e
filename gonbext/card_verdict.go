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
	// The rules are sentences: beside what was found they would leave it no room in a narrow window.
	found := table{heads: []string{"criterion", "state", "what was found", "results"}, left: []bool{true, true, true, true}}
	rules := table{heads: []string{"criterion", "met by"}, left: []bool{true, true}}
	for _, x := range v.Criteria() {
		row := []cell{text(x.Name), text(string(x.State)), text(visible.Text(x.Found)), {}}
		if len(x.Refs) > 0 {
			row[3] = text(x.Refs[0][:8])
			if more := len(x.Refs) - 1; more > 0 {
				row[3] = text(fmt.Sprintf("%s and %d more", x.Refs[0][:8], more))
			}
		}
		found.rows = append(found.rows, row)
		rules.rows = append(rules.rows, []cell{text(x.Name), text(x.Rule)})
	}
	if len(found.rows) > 0 {
		c.put("How each criterion stands", found)
		c.put("When each is met", rules)
	}
	c.notef("From results that are kept about these neurons; nothing was computed for it. Results are named by the first digits of their addresses.")
	return c
}
