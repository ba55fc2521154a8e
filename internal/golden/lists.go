package golden

import (
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/steer"
)

// selections compares the circuits that the reference selects: the first position left out, of the candidates of every
// layer and position.
func (c *check) selections(p prompt, s steer.Scores, err error) {
	seed := func() steer.Scores { return s.SkipFirst().Candidates(200) } // not called where there are no scores
	list := func(quantity string, want node, pick func() steer.Circuit) {
		if want.exists() {
			var got []steer.Entry
			if err == nil {
				got = pick().Entries()
			}
			c.entries(quantity, want, got, s, err)
		}
	}
	top := p.get("top")
	list("top", top, func() steer.Circuit { return seed().TopEntries(len(top.all())) })
	edges := p.get("edges").get("circuit")
	list("edges, their circuit", edges, func() steer.Circuit { return seed().TopEntries(len(edges.all())) })
	choice := p.get("select")
	if n := choice.get("topk"); n.exists() {
		list("select, topk", n.get("circuit"), func() steer.Circuit { return seed().TopEntries(n.get("k").integer()) })
	}
	if n := choice.get("topkLast2"); n.exists() {
		last := len(p.ids) - n.get("start").integer()
		list("select, topkLast2", n.get("circuit"), func() steer.Circuit { return seed().LastPositions(last).TopEntries(n.get("k").integer()) })
	}
	if n := choice.get("perLayerTopk"); n.exists() {
		list("select, perLayerTopk", n.get("circuit"), func() steer.Circuit {
			return seed().PerLayer(n.get("per_layer").integer()).TopEntries(n.get("k").integer())
		})
	}
	for _, k := range []struct {
		key  string
		from func() steer.Scores
	}{{"threshold", seed}, {"thresholdDense", s.SkipFirst}} {
		n := choice.get(k.key)
		if !n.exists() {
			continue
		}
		list("select, "+k.key, n.get("circuit"), func() steer.Circuit { return k.from().Cumulative(n.get("threshold").num()).TopEntries(all) })
		if want := n.get("total"); want.exists() {
			var sum float64
			if err == nil {
				sum = absolute(k.from().TopEntries(all).Entries())
			}
			c.number("select, "+k.key+", total", want, sum, want.num(), c.tolerance("attributionRelL2"), err)
		}
	}
}

// all is a number of entries beyond every ranking.
const all = math.MaxInt

// absolute returns Σ|score|.
func absolute(es []steer.Entry) (sum float64) {
	for _, e := range es {
		sum += math.Abs(e.Score)
	}
	return sum
}

// share compares the selection by a share of the metric, of the target's logit alone.
func (c *check) share(p prompt, s steer.Scores, err error) {
	n := p.get("select").get("percentage")
	if !n.exists() {
		return
	}
	if want := n.get("reference"); want.exists() {
		c.number("select, percentage, reference", want, metricOf(s, err), 1, c.tolerance("logitsAbs"), err)
	}
	if want := n.get("circuit"); want.exists() {
		var got []steer.Entry
		if err == nil {
			got = s.SkipFirst().Candidates(200).Percent(n.get("threshold").num()).TopEntries(all).Entries()
		}
		c.entries("select, percentage", want, got, s, err)
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
