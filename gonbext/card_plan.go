package gonbext

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
)

// planCard says what a task would cost.
func planCard(p steer.Plan) *card {
	c := &card{title: words("What it would cost"), warnings: p.Warnings()}
	if p.Stored() {
		c.line(span{"nothing: the result is kept, 0 passes", plain})
		return c
	}
	forward, backward := p.Passes()
	t := table{heads: []string{"", "number"}, left: []bool{true, false}, names: 1}
	for _, row := range []struct {
		what string
		n    int
	}{
		{"passes forward", forward}, {"passes backward", backward}, {"tokens generated, at most", p.Steps()},
		{"positions in all", p.Tokens()}, {"parts whose results are kept", p.Parts()},
	} {
		if row.n > 0 {
			t.rows = append(t.rows, []cell{text(row.what), number(row.n)})
		}
	}
	c.put("Passes of the task", t)
	c.line(span{fmt.Sprintf("about %s on this machine, once the model is loaded", seconds(p.Time())), plain})
	return c
}
