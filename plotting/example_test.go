package plotting_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

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
