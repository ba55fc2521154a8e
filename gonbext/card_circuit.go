package gonbext

import (
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// circuitCard lists the strongest entries of a circuit.
func circuitCard(c steer.Circuit) *card {
	es := c.Entries()
	scored, positions, most := false, false, 0.0
	layers := map[int]bool{}
	for _, e := range es {
		layers[e.Layer] = true
		scored = scored || e.Score != 0
		positions = positions || e.Position >= 0
		most = max(most, math.Abs(e.Score))
	}
	caption := fmt.Sprintf("%s · %s", unitsOf(c.Neurons()), count(len(layers), "layer"))
	if positions {
		caption = count(len(es), "entry") + " · " + caption
	}
	if scored {
		caption += " · Σ = " + withUnit(signed(c.Total(), 2), c.Unit())
	}
	k := &card{title: []span{{visible.Text(c.Name()), plain}}, warnings: c.Warnings()}
	k.line(span{caption, plain})
	if about := c.About(); about != "" {
		k.notef("chosen by their scores for %s", about)
	}
	k.stabilityLine(c)
	if len(es) > 0 {
		k.put("The strongest entries", entryTable(c, es, scored, positions, most))
	}
	if scored {
		k.notef("A selection, not yet a test: Predict or Generate with Ablate shows what these %s do.", kindsOf(c.Neurons()))
	}
	return k
}

// entryTable lists entries, with the columns that say something.
func entryTable(c steer.Circuit, es []steer.Entry, scored, positions bool, most float64) table {
	t := table{heads: []string{"#", columnOf(es)}, left: []bool{false, true}, names: 1}
	if positions {
		t.heads, t.left = append(t.heads, "position"), append(t.left, false)
	}
	if scored {
		t.heads, t.left = append(t.heads, "score", ""), append(t.left, false, true)
	}
	stable := map[steer.Neuron]steer.StableNode{}
	v, judged := c.Stability()
	if judged {
		t.heads, t.left = append(t.heads, "stability"), append(t.left, true)
		for _, n := range v.Of(c) {
			stable[n.Neuron] = n
		}
	}
	for i, e := range es[:min(len(es), rowsShown)] {
		row := []cell{number(i + 1), text(e.Neuron.String())}
		if positions {
			row = append(row, number(e.Position))
		}
		if scored {
			row = append(row, text(signed(e.Score, 3)), signedBar(e.Score, most))
		}
		if judged {
			word := "" // of a head nothing is known
			if n, ok := stable[e.Neuron]; ok {
				word = fmt.Sprintf("%s (%s)", n.Class, percent(n.Frequency))
			}
			row = append(row, text(word))
		}
		t.rows = append(t.rows, row)
	}
	if n := len(es) - len(t.rows); n > 0 {
		t.more = fmt.Sprintf("… %d more", n)
	}
	return t
}
