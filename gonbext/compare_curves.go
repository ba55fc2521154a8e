package gonbext

import (
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
)

// compareCurves holds responses to the same multipliers against one another: beside chance where random circuits were measured, and
// with the side effects of those that have any.
func compareCurves(names []string, all []steer.Curve) *card {
	c := &card{title: words("Dose and response of %s, compared", all[0].About())}
	t := table{heads: []string{"multiplier"}}
	var doses []float64
	for i, v := range all {
		t.heads = append(t.heads, "difference (logits), "+names[i], "95 % interval")
		if len(v.RandomCurves()) > 0 {
			t.heads = append(t.heads, "random, middle 95 %", "p")
		}
		for _, d := range v.Doses() {
			if !slices.Contains(doses, d.Multiplier) {
				doses = append(doses, d.Multiplier)
			}
		}
		if v.About() != all[0].About() {
			c.notef("%s measures %s.", names[i], v.About())
		}
	}
	c.warnEach(names, all)
	slices.Sort(doses)
	for _, x := range doses {
		row := []cell{text(times(x))}
		for _, v := range all {
			row = append(row, responseAt(v, x)...)
		}
		t.rows = append(t.rows, row)
	}
	if len(doses) > 1 {
		slope := []cell{text("slope")}
		for _, v := range all {
			s := v.Trend().Slope
			slope = append(slope, text(signed(s.Value, 2)), interval(s))
			if len(v.RandomCurves()) > 0 {
				slope = append(slope, cell{}, cell{})
			}
		}
		t.rows = append(t.rows, slope)
	}
	c.put("The responses, side by side", t)
	compareSides(c, names, all)
	if len(doses) > 1 {
		c.notef("The slope is in logits per unit of the multiplier. In one picture: plotting.DoseResponse(a, b).")
	}
	return c
}

// responseAt is what the response to a multiplier is: the difference, its interval, and chance where it was measured.
func responseAt(v steer.Curve, x float64) []cell {
	out := make([]cell, 2, 4)
	if len(v.RandomCurves()) > 0 {
		out = out[:4]
	}
	at := slices.IndexFunc(v.Doses(), func(d steer.Dose) bool { return d.Multiplier == x })
	if at < 0 {
		return out
	}
	d := v.Doses()[at]
	out[0], out[1] = text(signed(d.Difference.Value, 2)), interval(d.Difference)
	if len(out) == 4 {
		if out[2] = text(fmt.Sprintf("%s to %s", signed(d.Controls.Lo, 2), signed(d.Controls.Hi, 2))); x != 1 {
			out[3] = text(fmt.Sprintf("%.3f", d.P))
		}
	}
	return out
}

// compareSides lists what each multiplier of each does to neutral texts.
func compareSides(c *card, names []string, all []steer.Curve) {
	var t table
	for i, v := range all {
		side := sideTable(v.SideEffects())
		for _, row := range side.rows {
			t.heads = append([]string{"steered by"}, side.heads...)
			t.rows = append(t.rows, append([]cell{text(names[i])}, row...))
		}
	}
	if len(t.rows) > 0 {
		c.put("What each multiplier does to neutral texts", t)
	}
}

// warnEach adds the warnings of results, each once; one that is not of all says of which.
func (c *card) warnEach(names []string, all []steer.Curve) {
	for i, v := range all {
		for _, w := range v.Warnings() {
			if slices.ContainsFunc(all, func(o steer.Curve) bool { return !slices.Contains(o.Warnings(), w) }) {
				w.Text = names[i] + ": " + w.Text
			}
			c.warn([]steer.Warning{w})
		}
	}
}

// compareFaithfulness holds what the first units of rankings carry against one another.
func compareFaithfulness(names []string, all []steer.FaithfulnessCurve) *card {
	c := &card{title: words("Faithfulness for %s, compared", all[0].About())}
	t := table{heads: []string{"units"}}
	var sizes []int
	for i, v := range all {
		t.heads = append(t.heads, "F(C), "+names[i], "faithfulness")
		for _, r := range v.Rows() {
			if !slices.Contains(sizes, r.Units) {
				sizes = append(sizes, r.Units)
			}
		}
		c.warn(v.Warnings())
	}
	slices.Sort(sizes)
	for _, n := range sizes {
		row := []cell{number(n)}
		for _, v := range all {
			rows := v.Rows()
			at := slices.IndexFunc(rows, func(r steer.FaithfulnessRow) bool { return r.Units == n })
			switch {
			case at < 0:
				row = append(row, cell{}, cell{})
			case v.Normalized():
				row = append(row, text(signed(rows[at].Kept.Value, 2)), text(signed(rows[at].Faithfulness.Value, 2)))
			default:
				row = append(row, text(signed(rows[at].Kept.Value, 2)), cell{})
			}
		}
		t.rows = append(t.rows, row)
	}
	areas := func(name string, of func(steer.FaithfulnessCurve) steer.Estimate) {
		row := []cell{text(name)}
		for _, v := range all {
			e := cell{}
			if v.Normalized() && len(v.Rows()) > 1 {
				e = text(fmt.Sprintf("%s (%s)", signed(of(v).Value, 2), interval(of(v))[0].text))
			}
			row = append(row, cell{}, e)
		}
		t.rows = append(t.rows, row)
	}
	areas("CPR", steer.FaithfulnessCurve.CPR)
	areas("CMD", steer.FaithfulnessCurve.CMD)
	c.put("What the first units carry, side by side", t)
	c.notef("In one picture: plotting.Faithfulness(a, b).")
	return c
}
