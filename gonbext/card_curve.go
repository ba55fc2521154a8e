package gonbext

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// curveCard lists the response to every multiplier, beside random circuits, and the side effects.
func curveCard(v steer.Curve) *card {
	c := &card{title: words("Dose and response of %s", v.About()), warnings: v.Warnings()}
	n, of := v.N()
	randoms := len(v.RandomCurves())
	about := fmt.Sprintf("%s · %d %s", unitsOf(v.Circuit()), n, of)
	if name := v.Name(); name != "" {
		about = visible.Text(name) + " · " + about
	}
	if randoms > 0 {
		about += " · " + count(randoms, "random circuit") + ", as many " + kindsOf(v.Circuit()) + " in every layer"
	}
	c.line(span{about, plain})
	heads := []string{"multiplier", "difference (logits)", "95 % interval", "p(target)", "p(versus)"}
	if randoms > 0 {
		heads = append(heads, "random, middle 95 %", "p")
	}
	t := table{heads: heads}
	for _, d := range v.Doses() {
		row := []cell{text(times(d.Multiplier)), text(signed(d.Difference.Value, 2)), interval(d.Difference), text(percent(d.Target.Value)), {}}
		if d.Versus.Value > 0 { // 0 is none
			row[4] = text(percent(d.Versus.Value))
		}
		if randoms > 0 {
			p := cell{}
			if d.Multiplier != 1 {
				p = text(fmt.Sprintf("%.3f", d.P))
			}
			row = append(row, text(fmt.Sprintf("%s to %s", signed(d.Controls.Lo, 2), signed(d.Controls.Hi, 2))), p)
		}
		t.rows = append(t.rows, row)
	}
	n = len(t.rows)
	instruction, prompted := v.Prompted()
	if prompted.Difference.N > 0 {
		row := []cell{text("prompted"), text(signed(prompted.Difference.Value, 2)), interval(prompted.Difference), text(percent(prompted.Target.Value)), {}}
		if prompted.Versus.Value > 0 {
			row[4] = text(percent(prompted.Versus.Value))
		}
		for len(row) < len(heads) {
			row = append(row, cell{})
		}
		t.rows = append(t.rows, row)
	}
	c.put("The response to each multiplier", t)
	if prompted.Difference.N > 0 {
		c.line(span{"Prompted is the unsteered model after the instruction " + visible.Text(instruction), plain})
	}
	if n > 1 {
		c.line(span{trend(v.Trend()), plain})
	}
	if side := v.SideEffects(); len(side) > 0 {
		c.line(span{fmt.Sprintf("Side effects on %s that have nothing to do with it:", count(side[0].Divergence.N, "text")), plain})
		c.put("What each multiplier does to neutral texts", sideTable(side))
	}
	c.notef("×1 is the unsteered model. An interval is over these prompts; it says nothing of other kinds of prompts.")
	return c
}

// trend writes how the difference goes with the dose; over one prompt there is no interval to write.
func trend(r steer.Trend) string {
	s := fmt.Sprintf("Slope %s logits per unit of the multiplier", signed(r.Slope.Value, 2))
	if r.Slope.N > 1 {
		s += fmt.Sprintf(", from %s to %s; negative on %s of the prompts", signed(r.Slope.Lo, 2), signed(r.Slope.Hi, 2), percent(r.Against))
	}
	return s + fmt.Sprintf(". Rank correlation with the dose: %s.", signed(r.Monotone, 2))
}

// sideTable lists what every multiplier does to neutral texts.
func sideTable(side []steer.SideEffect) table {
	t := table{heads: []string{"multiplier", "KL (nats)", "perplexity ratio", "4-gram quality", "continuations changed"}}
	for _, e := range side {
		quality, changed := cell{}, cell{}
		if e.Quality.N > 0 {
			quality, changed = text(fmt.Sprintf("%.2f", e.Quality.Value)), text(percent(e.Changed))
		}
		t.rows = append(t.rows, []cell{text(times(e.Multiplier)), text(fmt.Sprintf("%.4f", e.Divergence.Value)), text(fmt.Sprintf("%.3f", e.Perplexity.Value)), quality, changed})
	}
	return t
}

// times prints a multiplier.
func times(x float64) string {
	if x < 0 {
		return fmt.Sprintf("×−%g", -x)
	}
	return fmt.Sprintf("×%g", x)
}

// interval prints the ends of an estimate's interval; one of a single prompt has none.
func interval(e steer.Estimate) cell {
	if e.N < 2 {
		return text("none")
	}
	return text(fmt.Sprintf("%s to %s", signed(e.Lo, 2), signed(e.Hi, 2)))
}
