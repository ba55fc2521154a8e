package gonbext

import (
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
)

// compareCurves holds responses to the same multipliers against one another.
func compareCurves(names []string, all []steer.Curve) *card {
	c := &card{title: words("Dose and response of %s, compared", all[0].About())}
	t := table{heads: []string{"multiplier"}}
	var doses []float64
	for i, v := range all {
		t.heads = append(t.heads, "difference (logits), "+names[i], "95 % interval")
		for _, d := range v.Doses() {
			if !slices.Contains(doses, d.Multiplier) {
				doses = append(doses, d.Multiplier)
			}
		}
		if v.About() != all[0].About() {
			c.notef("%s measures %s.", names[i], v.About())
		}
		c.warn(v.Warnings())
	}
	slices.Sort(doses)
	for _, x := range doses {
		row := []cell{text(times(x))}
		for _, v := range all {
			at := slices.IndexFunc(v.Doses(), func(d steer.Dose) bool { return d.Multiplier == x })
			if at < 0 {
				row = append(row, cell{}, cell{})
				continue
			}
			d := v.Doses()[at].Difference
			row = append(row, text(signed(d.Value, 2)), interval(d))
		}
		t.rows = append(t.rows, row)
	}
	slope := []cell{text("slope")}
	for _, v := range all {
		s := v.Trend().Slope
		slope = append(slope, text(signed(s.Value, 2)), interval(s))
	}
	t.rows = append(t.rows, slope)
	c.put("The responses, side by side", t)
	c.notef("The slope is in logits per unit of the multiplier. In one picture: plotting.DoseResponse(a, b).")
	return c
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
