package gonbext

import (
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// baselineCard says whether the model shows a behavior at all, and on which examples.
func baselineCard(g steer.Baseline) *card {
	n, _ := g.N()
	c := &card{title: words("The behavior is %s on %s", verdict(g.Verdict()), count(n, "example")), warnings: g.Warnings()}
	d := g.Difference()
	about := fmt.Sprintf("The target is preferred on %v", g.Pair())
	if top, ok := g.Top1(); ok {
		about += fmt.Sprintf(" and the first choice on %v", top)
	}
	c.line(span{fmt.Sprintf("%s; mean difference %s logits, 95 %% interval %s to %s.", about, signed(d.Value, 2), signed(d.Lo, 2), signed(d.Hi, 2)), plain})
	t := table{heads: []string{"", "prompt", "target", "rank", "p", "counterfactual", "difference", ""}, left: []bool{false, true, true, false, false, true, false, true}, names: 1}
	all := g.Outcomes()
	most := 0.0
	for _, o := range all {
		most = max(most, math.Abs(o.Difference))
	}
	for i, o := range all[:min(len(all), rowsShown)] {
		row := []cell{number(i), text(tail(visible.Text(o.Prompt), 48)), {tokenSpan(o.Target.Token)}, {}, {}, {{"any other", muted}}, text(signed(o.Difference, 2)), signedBar(o.Difference, most)}
		if o.Target.Rank > 0 {
			row[3], row[4] = number(o.Target.Rank), text(percent(o.Target.Probability))
		}
		if o.Versus != nil {
			row[5] = cell{tokenSpan(o.Versus.Token)}
		}
		t.rows = append(t.rows, row)
	}
	if k := len(all) - len(t.rows); k > 0 {
		t.more = fmt.Sprintf("… %d more", k)
	}
	if len(all) > 0 {
		c.put("The target on each example", t)
	}
	c.notef("That a behavior is there says nothing of how the model does it.")
	return c
}

// verdict makes a verdict the end of a sentence.
func verdict(v steer.Verdict) string {
	switch v {
	case steer.Absent:
		return "not shown"
	case steer.TooFew:
		return "not to be judged"
	case steer.Preferred:
		return "preferred, though seldom said,"
	}
	return string(v)
}
