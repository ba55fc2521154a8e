package gonbext

import (
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// faithfulnessCard lists for every size how much of a behavior the units carry, beside random ones.
func faithfulnessCard(v steer.FaithfulnessCurve) *card {
	c := &card{title: words("Faithfulness for %s", v.About()), warnings: v.Warnings()}
	n, of := v.N()
	about := fmt.Sprintf("%d %s · ablation: %s · F(M) %s, F(∅) %s logits", n, of, v.Ablation(), signed(v.Full().Value, 2), signed(v.Empty().Value, 2))
	if name := v.Name(); name != "" {
		about = visible.Text(name) + " · " + about
	}
	c.line(span{about, plain})
	randoms, moved := 0, false
	for _, r := range v.Rows() {
		randoms, moved = max(randoms, r.RandomKept.N), moved || r.Sufficiency.N > 0
	}
	heads := []string{"units", "share of the ranked", "F(C)", "F(C̄)"}
	if v.Normalized() {
		heads = append(heads, "faithfulness", "95 % interval", "completeness", "95 % interval")
	}
	if randoms > 0 {
		heads = append(heads, "random f, middle 95 %", "p")
	}
	if moved {
		heads = append(heads, "sufficiency")
	}
	t := table{heads: heads}
	for _, r := range v.Rows() {
		row := []cell{text(fmt.Sprint(r.Units)), text(percent(r.Share)), text(signed(r.Kept.Value, 2)), text(signed(r.Ablated.Value, 2))}
		if v.Normalized() {
			row = append(row, text(signed(r.Faithfulness.Value, 2)), interval(r.Faithfulness), text(signed(r.Completeness.Value, 2)), interval(r.Completeness))
		}
		if randoms > 0 {
			row = append(row, text(fmt.Sprintf("%s to %s", signed(r.RandomKept.Lo, 2), signed(r.RandomKept.Hi, 2))), text(fmt.Sprintf("%.3f", r.P)))
		}
		if moved {
			row = append(row, text(signed(r.Sufficiency.Value, 2)))
		}
		t.rows = append(t.rows, row)
	}
	c.put("How much the first units carry", t)
	if v.Normalized() {
		area := func(e steer.Estimate) string {
			return fmt.Sprintf("%s (95 %% %s to %s)", signed(e.Value, 2), signed(e.Lo, 2), signed(e.Hi, 2))
		}
		var comes []string
		if len(v.Rows()) > 1 { // one size has no area
			comes = append(comes, fmt.Sprintf("CPR %s, CMD %s", area(v.CPR()), area(v.CMD())))
			if cpr, cmd := v.RandomAreas(); cpr.N > 0 {
				comes = append(comes, fmt.Sprintf("random rankings: CPR %s to %s, CMD %s to %s", signed(cpr.Lo, 2), signed(cpr.Hi, 2), signed(cmd.Lo, 2), signed(cmd.Hi, 2)))
			}
		}
		if k, ok := v.KStar(); ok {
			comes = append(comes, fmt.Sprintf("k* %d", k))
		}
		if len(comes) > 0 {
			c.line(span{strings.Join(comes, "; "), plain})
		}
	}
	c.notef("F(C) is the metric with all other units ablated, F(C̄) with only these; faithfulness 1 is all of the behavior, completeness 0 none left.")
	return c
}
