package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// String writes the study as Markdown.
func (s *study) String() string {
	var b strings.Builder
	b.WriteString("What `go run ./docs/studies/circuits` prints.\n\n")
	fmt.Fprintf(&b, "The %d strongest supporters of every behavior of the %s model, found on the first half of its examples and tested on the other, beside %d random circuits.\n\n", s.k, s.model, s.controls)
	b.WriteString("- Core, contingent, noise: of these neurons, by how often circuits of other rules, selections, sizes and resamples of the same half have them, beside a null\n  (docs/studies/stability asks all examples, and counts every neuron that any circuit has).\n")
	fmt.Fprintf(&b, "- Up and down: the multiplier above and the one below 1 at which %d neutral texts diverge from the unsteered model by %g nats, with its interval (95 %%, over the texts), the divergence\n  that it comes to, and the passes that each text took, the unsteered one among them.\n", len(steer.DiverseTexts()), s.nats)
	b.WriteString("- Then ten criteria, whose rules and figures stand in docs/studies/verdict: + is met, − is not met, and · is not tested.\n\n")
	if len(s.rows) == 0 {
		return b.String()
	}
	b.WriteString("| behavior | core | contingent | noise | up | nats | passes | down | nats | passes |")
	criteria := s.rows[0].verdict.Criteria()
	for _, c := range criteria {
		fmt.Fprintf(&b, " %s |", c.Name)
	}
	b.WriteString(" met | not met | not tested |\n|---|---:|---:|---:|---|---:|---:|---|---:|---:|" + strings.Repeat(":-:|", len(criteria)) + "---:|---:|---:|\n")
	for _, r := range s.rows {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %s | %s |", r.behavior, r.stable[steer.Core], r.stable[steer.Contingent], r.stable[steer.Noise], strength(r.up), strength(r.down))
		for _, c := range r.verdict.Criteria() {
			fmt.Fprintf(&b, " %s |", map[steer.CriterionState]string{steer.Met: "+", steer.NotMet: "−", steer.NotTested: "·"}[c.State])
		}
		met, not, untested := r.verdict.Count()
		fmt.Fprintf(&b, " %d | %d | %d |\n", met, not, untested)
	}
	b.WriteString("\nIn words\n\n")
	for _, w := range s.words() {
		b.WriteString("- " + w + "\n")
	}
	return b.String()
}

// strength writes three cells of a table: the strength, what it comes to, and the passes.
func strength(c steer.Calibration) string {
	x, v := c.Strength(), c.Value().Value
	if !c.Found() {
		return fmt.Sprintf("none | | %d", len(c.Steps()))
	}
	return fmt.Sprintf("%.3g [%.3g, %.3g] | %.4f | %d", x.Value, x.Lo, x.Hi, v, len(c.Steps()))
}

// within reports whether a strength was found that comes to the budget or at most a twentieth less, by twelve passes.
func (s *study) within(c steer.Calibration) bool {
	v := c.Value().Value
	return c.Found() && v <= s.nats && v >= .95*s.nats && len(c.Steps()) <= 12
}

// words says what the table comes to.
func (s *study) words() []string {
	reached, noisy := 0, 0
	var passes, cores []int
	states := map[steer.CriterionState]int{}
	for _, r := range s.rows {
		for _, c := range []steer.Calibration{r.up, r.down} {
			passes = append(passes, len(c.Steps()))
			if s.within(c) {
				reached++
			}
		}
		cores = append(cores, r.stable[steer.Core])
		if 2*r.stable[steer.Noise] > s.k {
			noisy++
		}
		for _, c := range r.verdict.Criteria() {
			states[c.State]++
		}
	}
	slices.Sort(passes)
	slices.Sort(cores)
	n := len(s.rows)
	return []string{
		fmt.Sprintf("A calibration comes to %g nats or at most a twentieth less in %d of %d cases, by %d passes a text in the median and %d at most.", s.nats, reached, 2*n, passes[n], passes[2*n-1]),
		fmt.Sprintf("Of the %d neurons of a circuit %d are core in the median and %d at most; of %d of %d circuits more than half are noise.", s.k, cores[n/2], cores[n-1], noisy, n),
		fmt.Sprintf("Of %d criteria that were asked of the %d circuits %d are met, %d not met and %d not tested.", states[steer.Met]+states[steer.NotMet]+states[steer.NotTested], n, states[steer.Met], states[steer.NotMet], states[steer.NotTested]),
	}
}
