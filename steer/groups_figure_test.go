package steer_test

import (
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestGroupsFigure: what figures draw are the profiles themselves, in an order in which groups are together and so is every branch of
// the tree; and the tree, cut, gives the groups.
func TestGroupsFigure(t *testing.T) {
	_, _, p := profiled(t)
	units, reads, writes, effects := p.Rows()
	for i, n := range p.Units() {
		sum, mean := 0., 0.
		for _, e := range p.Effect(n) {
			sum += e
		}
		if units[i] != n.String() || effects[i] != sum {
			t.Errorf("row %d is %s with %g, want %v with %g", i, units[i], effects[i], n, sum)
		}
		for k, r := range p.Reads(n) {
			if reads[i][k] != r.Relevance {
				t.Errorf("%v reads %g, drawn as %g", n, r.Relevance, reads[i][k])
			}
		}
		for _, w := range p.Writes(n) {
			mean += w.Contribution / float64(len(p.Writes(n)))
		}
		for k, w := range p.Writes(n) {
			if math.Abs(writes[i][k]-(w.Contribution-mean)) > 1e-6 {
				t.Errorf("%v writes %g with a mean of %g, drawn as %g", n, w.Contribution, mean, writes[i][k])
			}
		}
	}
	tokens, outputs := p.Columns()
	if len(tokens) != len(reads[0]) || tokens[4] != " France" || len(outputs) != len(writes[0]) || outputs[0] != " Paris" {
		t.Errorf("columns %q and %q", tokens, outputs)
	}
	for k := 1; k <= len(units); k++ {
		g := p.GroupsOf(k)
		names, of, silhouettes, stabilities := g.Parts()
		rows, in, out, gives := g.Rows()
		members := map[string][]string{}
		for i, x := range g.All() {
			if names[i] != x.Circuit.Name() || silhouettes[i] != x.Silhouette || stabilities[i] != x.Stability {
				t.Errorf("group %d of %d is drawn as %s, %g, %g, want %v", i, k, names[i], silhouettes[i], stabilities[i], x)
			}
			for _, n := range x.Circuit.Neurons() {
				members[names[i]] = append(members[names[i]], n.String())
			}
		}
		for i, name := range rows {
			u := slices.Index(units, name)
			if u < 0 || !slices.Equal(in[i], reads[u]) || !slices.Equal(out[i], writes[u]) || gives[i] != effects[u] {
				t.Fatalf("row %d is not that of %s", i, name)
			}
			if !slices.Contains(members[names[of[i]]], name) {
				t.Errorf("%s is drawn in %s, which has %v", name, names[of[i]], members[names[of[i]]])
			}
		}
		if n := len(slices.Compact(of)); n != k {
			t.Errorf("%d groups are drawn in %d pieces", k, n)
		}
	}
	a, b, heights := p.Groups().Tree()
	var branches [][]int // rows come first
	for i := range units {
		branches = append(branches, []int{i})
	}
	for k := range a {
		joined := slices.Sorted(slices.Values(append(slices.Clone(branches[a[k]]), branches[b[k]]...)))
		if joined[len(joined)-1]-joined[0] != len(joined)-1 {
			t.Errorf("merge %d has rows between which others stand: %v", k, joined)
		}
		if heights[k] < 0 || heights[k] > 2 || k > 0 && heights[k] < heights[k-1] {
			t.Errorf("merge %d is at %g after %v", k, heights[k], heights[:k])
		}
		branches = append(branches, joined)
	}
	if silhouette, lo, hi, chance := p.Groups().Fit(); true {
		if band, q := p.Groups().Null(); silhouette != p.Groups().Silhouette() || lo != band.Lo || hi != band.Hi || chance != q {
			t.Errorf("%g, %g to %g, %g; the null is %v, %g", silhouette, lo, hi, chance, band, q)
		}
	}
	if units, _, _, _ := (steer.Groups{}).Rows(); units != nil {
		t.Errorf("nothing has rows %v", units)
	}
}
