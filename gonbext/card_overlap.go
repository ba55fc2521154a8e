package gonbext

import (
	"fmt"
	"math"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// overlapCard lists the pairs of circuits, each beside what chance gives.
func overlapCard(m steer.OverlapMatrix) *card {
	names, sizes := m.Names(), m.Sizes()
	c := &card{title: words("What %s have in common", count(len(names), "circuit")), warnings: m.Warnings()}
	t := table{heads: []string{"circuit", "and", "shared", "Jaccard", "by chance", "p", "rank-biased"}, left: []bool{true, true}}
	more := 0
	for i := range names {
		for j := range i {
			if len(t.rows) == rowsShown {
				more++
				continue
			}
			t.rows = append(t.rows, []cell{text(named(names[j], sizes[j])), text(named(names[i], sizes[i])), number(m.Shared(i, j)),
				text(fmt.Sprintf("%.3f", m.Jaccard(i, j))), known("%.3f", m.Expected(i, j)), known("%.2g", m.P(i, j)), text(fmt.Sprintf("%.3f", m.RankBiased(i, j)))})
		}
	}
	if more > 0 {
		t.more = fmt.Sprintf("… %d more pairs", more)
	}
	if len(t.rows) > 0 {
		c.put("What each pair of circuits shares", t)
	}
	c.notef("By chance: random circuits with as many neurons in every layer. Sharing neurons is not doing the same.")
	return c
}

func named(name string, size int) string { return fmt.Sprintf("%s (n=%d)", visible.Text(name), size) }

// known prints a number that may be unknown.
func known(format string, x float64) cell {
	if math.IsNaN(x) {
		return text("unknown")
	}
	return text(fmt.Sprintf(format, x))
}

// setCard lists the neurons of a set by layer.
func setCard(s steer.NeuronSet) *card {
	name := s.Name()
	if name == "" {
		name = "neurons"
	}
	c := &card{title: words("%s · %s", visible.Text(name), unitsOf(s.Neurons())), warnings: s.Warnings()}
	if f := s.Frequencies(); f.Texts() > 0 {
		c.line(span{f.String(), plain})
	}
	t := table{heads: []string{"layer", "neurons", ""}, left: []bool{false, false, true}}
	ns := s.Neurons()
	for from := 0; from < len(ns); {
		to := from
		var list []string
		for to < len(ns) && ns[to].Layer == ns[from].Layer {
			if len(list) < 12 {
				_, name, _ := strings.Cut(ns[to].String(), "/")
				list = append(list, name)
			}
			to++
		}
		if n := to - from - len(list); n > 0 {
			list = append(list, fmt.Sprintf("… %d more", n))
		}
		if len(t.rows) < 2*rowsShown {
			t.rows = append(t.rows, []cell{number(ns[from].Layer), number(to - from), text(strings.Join(list, " "))})
		} else {
			t.more = "… more layers"
		}
		from = to
	}
	if len(t.rows) > 0 {
		c.put("Neurons by layer", t)
	}
	c.notef("Nothing is left out unless you ask: scores.Without(set).")
	return c
}
