package main

import (
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// A compared is a behavior with its methods side by side.
type compared struct {
	name string
	of   steer.MethodComparison
}

type table struct {
	model string
	plan
	rows []compared
}

// String writes the table as Markdown, and what it shows in words.
func (t table) String() string {
	var b strings.Builder
	command := "go run ./docs/studies/methods"
	if t.model != "teaching" {
		command += " -model " + t.model
	}
	fmt.Fprintf(&b, "What `%s` prints.\n\n", command)
	fmt.Fprintf(&b, "Lost: what the logit difference, target minus counterfactual, loses on the tested examples when the %d neurons of a method that most support it, found on the others, are set to zero\n", t.size)
	fmt.Fprintf(&b, "(95 %% interval, 10,000 resamples of the examples), beside the middle 95 %% of %d random circuits of the same layers. r and ρ: Pearson's and Spearman's correlation of the\n", t.controls)
	fmt.Fprintf(&b, "method's scores with the anchor, what setting one neuron alone to zero loses on the examples that the scores are of, over %d neurons drawn from all layers alike (95 %%, 10,000 resamples of the neurons). Shared:\n", t.exact)
	b.WriteString("Jaccard index with the neurons of RelP, and by chance. Depth: center of Σ|score|, 0 the first layer, 1 the last. ")
	fmt.Fprintf(&b, "Integrated gradients: %d steps.\n\n", t.steps)
	b.WriteString("| behavior | found, tested | method | lost | 95 % | random | p | r | 95 % | ρ | 95 % | shared | chance | depth |\n")
	b.WriteString("|---|---|---|---:|---|---|---:|---:|---|---:|---|---:|---:|---:|\n")
	for _, c := range t.rows {
		for _, r := range c.of.Rows() {
			fmt.Fprintf(&b, "| %s | %s | %s | %+.2f | [%+.2f, %+.2f] | [%+.2f, %+.2f] | %.3f | %+.2f | [%+.2f, %+.2f] | %+.2f | [%+.2f, %+.2f] | %.2f | %.2f | %.2f |\n",
				c.name, c.counts(), r.Method, r.Effect.Value, r.Effect.Lo, r.Effect.Hi, r.Random.Lo, r.Random.Hi, r.P, r.Pearson.Value, r.Pearson.Lo, r.Pearson.Hi,
				r.Spearman.Value, r.Spearman.Lo, r.Spearman.Hi, r.Shared, r.Chance, r.Depth)
		}
	}
	b.WriteString("\nIn words\n\n")
	for _, w := range t.words() {
		b.WriteString("- " + w + "\n")
	}
	return b.String()
}

// counts says how many examples the neurons were found and tested on.
func (c compared) counts() string {
	n, _ := c.of.N()
	return fmt.Sprintf("%d, %d", c.of.Found(), n)
}
