package gonbext

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// vectorCard lists the lengths of a vector's layers.
func vectorCard(v steer.Vector) *card {
	name := v.Name()
	if name == "" {
		name = "control vector"
	}
	c := &card{title: []span{{visible.Text(name), plain}}, warnings: v.Warnings()}
	c.line(span{fmt.Sprintf("%s · %s", v.About(), v.Space()), plain})
	norms := v.Norms()
	most, has := 0.0, 0
	for l, x := range norms {
		most = max(most, x)
		if v.Has(l) {
			has++
		}
	}
	t := table{heads: []string{"layer", "length", ""}, left: []bool{false, false, true}}
	rest := map[int]steer.Reliability{}
	for _, r := range v.Reliability() {
		rest[r.Layer] = r
	}
	pairs, tested := 0, 0
	for _, r := range rest {
		pairs, tested = r.Agreement.N, r.Steerability.N
	}
	if pairs > 0 {
		t.heads, t.left = append(t.heads, "agreement of the pairs", "held-out pairs on its side"), append(t.left, false, false)
	}
	if tested > 0 {
		t.heads, t.left = append(t.heads, "logits per ×1", "anti-steerable"), append(t.left, false, false)
	}
	for l, x := range norms {
		if v.Has(l) && len(t.rows) < 2*rowsShown {
			row := []cell{number(l), amountOf(x), {{bar(x, most), amount}}}
			share := func(e steer.Estimate) cell {
				return text(fmt.Sprintf("%.0f %% [%.0f, %.0f]", 100*e.Value, 100*e.Lo, 100*e.Hi))
			}
			if pairs > 0 {
				a := rest[l].Agreement
				row = append(row, text(fmt.Sprintf("%.2f [%.2f, %.2f]", a.Value, a.Lo, a.Hi)), share(rest[l].HeldOut))
			}
			if tested > 0 {
				s := rest[l].Steerability
				row = append(row, text(fmt.Sprintf("%+.2f [%+.2f, %+.2f]", s.Value, s.Lo, s.Hi)), share(rest[l].AntiSteerable))
			}
			t.rows = append(t.rows, row)
		}
	}
	if n := has - len(t.rows); n > 0 {
		t.more = fmt.Sprintf("… %d more layers", n)
	}
	c.put("The vector by layer", t)
	if pairs > 0 {
		c.notef("Agreement is the mean cosine of a pair's difference with the others'; a held-out pair is on the side of the vector if its difference points along the mean of the other pairs'.")
	}
	if tested > 0 {
		c.notef("Steered by a layer alone, ×−1.5 to ×1.5: the mean slope of the logit difference of %d examples, and the share of them whose slope is below 0, which the vector moves away from their target (arXiv 2407.12404).", tested)
	} else {
		c.notef("A direction, not yet a test: OnExamples counts the examples that it moves the other way, AddVector shows what it does, Decompose which neurons write it.")
	}
	return c
}

// decompositionCard lists how much of each layer's direction few neurons span, beside a random direction.
func decompositionCard(d steer.Decomposition) *card {
	c := &card{title: words("A vector as neurons write it: %s", d.About()), warnings: d.Warnings()}
	layers := d.Decomposed()
	most := 0
	for _, l := range layers {
		most = max(most, len(d.Greedy(l)))
	}
	if most == 0 {
		c.line(span{fmt.Sprintf("%d layers · no greedy choice was asked for", len(layers)), plain})
		return c
	}
	few := min(10, most)
	ks := slices.Compact([]int{1, few, most})
	c.line(span{fmt.Sprintf("R² of the direction that k neurons of its layer span, in %s", count(len(layers), "layer")), plain})
	t := table{heads: []string{"layer"}}
	for _, k := range ks {
		t.heads = append(t.heads, fmt.Sprintf("k = %d", k))
	}
	t.heads = append(t.heads, fmt.Sprintf("random direction, k = %d", few), "first neuron")
	t.left = append(make([]bool, len(t.heads)-1), true)
	row := func(name string, curve []float64, rest ...cell) {
		cells := []cell{text(name)}
		for _, k := range ks {
			cells = append(cells, r2(curve, k))
		}
		t.rows = append(t.rows, append(cells, rest...))
	}
	for _, l := range layers[:min(len(layers), 2*rowsShown)] {
		first := cell{}
		if g := d.Greedy(l); len(g) > 0 {
			first = text(g[0].Neuron.String())
		}
		row(strconv.Itoa(l), d.Curve(l), r2(d.RandomCurve(l), few), first)
	}
	if n := len(layers) - len(t.rows); n > 0 {
		t.more = fmt.Sprintf("… %d more layers", n)
	}
	if len(layers) > 1 {
		row("all", d.Total())
	}
	c.put("R² by layer", t)
	c.notef("Many neurons write alike, so the best of them span some of any direction: hold R² against the random one.")
	return c
}

// r2 prints R²(k) of a curve; one that ends earlier keeps its last value.
func r2(curve []float64, k int) cell {
	if len(curve) == 0 {
		return text("none")
	}
	return text(fmt.Sprintf("%.3f", curve[min(k, len(curve)-1)]))
}

// comparisonCard holds a circuit against a vector, layer by layer, beside chance.
func comparisonCard(x steer.Comparison) *card {
	shared, of, expected, p := x.Total()
	c := &card{title: words("%d of the vector's %d neurons are in the circuit; chance gives %.2f", shared, of, expected), warnings: x.Warnings()}
	t := table{heads: []string{"layer", "circuit", "vector", "shared", "by chance", "variance explained (not R²)"}}
	left := 0
	for _, l := range x.Layers() {
		if l.Circuit == 0 {
			continue
		}
		if len(t.rows) == 2*rowsShown {
			left++
			continue
		}
		t.rows = append(t.rows, []cell{number(l.Layer), number(l.Circuit), number(l.Top), number(l.Shared), text(fmt.Sprintf("%.2f", l.Expected)), text(fmt.Sprintf("%.4f", l.VarianceExplained))})
	}
	if left > 0 {
		t.more = fmt.Sprintf("… %d more layers", left)
	}
	if len(t.rows) > 0 {
		c.put("Circuit and vector by layer", t)
	}
	c.line(span{fmt.Sprintf("By chance alone at least as many would be shared with p = %.2g.", p), plain})
	top, expected, p := x.Top()
	c.line(span{fmt.Sprintf("Of the 50 strongest of either, %d are the same neurons; chance gives %.2f, p = %.2g.", top, expected, p), plain})
	return c
}
