package main

import (
	"fmt"
	"strings"
)

// String writes the study as Markdown.
func (s study) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "What `go run ./docs/studies/faithful` prints: faithfulness f by number of neurons kept, %d capitals on %s, F(M) = %+.3f logits.\n",
		len(capitals), s.model, s.full)
	b.WriteString("Ranked by the largest |score| at any position; where it is kept, nothing is ablated at the first position, and means over tokens leave it out.\n\n")
	b.WriteString("| ablation | at the first position | ranking | F(∅) |")
	for _, k := range s.sizes {
		fmt.Fprintf(&b, " %d |", k)
	}
	b.WriteString("\n|---|---|---|---:|" + strings.Repeat("---:|", len(s.sizes)) + "\n")
	for _, r := range s.rows {
		at := "ablated"
		if r.keepFirst {
			at = "kept"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %+.3f |", r.ablation, at, r.ranking, r.empty)
		for _, x := range r.curve.Rows() {
			fmt.Fprintf(&b, " %+.3f |", x.Faithfulness.Value)
		}
		b.WriteString("\n")
	}
	b.WriteString("\nIn words\n\n")
	for _, w := range s.words() {
		b.WriteString("- " + w + "\n")
	}
	return b.String()
}
