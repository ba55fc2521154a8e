package plotting

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// paired is constructed data for Scatter.
type paired struct {
	x, y   []float64
	names  []string
	xn, yn string
}

func (p paired) Points() (x, y []float64) { return p.x, p.y }
func (p paired) Axes() (x, y string)      { return p.xn, p.yn }
func (p paired) PointNames() []string     { return p.names }
func (p paired) Unit() string             { return "logits" }
func (p paired) About() string            { return `logit(" wonderful") − logit(" terrible")` }
func (p paired) N() (int, string)         { return len(p.x), "neurons" }

// judged adds a correlation with its interval.
type judged struct {
	paired
	r, lo, hi float64
}

func (j judged) Correlation() (kind string, r, lo, hi float64) { return "Pearson", j.r, j.lo, j.hi }

// estimates are n scores and effects that agree but for noise, a few of them large.
func estimates(n int, noise float64) paired {
	r := rand.New(rand.NewPCG(9, 10))
	p := paired{xn: "Relevance", yn: "Effect of patching"}
	for i := range n {
		x := r.NormFloat64() * r.ExpFloat64() * .3
		p.x, p.y = append(p.x, x), append(p.y, .8*x+noise*r.NormFloat64())
		p.names = append(p.names, fmt.Sprintf("L%d/N%d", i%6, 7*i))
	}
	return p
}

// TestScatterTitle: the title says whether the two go together, and an interval around zero is no agreement.
func TestScatterTitle(t *testing.T) {
	plain := paired{x: []float64{1, 2, 3}, y: []float64{2, 3, 9}, xn: "RelP", yn: "Effect"}
	for _, c := range []struct {
		x    Paired
		want string
	}{
		{plain, "RelP and effect go together: Spearman 1.00 over 3 neurons"},
		{judged{plain, .71, .62, .78}, "RelP and effect go together: Pearson .71 [.62, .78] over 3 neurons"},
		{judged{plain, .03, -.05, .11}, "RelP and effect do not go together beyond chance: Pearson .03 [−.05, .11] over 3 neurons"},
		{judged{plain, -.4, -.5, -.3}, "RelP and effect go opposite ways: Pearson −.40 [−.50, −.30] over 3 neurons"},
		{paired{x: []float64{1, 1}, y: []float64{2, 3}, xn: "RelP", yn: "IG"}, "RelP or IG does not vary over 2 neurons"},
		{paired{x: []float64{1}, y: []float64{-2}, xn: "RelP", yn: "Effect"}, "RelP is +1.00 and effect −2.00 at the only point"},
	} {
		if got := Scatter(c.x).TitleText(); got != c.want {
			t.Errorf("\n got %q\nwant %q", got, c.want)
		}
	}
}
