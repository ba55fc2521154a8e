package gonbext

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
)

// methodsCard holds methods side by side: what their neurons do, and how far their scores foretell it.
func methodsCard(v steer.MethodComparison) *card {
	rows := v.Rows()
	c := &card{title: words("%s side by side for %s", count(len(rows), "method"), v.About()), warnings: v.Warnings()}
	n, of := v.N()
	exact, _ := v.Exact()
	size := 0
	for _, r := range rows {
		size = max(size, r.Circuit.Len())
	}
	c.line(span{fmt.Sprintf("%s of each, set to zero on %d %s · %s ablated one by one", count(size, "neuron"), n, of, count(len(exact), "neuron")), plain})
	t := table{heads: []string{"method", "metric lost", "95 % interval", "random, middle 95 %", "p", "r with exact", "95 % interval", "Spearman", "shared with the first", "by chance", "depth"}, left: []bool{true}}
	for i, r := range rows {
		row := []cell{text(r.Method), text(signed(r.Effect.Value, 2)), interval(r.Effect), {}, text(fmt.Sprintf("%.3f", r.P)), {}, {}, {}, {}, {}, text(fmt.Sprintf("%.2f", r.Depth))}
		if r.Random.N > 0 {
			row[3] = text(fmt.Sprintf("%s to %s", signed(r.Random.Lo, 2), signed(r.Random.Hi, 2)))
		}
		if r.Pearson.N > 0 {
			row[5], row[6], row[7] = text(signed(r.Pearson.Value, 2)), interval(r.Pearson), text(signed(r.Spearman.Value, 2))
		}
		if i > 0 {
			row[8], row[9] = text(fmt.Sprintf("%.2f", r.Shared)), text(fmt.Sprintf("%.2f", r.Chance))
		}
		t.rows = append(t.rows, row)
	}
	c.put("What each method finds", t)
	c.notef("r is Pearson's correlation of a method's scores with what setting single neurons to zero does. Shared is the Jaccard index. Depth is the center of Σ|score|, 0 the first layer and 1 the last.")
	return c
}
