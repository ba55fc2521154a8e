package plotting_test

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/plotting"
)

// circuit is any type of yours that has nodes and edges: here two tokens, two neurons, and what they lead to.
type circuit struct{}

func (circuit) Placed() (kinds, names []string, layers, positions []int, scores []float64) {
	return []string{"embedding", "embedding", "neuron", "neuron", "metric"},
		[]string{"I", " loved", "L0/N8", "L3/N2", "praise"},
		[]int{-1, -1, 0, 3, 6}, []int{0, 1, 1, 1, 1}, []float64{0, 0, 2.1, -0.7, 3}
}

func (circuit) Wires() (from, to []int, weights []float64) {
	return []int{0, 1, 2, 2, 3}, []int{2, 2, 3, 4, 4}, []float64{0.1, 0.9, -1.2, 2.4, 0.6}
}
func (circuit) Labels() []string { return []string{"I", " loved"} }

func ExampleGraph() {
	fig := plotting.Graph(circuit{})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// The strongest path, 72 % of what arrives, is “·loved” → L0/N8 → the metric
	// Graph of a circuit, 5 nodes and 5 edges, of which 5 and 5 are drawn, layers across and positions down. The strongest path, 72 % of what arrives, is “·loved” → L0/N8 → the metric. The most influential edges: “·loved” supports L0/N8 at “·loved” (90 %); L0/N8 at “·loved” supports the metric (80 %); L3/N2 at “·loved” supports the metric (20 %); L0/N8 at “·loved” opposes L3/N2 at “·loved” (20 %); “I” supports L0/N8 at “·loved” (10 %).
}

func ExampleLayerFlow() {
	fig := plotting.LayerFlow(circuit{})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// 100 % of the influence passes from the tokens to layer 0; most, 100 %, goes through layer 0
	// Diagram of what flows between layers, 8 layers and 4 flows. 100 % of the influence passes from the tokens to layer 0; most, 100 %, goes through layer 0. The largest: the tokens to layer 0 100 %; layer 0 to the metric 80 %; layer 0 to layer 3 20 %; layer 3 to the metric 20 %.
}

// pattern is any type of yours that knows what heads attend to.
type pattern [][][]float64 // [H][T][T]

func (p pattern) Attention() [][][]float64 { return p }
func (p pattern) Labels() []string         { return []string{"<s>", "The", " cat", " sat"} }

func ExampleAttentionHead() {
	fig := plotting.AttentionHead(pattern{{{1, 0, 0, 0}, {.9, .1, 0, 0}, {.2, .7, .1, 0}, {.1, .1, .8, 0}}}, 0)
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// Head 0 looks at the previous token, 75 % of its attention
	// Attention pattern of head 0, 4 tokens, queries down and keys across. Head 0 looks at the previous token, 75 % of its attention. Token 2, “The”, reads token 1, “BOS”, most: 90 %. Token 3, “·cat”, reads token 2, “The”, most: 70 %. Token 4, “·sat”, reads token 3, “·cat”, most: 80 %.
}

func ExampleAttentionHeads() {
	fig := plotting.AttentionHeads(pattern{
		{{1, 0, 0, 0}, {.9, .1, 0, 0}, {.2, .7, .1, 0}, {.1, .1, .8, 0}},
		{{1, 0, 0, 0}, {.9, .1, 0, 0}, {.8, .1, .1, 0}, {.9, .1, 0, 0}},
	})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// Of 2 heads, 1 looks at the first token and 1 at the previous token
	// Attention patterns of 2 heads over 4 tokens. Of 2 heads, 1 looks at the first token and 1 at the previous token. Head 0 reads “·cat” at “·sat”, 80 %. Head 1 reads “BOS” at “·sat”, 90 %.
}

// guesses is any type of yours that knows what a model would say after each layer.
type guesses struct{}

func (guesses) Lens() (tokens [][]string, probabilities [][]float64) {
	return [][]string{{" of", " the"}, {" of", " Paris"}, {" was", " Paris"}}, [][]float64{{.1, .2}, {.3, .4}, {.5, .9}}
}
func (guesses) Labels() []string { return []string{"France", " is"} }

func ExampleLogitLens() {
	fig := plotting.LogitLens(guesses{})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// The answer, “·Paris” (90 % at the end), stands from layer 1 of 3 on
	// Logit lens, 3 layers by 2 tokens: the most likely next token after each layer. The answer, “·Paris” (90 % at the end), stands from layer 1 of 3 on. At the last token, “·is”: layer 0 “·the” (20 %), layer 1 “·Paris” (40 %), layer 2 “·Paris” (90 %).
}

// routes is any type of yours that knows what the neurons of some methods do.
type routes []string

func (r routes) Methods() []string { return r }
func (r routes) Effects() (mean, lo, hi []float64) {
	return []float64{-3.1, -1.2}, []float64{-3.6, -1.9}, []float64{-2.6, -0.4}
}
func (r routes) Overlaps() (jaccard, chance []float64) {
	return []float64{1, 0.2}, []float64{0.01, 0.01}
}
func (r routes) Unit() string { return "logits" }

func ExampleMethods() {
	fig := plotting.Methods(routes{"Relevance", "Contrast"})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// The neurons of Relevance do most, −3.10 logits
	// Panels of 2 methods side by side. The neurons of Relevance do most, −3.10 logits. Relevance: effect −3.10 logits [−3.60, −2.60], overlap with Relevance 1.00, by chance .01. Contrast: effect −1.20 logits [−1.90, −0.400], overlap with Relevance .20, by chance .01.
}

// choices is any type of yours that knows what was found with every combination of choices.
type choices struct{}

func (choices) Effects() (mean, lo, hi []float64) {
	return []float64{0.9, 0.4, 0.1, 0.6}, []float64{0.7, 0.1, -0.2, 0.3}, []float64{1.1, 0.7, 0.4, 0.9}
}

func (choices) Choices() (names []string, options [][]string, of [][]int) {
	return []string{"rule", "size"}, [][]string{{"RelP", "Gradient"}, {"20", "50"}}, [][]int{{0, 0}, {1, 0}, {1, 1}, {0, 1}}
}

func ExampleSpecifications() {
	fig := plotting.Specifications(choices{})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// 3 of 4 specifications are beyond zero: from +0.100 to +0.900, median +0.500
	// Specification curve, 4 specifications of 2 choices. 3 of 4 specifications are beyond zero: from +0.100 to +0.900, median +0.500. The smallest, +0.100 [−0.200, +0.400], has rule Gradient, size 50. The largest, +0.900 [+0.700, +1.10], has rule RelP, size 20. Medians by rule: RelP +0.750, Gradient +0.250. Medians by size: 20 +0.650, 50 +0.350.
}

// grouped is any type of yours whose units read and write, and fall into groups.
type grouped struct{}

func (grouped) Rows() (units []string, reads, writes [][]float64, effects []float64) {
	return []string{"L0/N8", "L2/N5", "L3/N2"}, [][]float64{{0, 2}, {.1, 1}, {-1, -.1}}, [][]float64{{1, -1}, {.6, -.5}, {-.2, .4}}, []float64{2, 1.1, -.6}
}
func (grouped) Columns() (tokens, outputs []string) {
	return []string{"I", " loved"}, []string{" wonderful", " terrible"}
}

func (grouped) Parts() (names []string, of []int, silhouettes, stabilities []float64) {
	return []string{"for", "against"}, []int{0, 0, 1}, []float64{.9, 0}, []float64{.95, .8}
}

func (grouped) Fit() (silhouette, lo, hi, p float64) { return .6, -.1, .4, .01 }

func (grouped) Tree() (a, b []int, heights []float64) {
	return []int{0, 2}, []int{1, 3}, []float64{.02, 1.3}
}

func ExampleProfiles() {
	fig := plotting.Profiles(grouped{})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// 3 units fall into 2 groups (silhouette .60, by chance −.10 to .40): for (stability .95) and against (stability .80)
	// Heat map of profiles, 3 units by 2 tokens that are read and 2 outputs that are written. 3 units fall into 2 groups (silhouette .60, by chance −.10 to .40): for (stability .95) and against (stability .80). for, 2 units (L0/N8 and L2/N5), silhouette .90, stability .95: gives +3.10, reads “·loved” most, writes “·wonderful” most. against, 1 unit (L3/N2), silhouette .00, stability .80: gives −0.600, reads −“I” most, writes “·terrible” most.
}
