package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// shown is how many neurons the table names, quoted how many of them the package doc does.
const shown, quoted = 12, 4

// String returns the tables in Markdown.
func (s study) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "What `go run ./docs/studies/sink` prints: the first position of %d short prompts on %s, the first choice against the runner-up.\n", len(s.rows), s.model)
	b.WriteString("Ablated: by how much the metric falls when the ten largest entries are set to zero at their positions.\n\n")
	b.WriteString("| prompt | share of Σ\\|score\\| | of the 20 largest | attention | Σ first | ablated | Σ elsewhere | ablated |\n|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, r := range s.rows {
		fmt.Fprintf(&b, "| %s | %.3f | %d | %.2f | %+.2f | %+.2f | %+.2f | %+.2f |\n", r.prompt, r.share, r.top, r.attention,
			r.first.score, r.first.effect, r.elsewhere.score, r.elsewhere.effect)
	}
	b.WriteString("\nNeurons with an entry at the first position among the 20 largest: in how many prompts, the same with ")
	fmt.Fprintf(&b, "`%s` before the prompt, and whether Model.Universal names them.\n\n", s.marker)
	b.WriteString("| neuron | prompts | with the marker | universal |\n|---|---:|---:|---|\n")
	for _, n := range s.named[:min(shown, len(s.named))] {
		fmt.Fprintf(&b, "| %v | %d | %d | %s |\n", n.neuron, n.plain, n.marked, map[bool]string{true: "yes", false: "no"}[n.universal])
	}
	b.WriteString("\nLength of the residual stream after each layer: at the first position, and the mean at the others; medians over the prompts.\n\n")
	b.WriteString("| layer | first | elsewhere | ratio |\n|---:|---:|---:|---:|\n")
	for l, x := range s.lengths {
		fmt.Fprintf(&b, "| %d | %.0f | %.0f | %.1f |\n", l, x.first, x.elsewhere, x.ratio())
	}
	b.WriteString("\nIn words, as the package doc of steer has them:\n\n")
	for _, q := range s.quotes() {
		fmt.Fprintf(&b, "- %s\n", q)
	}
	return b.String()
}

// quotes are the numbers that the package doc of steer quotes, word by word.
func (s study) quotes() []string {
	if len(s.rows) == 0 || len(s.lengths) == 0 {
		return nil
	}
	var share, top, attention []float64
	first, elsewhere := 0, 0
	for _, r := range s.rows {
		share, top, attention = append(share, 100*r.share), append(top, float64(r.top)), append(attention, 100*r.attention)
		if r.first.agrees() {
			first++
		}
		if r.elsewhere.agrees() {
			elsewhere++
		}
	}
	out := []string{
		fmt.Sprintf("%.0f %% of its attention", median(attention)),
		fmt.Sprintf("only %.0f %% (%.0f to %.0f %%)", median(share), slices.Min(share), slices.Max(share)),
		fmt.Sprintf("of the 20 largest entries %g (%g to %g)", median(top), slices.Min(top), slices.Max(top)),
		fmt.Sprintf("on %d of the %d prompts; the ten largest elsewhere on %d of them", first, len(s.rows), elsewhere),
	}
	for _, n := range s.named[:min(quoted, len(s.named))] {
		out = append(out, fmt.Sprintf("%v in %d and %d", n.neuron, n.plain, n.marked))
	}
	return append(out, s.stretch()...)
}

// stretch says where the residual stream at the first position is longest beside elsewhere, and how that ends.
func (s study) stretch() []string {
	top := 0
	for l, x := range s.lengths {
		if x.ratio() > s.lengths[top].ratio() {
			top = l
		}
	}
	end := top
	for end+1 < len(s.lengths) && s.lengths[end+1].first > s.lengths[top].first/2 {
		end++
	}
	last := len(s.lengths) - 1
	a, z := s.lengths[top], s.lengths[end]
	return []string{
		fmt.Sprintf("%.0f times as long as elsewhere after layer %d (%s beside %s)", a.ratio(), top, whole(a.first), whole(a.elsewhere)),
		fmt.Sprintf("%.0f times after layer %d (%s beside %s)", z.ratio(), end, whole(z.first), whole(z.elsewhere)),
		fmt.Sprintf("%.0f times after the last", s.lengths[last].ratio()),
	}
}

// whole rounds a length and separates its thousands.
func whole(x float64) string {
	n := int(math.Round(x))
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

// median returns the middle of the values, or the mean of the two in the middle.
func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	if len(v) == 0 {
		return 0
	}
	return (v[len(v)/2] + v[(len(v)-1)/2]) / 2
}
