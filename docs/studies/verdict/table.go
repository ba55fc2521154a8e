package main

import (
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

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
	b.WriteString("\nIn words\n\n")
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
