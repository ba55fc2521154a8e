package gonbext

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// stabilityCard lists the neurons that are beyond the null, and says how the circuits of the specifications differ.
func stabilityCard(v steer.Multiverse) *card {
	all := v.Nodes()
	kinds := classes(all)
	c := &card{title: words("%s in nearly every view for %s", count(kinds[steer.Core], "neuron"), v.About()), warnings: v.Warnings()}
	n, of := v.N()
	about := fmt.Sprintf("%d %s · %d views · %d core, %d contingent, %d noise", n, of, v.Views(), kinds[steer.Core], kinds[steer.Contingent], kinds[steer.Noise])
	if x := v.Threshold(); x > 0 {
		about += " · beyond the null above " + percent(x)
	}
	c.line(span{about, plain})
	t := table{heads: []string{"neuron", "frequency", "p", "class", "depends on", "score"}, left: []bool{true, false, false, true, true, false}}
	for _, n := range all {
		if n.Class == steer.Noise {
			continue
		}
		if len(t.rows) == rowsShown {
			t.more = fmt.Sprintf("… %d more", kinds[steer.Core]+kinds[steer.Contingent]-rowsShown)
			break
		}
		t.rows = append(t.rows, []cell{text(n.Neuron.String()), text(percent(n.Frequency)), text(fmt.Sprintf("%.3f", n.P)), text(string(n.Class)), text(n.DependsOn()), text(signed(n.Score, 3))})
	}
	if len(t.rows) > 0 {
		c.put("The neurons, by how often they are selected", t)
	}
	c.put("The specifications", specificationTable(v))
	c.notef("A view is a rule, a selection, a size and a resample of the %s. Core: beyond the null and in 95 %% of the views. Noise: the null, in which no neuron is of two %s but by chance, has one as frequent.", of, of)
	return c
}

// specificationTable says for every rule and selection how stable its largest circuit is, and what ablating it does.
func specificationTable(v steer.Multiverse) table {
	t := table{heads: []string{"rule", "selection", "neurons", "core", "agreement of resamples"}, left: []bool{true, true}}
	effects, _, _ := v.Effects()
	if effects != nil {
		t.heads = append(t.heads, "metric lost when ablated", "95 % interval")
	}
	specs := v.Specifications()
	for i, s := range specs {
		if i+1 < len(specs) && specs[i+1].Rule == s.Rule && specs[i+1].Selection == s.Selection {
			continue // the sizes of one selection are next to one another, rising
		}
		row := []cell{text(string(s.Rule)), text(s.Selection), text(fmt.Sprint(s.Circuit.Len())), text(percent(s.Core)), text(fmt.Sprintf("%.2f", s.Agreement))}
		if effects != nil {
			row = append(row, text(signed(s.Effect.Value, 2)), interval(s.Effect))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// classes counts neurons by how sure their place is.
func classes(ns []steer.StableNode) map[steer.NodeClass]int {
	out := map[steer.NodeClass]int{}
	for _, n := range ns {
		out[n.Class]++
	}
	return out
}

// stabilityLine says of a circuit that was given an analysis how many of its neurons are sure.
func (c *card) stabilityLine(of steer.Circuit) {
	v, ok := of.Stability()
	if !ok {
		return
	}
	n := classes(v.Of(of))
	c.line(span{fmt.Sprintf("stability for %s, in %d views: %d core, %d contingent, %d noise", visible.Text(v.About()), v.Views(), n[steer.Core], n[steer.Contingent], n[steer.Noise]), plain})
}
