package plotting_test

import (
	"fmt"
	"image/color"
	"log"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/neuronsteer/neuronsteer/plotting"
)

// scores is any type of yours that can say its sums by layer, and more about itself if it likes.
type scores struct {
	support, oppose []float64 // [L]
}

func (s scores) ByLayer() (support, oppose []float64) { return s.support, s.oppose }
func (s scores) Unit() string                         { return "logits" }

func ExampleByLayer() {
	praise := scores{
		support: []float64{0.1, 0.2, 0.3, 1.4, 2.0, 1.0},
		oppose:  []float64{0, -0.1, -0.2, -0.2, -0.6, -0.4},
	}
	fig := plotting.ByLayer(praise)
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// Layers 3–5 carry 88 % of the support
	// Bar chart of the score by layer, 6 layers. Layers 3–5 carry 88 % of the support. Support +5.00, opposition −1.50, net +3.50 logits. The largest support is +2.00, in layer 4. The largest opposition is −0.600, in layer 4.
}

// byPosition is any type of yours that can say its score at every layer and token.
type byPosition struct {
	scores [][]float64 // [L][T]
	tokens []string    // [T]
}

func (b byPosition) ByLayerPos() [][]float64 { return b.scores }
func (b byPosition) Labels() []string        { return b.tokens }

func ExampleHeatMap() {
	fig := plotting.HeatMap(byPosition{
		scores: [][]float64{
			{0, 0.1, 0.5, 0, 0.1},
			{0, 0, 0.7, -0.1, 0.2},
			{0, 0, 0.1, 0, 1.3},
		},
		tokens: []string{"<|begin_of_text|>", "I", " loved", " it", "\n"},
	})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// “·loved” and “\n” have 94 % of the absolute score
	// Heat map of the score, 3 layers by 5 tokens. “·loved” and “\n” have 94 % of the absolute score. The largest is +1.30, in layer 2 at token 5 of 5, “\n”. The smallest is −0.100, in layer 1 at token 4 of 5, “·it”. The sum is +2.90.
}

// pairs is any type of yours that can say what its sets have in common.
type pairs struct {
	names  []string
	sizes  []int
	shared map[[2]int]int // of a pair of sets
	of     int            // neurons that there are
}

func (p pairs) Len() int        { return len(p.names) }
func (p pairs) Names() []string { return p.names }
func (p pairs) Sizes() []int    { return p.sizes }

func (p pairs) Jaccard(i, j int) float64 {
	shared := float64(p.shared[[2]int{min(i, j), max(i, j)}])
	return shared / (float64(p.sizes[i]+p.sizes[j]) - shared)
}

// Expected puts the mean of the shared neurons into the index, which is close for large sets.
func (p pairs) Expected(i, j int) float64 {
	a, b := float64(p.sizes[i]), float64(p.sizes[j])
	return a * b / float64(p.of) / (a + b)
}

func ExampleOverlap() {
	fig := plotting.Overlap(pairs{
		names:  []string{"found", "contrast", "control vector"},
		sizes:  []int{200, 200, 200},
		shared: map[[2]int]int{{0, 1}: 118, {0, 2}: 30, {1, 2}: 4},
		of:     10_000,
	})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// “found” and “contrast” overlap most, Jaccard .42; chance gives .01
	// Matrix of the overlap of 3 circuits: found (n=200), contrast (n=200) and control vector (n=200). “found” and “contrast” overlap most, Jaccard .42; chance gives .01. found and contrast: .42, by chance .01. found and control vector: .08, by chance .01. contrast and control vector: .01, by chance .01. A random circuit, as many neurons in every layer, shares .01 with them.
}

// response is any type of yours that knows multipliers, the mean response, and its interval.
type response struct{ multipliers, mean, lo, hi []float64 }

func (r response) Multipliers() []float64             { return r.multipliers }
func (r response) Response() (mean, lo, hi []float64) { return r.mean, r.lo, r.hi }
func (r response) RandomBand() (mean, lo, hi []float64, n int) {
	return []float64{1.1, 1.2, 1.2}, []float64{0.9, 1.2, 0.8}, []float64{1.4, 1.2, 1.5}, 20
}
func (r response) Name() string     { return "praise" }
func (r response) Unit() string     { return "logits" }
func (r response) About() string    { return `logit(" wonderful") − logit(" terrible")` }
func (r response) N() (int, string) { return 16, "prompts" }

func ExampleDoseResponse() {
	fig := plotting.DoseResponse(response{
		multipliers: []float64{0, 1, 2},
		mean:        []float64{-2.1, 1.2, 3.9}, lo: []float64{-2.6, 0.9, 3.3}, hi: []float64{-1.5, 1.6, 4.4},
	})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// From ×0 to ×2 the response rises by 6.00 logits, outside the random band throughout
	// Line chart of dose and response, 1 curve. From ×0 to ×2 the response rises by 6.00 logits, outside the random band throughout. Mean of logit(" wonderful") − logit(" terrible") over 16 prompts with its 95 % interval; gray: 20 random circuits (95 %). Praise: ×0 −2.10 logits [−2.60, −1.50] (random +0.900 to +1.40); ×1 +1.20 logits [+0.900, +1.60] (random +1.20 to +1.20); ×2 +3.90 logits [+3.30, +4.40] (random +0.800 to +1.50).
}

// carried is any type of yours that knows how much the first units of a ranking carry.
type carried []int

func (c carried) Sizes() []int { return c }
func (c carried) Faithfulness() (mean, lo, hi []float64) {
	return []float64{0, 0.42, 0.93}, []float64{0, 0.31, 0.85}, []float64{0, 0.55, 1.02}
}
func (c carried) Completeness() (mean, lo, hi []float64) {
	return []float64{1, 0.35, 0.08}, []float64{1, 0.2, 0.02}, []float64{1, 0.49, 0.15}
}
func (c carried) N() (int, string) { return 16, "prompts" }

func ExampleFaithfulness() {
	fig := plotting.Faithfulness(carried{0, 20, 200})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// 200 units carry 93 % of the behavior
	// Line chart of faithfulness and completeness by number of units, on a logarithmic axis. 200 units carry 93 % of the behavior. Faithfulness (units kept alone) and completeness (units ablated), 16 prompts, with 95 % intervals. 20 units: f +0.420, c +0.350; 200 units: f +0.930, c +0.0800.
}

// predicted is any type of yours that knows two numbers of each neuron.
type predicted struct{ score, effect []float64 }

func (p predicted) Points() (x, y []float64) { return p.score, p.effect }
func (p predicted) Axes() (x, y string)      { return "Relevance", "Effect of patching" }
func (p predicted) Unit() string             { return "logits" }
func (p predicted) N() (int, string)         { return len(p.score), "neurons" }

func ExampleScatter() {
	fig := plotting.Scatter(predicted{score: []float64{2.1, -0.4, 0.3, 0.9}, effect: []float64{1.8, -0.1, 0.4, 0.7}})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// Relevance and effect of patching go together: Spearman 1.00 over 4 neurons
	// Scatter plot of Relevance across and Effect of patching up, 4 neurons. Relevance and effect of patching go together: Spearman 1.00 over 4 neurons. The first goes from −0.400 to +2.10 logits, the second from −0.100 to +1.80 logits; the signs agree on 4.
}

// directions is any type of yours that knows R² by the number of neurons.
type directions map[int][]float64

func (d directions) Decomposed() []int         { return []int{2, 3} }
func (d directions) Curve(layer int) []float64 { return d[layer] }
func (d directions) RandomCurve(int) []float64 { return []float64{0, 0.05, 0.09, 0.12} }

func ExampleExplained() {
	fig := plotting.Explained(directions{2: {0, 0.11, 0.17, 0.2}, 3: {0, 0.31, 0.45, 0.52}})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// 3 neurons of layer 3 span 52 % of the vector there, the most of 2 layers; of random directions 12 %
	// Line chart of R² by the number of neurons, 2 layers. 3 neurons of layer 3 span 52 % of the vector there, the most of 2 layers; of random directions 12 %. Layer 3: .52 with 3 neurons. Layer 2, the least: .20 with 3 neurons. Random directions: .12 with 3 neurons.
}

// A figure's plot is gonum's: it takes whatever gonum can plot, here a line with a note.
func ExampleFigure_Plot() {
	fig := plotting.ByLayer(scores{
		support: []float64{0.1, 0.2, 0.3, 1.4, 2.0, 1.0},
		oppose:  []float64{0, -0.1, -0.2, -0.2, -0.6, -0.4},
	})
	p := fig.Plot()

	threshold, err := plotter.NewLine(plotter.XYs{{X: -0.5, Y: 1.2}, {X: 5.5, Y: 1.2}})
	if err != nil {
		log.Fatal(err)
	}
	threshold.Dashes = []vg.Length{4, 2}
	note, err := plotter.NewLabels(plotter.XYLabels{XYs: plotter.XYs{{X: -0.4, Y: 1.2}}, Labels: []string{"ablated from here on"}})
	if err != nil {
		log.Fatal(err)
	}
	note.TextStyle[0] = p.Legend.TextStyle // or any of gonum's
	note.Offset.Y = 3
	p.Add(threshold, note)
	p.Legend.Add("threshold", threshold)

	dir, err := os.MkdirTemp("", "figures")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "praise.svg")
	if err := fig.Save(path); err != nil {
		log.Fatal(err)
	}
	svg, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("dashed lines:", strings.Count(string(svg), "stroke-dasharray:4"))
	// Output: dashed lines: 2
}

// The second one is in the legend. Axes and legend are set as in any plot of gonum's.
func ExampleFigure_Plot_doseResponse() {
	fig := plotting.DoseResponse(response{
		multipliers: []float64{0, 1, 2},
		mean:        []float64{-2.1, 1.2, 3.9}, lo: []float64{-2.6, 0.9, 3.3}, hi: []float64{-1.5, 1.6, 4.4},
	})
	p := fig.Plot()

	linear := plotter.NewFunction(func(x float64) float64 { return 1.2 + 3*(x-1) })
	linear.Color = color.NRGBA{R: 213, G: 94, A: 255}
	note, err := plotter.NewLabels(plotter.XYLabels{XYs: plotter.XYs{{X: 1.5, Y: 3.4}}, Labels: []string{"saturates"}})
	if err != nil {
		log.Fatal(err)
	}
	note.TextStyle[0] = p.X.Tick.Label
	p.Add(linear, note)
	p.Legend.Add("first-order estimate", linear)
	p.Legend.Top, p.Legend.Left = true, true // within the plot instead of above it
	p.Y.Max = 6

	dir, err := os.MkdirTemp("", "figures")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "dose.svg")
	if err := fig.Save(path); err != nil {
		log.Fatal(err)
	}
	svg, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("lines in the color of the estimate:", strings.Count(string(svg), "stroke:#D55E00"))
	// Output: lines in the color of the estimate: 2
}

// For a column of a paper: 3.25 inches wide, its heading left to the caption, and text of 8 points.
func ExampleFigure_Untitled() {
	fig := plotting.ByLayer(scores{[]float64{0, 1}, []float64{-1, 0}}).Untitled().Width(3.25).FontSize(8)
	fmt.Println(fig.CSSWidth(), "pixels wide")
	fmt.Println(fig.TitleText())
	// Output:
	// 312 pixels wide
	// Layer 1 carries all of the support
}

// A response that goes over three powers of ten.
func ExampleFigure_SymLog() {
	fig := plotting.ByLayer(scores{[]float64{0.2, 3, 410}, []float64{-0.1, 0, -25}}).SymLog()
	svg, err := fig.SVG()
	fmt.Println(len(svg) > 0, err)
	// Output: true <nil>
}

// One picture for light pages and one for dark ones, for an output that follows the theme.
func ExampleFigure_Variants() {
	fig := plotting.ByLayer(scores{[]float64{0, 1}, []float64{-1, 0}}).Transparent()
	light, dark, err := fig.Variants()
	fmt.Println(len(light) > 0, len(dark) > 0, err)
	// Output: true true <nil>
}

func ExampleFigure_Save() {
	dir, err := os.MkdirTemp("", "figures")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()

	fig := plotting.ByLayer(scores{[]float64{0, 1}, []float64{-1, 0}}).Title("A tie").Size(3.25, 2.2)
	err = fig.Save(filepath.Join(dir, "tie.svg"), filepath.Join(dir, "tie.pdf"), "tie.jpg")
	fmt.Println(err)
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, f := range files {
		fmt.Println(filepath.Base(f))
	}
	// Output:
	// plotting.ByLayer: save "tie.jpg": unknown format ".jpg"; use .png, .svg or .pdf, e.g. .Save("tie.pdf")
	// tie.pdf
	// tie.svg
}
