package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// row returns a method's row of a behavior.
func (c compared) row(method string) steer.MethodRow {
	for _, r := range c.of.Rows() {
		if r.Method == method {
			return r
		}
	}
	return steer.MethodRow{}
}

// span writes the least and the largest of what a method has over the behaviors.
func (t table) span(method string, of func(steer.MethodRow) float64) string {
	var v []float64
	for _, c := range t.rows {
		v = append(v, of(c.row(method)))
	}
	return fmt.Sprintf("%+.2f to %+.2f", slices.Min(v), slices.Max(v))
}

// best returns on how many behaviors each method has the most of something, as words.
func (t table) best(of func(steer.MethodRow) float64) string {
	wins, names := map[string]int{}, []string{}
	for _, c := range t.rows {
		best := slices.MaxFunc(c.of.Rows(), func(a, b steer.MethodRow) int { return cmp.Compare(of(a), of(b)) })
		if wins[best.Method]++; wins[best.Method] == 1 {
			names = append(names, best.Method)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return wins[b] - wins[a] })
	for i, n := range names {
		names[i] = fmt.Sprintf("%s on %d", n, wins[n])
	}
	return strings.Join(names, ", ")
}

// beyond counts the behaviors on which a method's neurons do more than every random circuit.
func (t table) beyond(method string) int {
	n := 0
	for _, c := range t.rows {
		if r := c.row(method); r.Random.N > 0 && r.Effect.Value > r.Random.Max && r.Effect.Lo > 0 {
			n++
		}
	}
	return n
}

// words says in five sentences what the table shows.
func (t table) words() []string {
	spearman := func(r steer.MethodRow) float64 { return r.Spearman.Value }
	pearson := func(r steer.MethodRow) float64 { return r.Pearson.Value }
	n := len(t.rows)
	return []string{
		fmt.Sprintf("%d neurons that RelP finds do more than every random circuit, with an interval above 0, on %d of %d behaviors of %s; those of Gradient on %d, of integrated gradients on %d, of the contrast on %d and of the control vector on %d.",
			t.size, t.beyond("RelP"), n, t.model, t.beyond("Gradient"), t.beyond("integrated gradients"), t.beyond("contrast"), t.beyond("control vector")),
		fmt.Sprintf("The most is lost by the neurons of %s.", t.best(func(r steer.MethodRow) float64 { return r.Effect.Value })),
		fmt.Sprintf("What ablating one neuron does is ranked best by %s: RelP's scores have ρ %s with it, Gradient's %s and those of integrated gradients %s.",
			t.best(spearman), t.span("RelP", spearman), t.span("Gradient", spearman), t.span("integrated gradients", spearman)),
		fmt.Sprintf("By Pearson's r, which a few large neurons decide, RelP has %s, Gradient %s and integrated gradients %s.", t.span("RelP", pearson), t.span("Gradient", pearson), t.span("integrated gradients", pearson)),
		fmt.Sprintf("So a circuit is found well by a rule that foretells single neurons badly: RelP shares %s of its neurons with Gradient (Jaccard), so what a single neuron does is to be asked of Gradient or of an ablation, and what a circuit does of an ablation alone.",
			t.span("Gradient", func(r steer.MethodRow) float64 { return r.Shared })),
	}
}
