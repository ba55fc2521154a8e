package gonbext

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
)

// patchingCard lists the units that do most on their own, and the pairs that do more or less together than apart.
func patchingCard(v steer.Patching) *card {
	rows, pairs := v.Rows(), v.Pairs()
	c := &card{title: words("What %s do one by one for %s", count(len(rows), "unit"), v.About()), warnings: v.Warnings()}
	n, of := v.N()
	c.line(span{fmt.Sprintf("%d %s · set to: %s · the metric as it is %s logits", n, of, v.Ablation(), signed(v.Full().Value, 2)), plain})
	t := table{heads: []string{"unit", "effect", "95 % interval"}, left: []bool{true}}
	for i, r := range rows {
		if i == rowsShown {
			t.more = fmt.Sprintf("… %d more", len(rows)-rowsShown)
			break
		}
		t.rows = append(t.rows, []cell{text(r.Unit.String()), text(signed(r.Effect.Value, 3)), interval(r.Effect)})
	}
	c.put("The units, by effect", t)
	if len(pairs) > 0 {
		t := table{heads: []string{"pair", "effect", "synergy", "95 % interval"}, left: []bool{true}}
		for i, r := range pairs {
			if i == rowsShown {
				t.more = fmt.Sprintf("… %d more", len(pairs)-rowsShown)
				break
			}
			t.rows = append(t.rows, []cell{text(r.Units[0].String() + " + " + r.Units[1].String()), text(signed(r.Effect.Value, 3)), text(signed(r.Synergy.Value, 3)), interval(r.Synergy)})
		}
		c.put("Pairs of units", t)
	}
	c.notef("An effect is what the metric loses; synergy is what a pair does beyond the sum of its two.")
	return c
}
