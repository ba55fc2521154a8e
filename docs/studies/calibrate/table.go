package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// String writes the study as Markdown.
func (s study) String() string {
	var b strings.Builder
	b.WriteString("What `go run ./docs/studies/calibrate` prints.\n\n")
	fmt.Fprintf(&b, "The multiplier of the %d strongest supporters at which %d neutral texts diverge from the unsteered %s model by a budget in nats, with its interval\n", s.k, len(steer.DiverseTexts()), s.model)
	b.WriteString("(95 %, 10,000 resamples of the texts), the share of the budget that it comes to, and the passes that each text took, the unsteered one among them.\n\n")
	b.WriteString("| behavior | toward |")
	for _, x := range budgets {
		fmt.Fprintf(&b, " %g nats | of it | passes |", x)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|---:|---:|", len(budgets)) + "\n")
	for _, r := range s.rows {
		fmt.Fprintf(&b, "| %s | %s |", r.behavior, map[bool]string{true: "×2", false: "×0"}[r.up])
		for i, c := range r.found {
			x := c.Strength()
			if c.Found() {
				fmt.Fprintf(&b, " %.3g [%.3g, %.3g] | %.0f %% | %d |", x.Value, x.Lo, x.Hi, 100*c.Value().Value/budgets[i], len(c.Steps()))
			} else {
				steps := c.Steps()
				last := steps[len(steps)-1]
				fmt.Fprintf(&b, " none; ×%.3g comes to %.2g nats | | %d |", last.Strength, last.Value.Value, len(steps))
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("\nIn words\n\n")
	for _, w := range s.words() {
		b.WriteString("- " + w + "\n")
	}
	return b.String()
}

// within reports whether a strength was found that comes to the budget or at most a twentieth less, by twelve passes.
func within(c steer.Calibration, nats float64) bool {
	v := c.Value().Value
	return c.Found() && v <= nats && v >= .95*nats && len(c.Steps()) <= 12
}

// words says what the table comes to.
func (s study) words() (out []string) {
	met, n := 0, 0
	var passes []int
	for _, r := range s.rows {
		for i, c := range r.found {
			n++
			passes = append(passes, len(c.Steps()))
			if within(c, budgets[i]) {
				met++
			}
		}
	}
	slices.Sort(passes)
	behaviors := len(s.rows) / 2
	out = append(out, fmt.Sprintf("For the circuits of the %d behaviors of the %s model, amplified or turned down, and budgets of %g, %g and %g nats, a calibration finds the strength within a twentieth below the budget in %d of %d cases, by %d passes a text in the median and %d at most.",
		behaviors, s.model, budgets[0], budgets[1], budgets[2], met, n, passes[len(passes)/2], passes[len(passes)-1]))
	for i, nats := range budgets {
		up, down := s.strengths(i, true), s.strengths(i, false)
		if len(up) == 0 || len(down) == 0 {
			continue
		}
		out = append(out, fmt.Sprintf("At %g nats the multiplier above 1 is %.3g in the median (%.3g to %.3g), and the one below 1 is %.3g (%.3g to %.3g).",
			nats, median(up), up[0], up[len(up)-1], median(down), down[0], down[len(down)-1]))
	}
	return out
}

// strengths returns what was found for a budget, rising.
func (s study) strengths(budget int, up bool) (out []float64) {
	for _, r := range s.rows {
		if c := r.found[budget]; r.up == up && c.Found() {
			out = append(out, c.Strength().Value)
		}
	}
	slices.Sort(out)
	return out
}

func median(rising []float64) float64 {
	n := len(rising)
	return (rising[(n-1)/2] + rising[n/2]) / 2
}
