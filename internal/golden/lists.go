package golden

import (
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/steer"
)

// selections compares the circuits that the reference selects: the first position left out, of the candidates of every
// layer and position.
func (c *check) selections(p prompt, s steer.Scores, err error) {
	list := func(quantity string, want node, k, start int) {
		if !want.exists() {
			return
		}
		var got []steer.Entry
		if err == nil {
			v := s.SkipFirst().Candidates(200)
			if start > 1 {
				v = v.LastPositions(len(p.ids) - start)
			}
			got = v.TopEntries(k).Entries()
		}
		c.entries(quantity, want, got, s, err)
	}
	top := p.get("top")
	list("top", top, len(top.all()), 1)
	edges := p.get("edges").get("circuit")
	list("edges, their circuit", edges, len(edges.all()), 1)
	choice := p.get("select")
	for _, key := range []string{"topk", "topkLast2"} {
		n := choice.get(key)
		if !n.exists() {
			continue
		}
		start := 1
		if n.get("start").exists() {
			start = n.get("start").integer()
		}
		list("select, "+key, n.get("circuit"), n.get("k").integer(), start)
	}
}

// An address is a neuron at a position.
type address struct{ layer, position, index int }

// entries compares a list of [layer, position, neuron, score] with a circuit, whatever the order.
func (c *check) entries(quantity string, want node, got []steer.Entry, s steer.Scores, err error) {
	mark(want.source())
	if err != nil {
		c.rep.failure(c.label, quantity, err)
		return
	}
	w, g := map[address]float64{}, map[address]float64{}
	for _, n := range want.all() {
		row := n.all()
		if len(row) != 4 {
			n.wrong("[layer, position, neuron, score]")
			continue
		}
		w[address{row[0].integer(), row[1].integer(), row[2].integer()}] = row[3].num()
	}
	for _, e := range got {
		g[address{e.Layer, e.Position, e.Index}] = e.Score
	}
	tol := c.tolerance("attributionAbs")
	if len(g) != len(got) || len(w) != len(want.all()) || len(w) != len(g) {
		c.rep.exact(c.label, quantity, false, fmt.Sprintf("there are %d different entries, it should be %d", len(g), len(w)))
		return
	}
	diff, odd := apart(w, g, func(a address) float64 { return s.At(a.layer, a.position, a.index) })
	c.rep.difference(c.label, quantity, diff, tol)
	if !(diff <= tol) && odd != "" {
		c.rep.printf("      %s\n", odd)
	}
}

// apart returns how far two selections are apart: the largest difference of a score that both have, or the distance from
// the cut of one that only one of them has. At the cut, neighbors closer than a score's tolerance may swap. score gives the
// result's score of anything. odd names the entry that is farthest from the cut in one list only.
func apart[K comparable](want, got map[K]float64, score func(K) float64) (diff float64, odd string) {
	cut := math.Inf(1) // the weakest score of the file's list
	for _, v := range want {
		cut = min(cut, math.Abs(v))
	}
	far := -1.0
	note := func(k K, v float64, only string) {
		d := math.Abs(math.Abs(v) - cut)
		if math.IsNaN(d) {
			d = math.Inf(1)
		}
		diff = max(diff, d)
		if d > far {
			far, odd = d, fmt.Sprintf("%v (score %.4g) is only in %s; the cut is at %.4g", k, v, only, cut)
		}
	}
	for k, v := range want {
		u, both := got[k]
		if !both {
			note(k, v, "the file")
			u = score(k)
		}
		diff = max(diff, math.Abs(u-v)) // NaN stays NaN
	}
	for k, v := range got {
		if _, both := want[k]; !both {
			note(k, v, "the result")
		}
	}
	return diff, odd
}
