package main

import (
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// replaced says which rule is not the one that was set before the table was seen.
const replaced = `The rule of stability is its second. The first asked that the mean of the views as large as the circuit or larger have more than half of
its neurons, and was replaced after this table had been seen with it: every circuit of the teaching model met it, those of which every
neuron is noise among them, since views of the same examples share neurons by chance and that rule had no null. A criterion that nothing
fails tests nothing. How many of each circuit's neurons are core, contingent and noise had been seen too (docs/studies/circuits), and with
them what the second rule gives: it is stricter by choice, and no test of it was made on circuits that had not been seen.
`

// String writes the study as Markdown.
func (s study) String() string {
	var b strings.Builder
	b.WriteString("What `go run ./docs/studies/verdict` prints.\n\n")
	fmt.Fprintf(&b, "The %d strongest supporters of every behavior of the %s model, found on the first half of its examples and tested on the other, beside %d random circuits.\n", s.k, s.model, s.controls)
	b.WriteString("Yes: the criterion is met; no: it is not; empty: nothing tests it. The number is what its rule looks at, the rules stand below.\n\n")
	if len(s.rows) == 0 {
		return b.String()
	}
	first := s.rows[0].verdict.Criteria()
	b.WriteString("| behavior |")
	for _, c := range first {
		fmt.Fprintf(&b, " %s |", c.Name)
	}
	b.WriteString(" met | not met | not tested |\n|---|" + strings.Repeat("---|", len(first)) + "---:|---:|---:|\n")
	for _, r := range s.rows {
		fmt.Fprintf(&b, "| %s |", r.behavior)
		for _, c := range r.verdict.Criteria() {
			switch c.State {
			case steer.Met:
				fmt.Fprintf(&b, " yes %.3g |", c.Figure.Value)
			case steer.NotMet:
				fmt.Fprintf(&b, " no %.3g |", c.Figure.Value)
			default:
				b.WriteString("  |")
			}
		}
		met, not, untested := r.verdict.Count()
		fmt.Fprintf(&b, " %d | %d | %d |\n", met, not, untested)
	}
	b.WriteString("\n| criterion | asks | met by | met | not met | not tested |\n|---|---|---|---:|---:|---:|\n")
	for i, c := range first {
		n := s.count(i)
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %d | %d |\n", c.Name, c.Asks, c.Rule, n[steer.Met], n[steer.NotMet], n[steer.NotTested])
	}
	b.WriteString("\n" + replaced + "\nIn words\n\n")
	for _, w := range s.words() {
		b.WriteString("- " + w + "\n")
	}
	return b.String()
}

// count returns for how many behaviors the i-th criterion stands how.
func (s study) count(i int) map[steer.CriterionState]int {
	out := map[steer.CriterionState]int{}
	for _, r := range s.rows {
		out[r.verdict.Criteria()[i].State]++
	}
	return out
}

// words says what the tables come to.
func (s study) words() []string {
	if len(s.rows) == 0 {
		return nil
	}
	var shares []string
	all, most := 0, 0
	for i, c := range s.rows[0].verdict.Criteria() {
		if n := s.count(i); n[steer.Met]+n[steer.NotMet] > 0 {
			shares = append(shares, fmt.Sprintf("%s by %d of %d", c.Name, n[steer.Met], n[steer.Met]+n[steer.NotMet]))
		}
	}
	var names []string
	for _, r := range s.rows {
		met, not, _ := r.verdict.Count()
		if not == 0 {
			all++
		}
		switch {
		case met > most:
			most, names = met, []string{r.behavior}
		case met == most:
			names = append(names, r.behavior)
		}
	}
	last := len(shares) - 1
	return []string{
		fmt.Sprintf("Of the circuits of the %d behaviors of the %s model, each of %d neurons, criteria are met as far as they are tested: %s and %s.", len(s.rows), s.model, s.k, strings.Join(shares[:last], ", "), shares[last]),
		fmt.Sprintf("%d of them meet every criterion that is tested; the most, %d, are met by %s.", all, most, strings.Join(names, ", ")),
	}
}
