package gonbext

import (
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/steer"
)

// behaviorCard lists the prompts of a behavior with the metric of each.
func behaviorCard(b steer.BehaviorScores) *card {
	ms := b.Metrics()
	c := &card{title: words("Scores of every neuron on %s", count(len(ms), "prompt")), warnings: b.Warnings()}
	if len(ms) == 0 {
		return c
	}
	var most float64
	positive := 0
	for _, m := range ms {
		most = max(most, math.Abs(m))
		if m > 0 {
			positive++
		}
	}
	mean := b.Mean()
	unit := mean.Unit()
	c.line(span{fmt.Sprintf("%s · mean metric %s · positive on %d of %d", b.Example(0).Method(), withUnit(signed(mean.Metric(), 3), unit), positive, len(ms)), plain})
	t := table{heads: []string{"", "prompt", "metric", ""}, left: []bool{false, true, false, true}, names: 1}
	for i, m := range ms[:min(len(ms), rowsShown)] {
		t.rows = append(t.rows, []cell{number(i), text(textOf(b.Example(i).Tokens())), text(signed(m, 3)), signedBar(m, most)})
	}
	if n := len(ms) - len(t.rows); n > 0 {
		t.more = fmt.Sprintf("… %d more", n)
	}
	c.put("The metric of each prompt", t)
	c.notef("Mean, Any and AnyPercent bring the prompts together. Test what they select on prompts that are not among these.")
	return c
}
