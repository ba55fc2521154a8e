package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

type table []row

// counts returns the neurons of every class.
func (r row) counts() map[steer.NodeClass]int {
	out := map[steer.NodeClass]int{}
	for _, n := range r.of.Nodes() {
		out[n.Class]++
	}
	return out
}

// depends says on what the contingent neurons depend, the most frequent choice first.
func (r row) depends() string {
	on, names := map[string]int{}, []string{}
	for _, n := range r.of.Nodes() {
		if d := n.DependsOn(); n.Class == steer.Contingent && d != "" {
			if on[d]++; on[d] == 1 {
				names = append(names, d)
			}
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return on[b] - on[a] })
	for i, n := range names {
		names[i] = fmt.Sprintf("%s %d", n, on[n])
	}
	return strings.Join(names, ", ")
}

// effects returns the least, the middle and the largest effect of the specifications, and how many have an interval above 0.
func (r row) effects() (least, middle, most float64, above, of int) {
	mean, lo, _ := r.of.Effects()
	for _, x := range lo {
		if x > 0 {
			above++
		}
	}
	rising := slices.Sorted(slices.Values(mean))
	n := len(rising)
	return rising[0], (rising[(n-1)/2] + rising[n/2]) / 2, rising[n-1], above, n
}

// String returns the table in Markdown, and what it shows in words.
func (t table) String() string {
	var b strings.Builder
	b.WriteString("What `go run ./docs/studies/stability` prints.\n\n")
	b.WriteString("Views: rules RelP, Frozen and Gradient × selections by the mean, by the positive mean and by the largest of any example (where the first position\ncounts, without it too) × 10, 20 and 40 neurons × 50 resamples of the examples. ")
	b.WriteString("Core: beyond the null and in 95 % of the views; contingent: beyond the null;\nnoise: 19 draws of the null, whose neurons change places within their layer anew for every example, have one as frequent. ")
	b.WriteString("Null: the frequency that this takes.\nLost: what the logit difference loses, in logits, when the circuit of a specification is set to zero, least, median and largest; above 0: specifications whose 95 %\ninterval lies above 0. ")
	b.WriteString("Strength: the multiplier at which the 20 strongest supporters diverge from the model by the second budget of docs/studies/calibrate.\n\n")
	b.WriteString("| behavior | examples | views | core | contingent | depending on | noise | null | lost | above 0 | strength |\n")
	b.WriteString("|---|---:|---:|---:|---:|---|---:|---:|---|---:|---|\n")
	for _, r := range t {
		n, _ := r.of.N()
		c := r.counts()
		least, middle, most, above, of := r.effects()
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %s | %d | %.0f %% | %+.2f, %+.2f, %+.2f | %d of %d | %s |\n",
			r.name, n, r.of.Views(), c[steer.Core], c[steer.Contingent], r.depends(), c[steer.Noise], 100*r.of.Threshold(), least, middle, most, above, of, r.strength)
	}
	b.WriteString("\nIn words\n\n")
	for _, w := range t.words() {
		b.WriteString("- " + w + "\n")
	}
	return b.String()
}

// words says what the table shows.
func (t table) words() []string {
	var cores, sure []int
	none, all, flips := 0, 0, 0
	on := map[string]int{}
	contingent := 0
	for _, r := range t {
		c := r.counts()
		cores, sure = append(cores, c[steer.Core]), append(sure, c[steer.Core]+c[steer.Contingent])
		least, _, most, above, of := r.effects()
		if c[steer.Core] == 0 {
			none++
		}
		if above == of {
			all++
		}
		if least < 0 && most > 0 {
			flips++
		}
		for _, n := range r.of.Nodes() {
			if n.Class == steer.Contingent {
				contingent++
				on[n.DependsOn()]++
			}
		}
	}
	slices.Sort(cores)
	slices.Sort(sure)
	n := len(t)
	return []string{
		fmt.Sprintf("Of all neurons that any view selects, %d in the median are core and %d beyond the null at all; %d of %d behaviors have no core.", cores[n/2], sure[n/2], none, n),
		fmt.Sprintf("Of %d contingent neurons %d depend most on the size, %d on the rule and %d on the selection.", contingent, on["size"], on["rule"], on["selection"]),
		fmt.Sprintf("On %d of %d behaviors every specification's circuit loses some of the difference, with an interval above 0; on %d some circuits raise it and others lower it.", all, n, flips),
	}
}
