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
	flags := ""
	if s.Model == "teaching" {
		flags = " -model teaching"
	}
	fmt.Fprintf(&b, "What `go run ./docs/studies/groundtruth%s` prints: correlation of what neurons do when they are patched, one by one, with what scores foretell, %s.\n",
		flags, s.Model)
	fmt.Fprintf(&b, "A score foretells Σ_t s_t·(h_t − p_t)/h_t. Pearson and Spearman with 95 %% intervals over neurons and prompts; in brackets at the end the median Spearman over layers. %d neurons are drawn, as many of each layer; where the first position is kept, nothing is patched there.\n\n", s.Sample)
	b.WriteString("| neurons | set to | first position | prompts | metric | largest effect |")
	for _, r := range rules {
		fmt.Fprintf(&b, " %s Pearson | %s Spearman |", r, r)
	}
	b.WriteString("\n|---|---|---|---:|---:|---:|" + strings.Repeat("---|---|", len(rules)) + "\n")
	for _, r := range s.Rows {
		at := "patched"
		if r.KeepFirst {
			at = "kept"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %+.3f | %.4f |", r.Units, setTo[r.Ablation], at, r.Prompts, r.Full, r.Strongest)
		for _, a := range r.Agreement {
			fmt.Fprintf(&b, " %s | %s (%.2f) |", shown(a.Pearson), shown(a.Spearman), byLayer(a))
		}
		b.WriteString("\n")
	}
	b.WriteString("\nIn words\n\n")
	for _, w := range s.words() {
		b.WriteString("- " + w + "\n")
	}
	return b.String()
}

// setTo says what neurons are set to.
var setTo = map[steer.Ablation]string{
	steer.ZeroAblation: "zero", steer.TokenMeanAblation: "mean over tokens", steer.MeanAblation: "mean by position", steer.PatchAblation: "other prompt",
}

func shown(e steer.Estimate) string { return fmt.Sprintf("%.2f [%.2f, %.2f]", e.Value, e.Lo, e.Hi) }

// byLayer is the median over layers of Spearman within them.
func byLayer(a steer.Agreement) float64 {
	var all []float64
	for _, l := range a.ByLayer {
		all = append(all, l.Spearman.Value)
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}

// at returns a row.
func (s study) at(units string, a steer.Ablation, keep bool, prompts int) row {
	for _, r := range s.Rows {
		if r.Units == units && r.Ablation == a && r.KeepFirst == keep && r.Prompts == prompts {
			return r
		}
	}
	return row{Agreement: make([]steer.Agreement, len(rules))}
}
