package plotting

import (
	"math"
	"math/rand/v2"
	"strings"
)

// layered is constructed data for ByLayer.
type layered struct{ support, oppose []float64 }

func (x layered) ByLayer() (support, oppose []float64) { return x.support, x.oppose }

// grid is constructed data for HeatMap.
type grid struct {
	z      [][]float64 // [L][T]
	labels []string    // [T]
}

func (x grid) ByLayerPos() [][]float64 { return x.z }
func (x grid) Labels() []string        { return x.labels }

// told adds everything that a drawn value may say about itself.
type told struct{}

func (told) Method() string   { return "relevance attribution" }
func (told) About() string    { return `logit(" wonderful") − logit(" terrible")` }
func (told) Unit() string     { return "logits" }
func (told) N() (int, string) { return 1, "prompt" }

type toldLayered struct {
	told
	layered
}
type toldGrid struct {
	told
	grid
}

// profile returns scores by layer as a model of L layers gives them: little early, a bump in the middle, a late peak.
func profile(layers int) layered {
	r := rand.New(rand.NewPCG(1, 2))
	var x layered
	for l := range layers {
		d := (float64(l) + 0.5) / float64(layers)
		g := 0.1 + 1.2*math.Exp(-40*(d-0.55)*(d-0.55)) + 3.4*math.Exp(-60*(d-0.9)*(d-0.9))
		x.support = append(x.support, g*(0.75+0.5*r.Float64()))
		x.oppose = append(x.oppose, -g*(0.15+0.4*r.Float64()))
	}
	return x
}

const prompt = "<|begin_of_text|>|I| loved| the| film|.| It| was| not| the| plot|,|\n|which| I|…|expected| to| be| thin|,| but| the| unbelievably| warm| performances|,| the| light| and| the| music| that| made| every| minute| of| it| feel| so| very| alive"

// tokens returns n tokens of the prompt, again from the start where it ends.
func tokens(n int) []string {
	words := strings.Split(prompt, "|")
	words = append([]string{"<|begin_of_text|>"}, words[3:]...)
	out := make([]string, n)
	for i := range out {
		out[i] = words[i%len(words)]
	}
	return out
}

// landscape returns scores by layer and position: an early reading of one token, a late writing at the last.
func landscape(layers int, labels []string) grid {
	r := rand.New(rand.NewPCG(3, 4))
	n := len(labels)
	z := make([][]float64, layers)
	for l := range z {
		z[l] = make([]float64, n)
		d := (float64(l) + 0.5) / float64(layers)
		for p := 1; p < n; p++ {
			z[l][p] = 0.04 * r.NormFloat64()
		}
		z[l][n/2] += 0.9 * math.Exp(-30*(d-0.3)*(d-0.3))
		z[l][n/3] -= 0.4 * math.Exp(-50*(d-0.5)*(d-0.5))
		z[l][n-1] += 1.5*math.Exp(-60*(d-0.92)*(d-0.92)) + 0.7*math.Exp(-60*(d-0.6)*(d-0.6)) - 0.9*math.Exp(-300*(d-0.8)*(d-0.8))
	}
	return grid{z, labels}
}

// spiked returns scores of which one is a thousand times the others.
func spiked(layers int) layered {
	x := profile(layers)
	x.support[layers-3] *= 1000
	return x
}

// spikedGrid is a landscape with one score that is a thousand times the others.
func spikedGrid(layers int, labels []string) grid {
	g := landscape(layers, labels)
	g.z[layers-2][len(labels)-1] *= 1000
	return g
}
