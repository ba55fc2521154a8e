package plotting

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// matrix is constructed data for Overlap.
type matrix struct {
	names  []string
	sizes  []int
	z      [][]float64 // lower triangle
	chance [][]float64 // nil: unknown
}

func (m matrix) Len() int        { return len(m.names) }
func (m matrix) Names() []string { return m.names }
func (m matrix) Sizes() []int    { return m.sizes }
func (m matrix) Jaccard(i, j int) float64 {
	return m.z[max(i, j)][min(i, j)]
}
func (m matrix) Expected(i, j int) float64 {
	if m.chance == nil {
		return math.NaN()
	}
	return m.chance[max(i, j)][min(i, j)]
}

// tested adds probabilities to a matrix.
type tested struct {
	matrix
	p float64 // of every pair
}

func (m tested) P(int, int) float64 { return m.p }

// sets returns the overlap of n circuits, the first two alike.
func sets(n int) matrix {
	names := []string{"capitals", "languages", "honesty, control vector", "sentiment", "contrast of pairs"}
	r := rand.New(rand.NewPCG(5, 6))
	var m matrix
	for i := range n {
		name := fmt.Sprintf("circuit %d", i)
		if i < len(names) {
			name = names[i]
		}
		m.names, m.sizes = append(m.names, name), append(m.sizes, 200)
		row, chance := make([]float64, i+1), make([]float64, i+1)
		for j := range i {
			row[j], chance[j] = 0.35*r.Float64(), 0.004+0.01*r.Float64()
		}
		row[i], chance[i] = 1, 0.01+0.01*r.Float64()
		m.z, m.chance = append(m.z, row), append(m.chance, chance)
	}
	if n > 1 {
		m.z[1][0] = 0.42
	}
	return m
}

// dosed is constructed data for DoseResponse.
type dosed struct {
	told
	name    string
	x       []float64
	b       band
	r       band
	randoms int
	prompts [][]float64
}

func (d dosed) Name() string { return d.name }
func (d dosed) N() (int, string) {
	if len(d.prompts) == 1 {
		return 1, "prompt"
	}
	return len(d.prompts), "prompts"
}
func (d dosed) Multipliers() []float64                 { return d.x }
func (d dosed) Response() (mean, lo, hi []float64)     { return d.b.mean, d.b.lo, d.b.hi }
func (d dosed) Prompts() [][]float64                   { return d.prompts }
func (d dosed) RandomBand() (m, l, h []float64, n int) { return d.r.mean, d.r.lo, d.r.hi, d.randoms }

// instructed is a curve with an instruction beside it.
type instructed struct {
	dosed
	at [3]float64 // mean, lo, hi
	ok bool
}

func (d instructed) PromptedBand() (mean, lo, hi float64, ok bool) {
	return d.at[0], d.at[1], d.at[2], d.ok
}

// flat returns a band of n equal values and no width.
func flat(n int, v float64) band {
	x := make([]float64, n)
	for i := range x {
		x[i] = v
	}
	return band{x, x, x}
}

// sigmoid returns a curve that saturates, over n prompts, with or without random circuits.
func sigmoid(name string, steep float64, n, randoms int) dosed {
	r := rand.New(rand.NewPCG(7, 8))
	d := dosed{name: name, randoms: randoms, prompts: make([][]float64, n)}
	shift := make([]float64, n)
	for i := range shift {
		shift[i] = r.NormFloat64()
	}
	for x := -1.0; x <= 3; x += 0.5 {
		d.x = append(d.x, x)
		total, sq := 0.0, 0.0
		for i := range d.prompts {
			y := 1.5 + 6*math.Tanh(steep*(x-1)) + shift[i]*(1+0.2*math.Abs(x-1))
			d.prompts[i] = append(d.prompts[i], y)
			total, sq = total+y, sq+y*y
		}
		mean := total / float64(n)
		half := 1.96 * math.Sqrt(max(sq/float64(n)-mean*mean, 0)/float64(n))
		d.b.mean, d.b.lo, d.b.hi = append(d.b.mean, mean), append(d.b.lo, mean-half), append(d.b.hi, mean+half)
		if randoms > 0 {
			m, w := 1.7-0.1*(x-1), 0.5*math.Abs(x-1)
			d.r.mean, d.r.lo, d.r.hi = append(d.r.mean, m), append(d.r.lo, m-w), append(d.r.hi, m+w)
		}
	}
	return d
}

// spanned is constructed data for Explained.
type spanned struct {
	layers []int
	curves map[int][]float64
	total  []float64
	random map[int][]float64
}

func (s spanned) Decomposed() []int           { return s.layers }
func (s spanned) Curve(l int) []float64       { return s.curves[l] }
func (s spanned) Total() []float64            { return s.total }
func (s spanned) RandomCurve(l int) []float64 { return s.random[l] }

// spans returns R²(k) of L layers up to k neurons, late layers better.
func spans(L, k int) spanned {
	s := spanned{curves: map[int][]float64{}, random: map[int][]float64{}, total: make([]float64, k+1)}
	for l := range L {
		s.layers = append(s.layers, l)
		for i := range k + 1 {
			fast := 4 + 40*math.Pow(float64(L-l)/float64(L), 2)
			v := 0.9 * (1 - math.Exp(-float64(i)/fast))
			s.curves[l] = append(s.curves[l], v)
			s.random[l] = append(s.random[l], 0.4*(1-math.Exp(-float64(i)/(30+float64(l)))))
			s.total[i] += v / float64(L)
		}
	}
	return s
}

// dozen returns n curves, some with random circuits beside them.
func dozen(n int) (out []Dosed) {
	for i := range n {
		out = append(out, sigmoid(fmt.Sprintf("circuit of layer %d", i), .5-.05*float64(i), 16, 20*(i%2)))
	}
	return out
}
