package gonbext

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
)

// predictionCard lists the most likely next tokens, and those that were asked for wherever they rank.
func predictionCard(p steer.Prediction) *card {
	c := &card{title: words("Next token after “%s”", textOf(p.Tokens())), warnings: p.Warnings()}
	top, of := p.Top(), p.Of()
	asked := map[int32]bool{}
	for _, t := range of {
		asked[t.ID] = true
	}
	rows, listed := top, map[int32]bool{}
	for _, t := range top {
		listed[t.ID] = true
	}
	for _, t := range of {
		if !listed[t.ID] {
			rows, listed[t.ID] = append(slices.Clip(rows), t), true
		}
	}
	slices.SortStableFunc(rows[len(top):], func(a, b steer.Ranked) int { return cmp.Compare(a.Rank, b.Rank) })
	t := table{heads: []string{"rank", "token", "p", "", "logit", ""}, left: []bool{false, true, false, true, false, true}, names: 1}
	for i, r := range rows {
		if i == len(top) { // what follows was asked for and is further down
			t.rows = append(t.rows, []cell{text("…")})
		}
		mark := cell{}
		if asked[r.ID] {
			mark = cell{{"◂ asked for", strong}}
		}
		t.rows = append(t.rows, []cell{number(r.Rank), {tokenSpan(r.Token)}, text(percent(r.Probability)),
			{{bar(r.Probability, 1), amount}}, text(signed(r.Logit, 2)), mark})
	}
	c.put("The most likely next tokens", t)
	if len(of) == 2 {
		c.line(span{fmt.Sprintf("logit(%q) − logit(%q) = %s", of[0].Text, of[1].Text, signed(of[0].Logit-of[1].Logit, 2)), plain})
	}
	c.notef("One prompt: another wording may give another answer.")
	return c
}
