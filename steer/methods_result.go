package steer

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// A MethodComparison says of every method which neurons it finds for a behavior and what they do. It is immutable, and lazy where its
// task is.
type MethodComparison struct {
	rec  result[message.MethodsBody]
	lazy func() comparedMethods
	conditions
}

func newMethodComparison(fetch func() Record, same bool, is ...Intervention) MethodComparison {
	rec := newResult[message.MethodsBody](fetch)
	return MethodComparison{rec, sync.OnceValue(func() comparedMethods { return compareMethods(rec.record(), rec.body(), same) }), under(is, rec.header)}
}

// A MethodRow is what a method comes to.
type MethodRow struct {
	Method   string    `json:"method"`
	Circuit  Circuit   `json:"circuit"`
	Effect   Estimate  `json:"effect"`   // what the metric loses when the circuit is set to zero, in logits, mean over the tested examples
	Random   Band      `json:"random"`   // the same of random circuits of the same layers
	P        float64   `json:"p"`        // of the effect among the random circuits', two-sided; 1 without any
	Pearson  Estimate  `json:"pearson"`  // correlation of the scores with what ablating single neurons does; interval over the neurons; N 0 without
	Spearman Estimate  `json:"spearman"` // rank correlation of the same
	Shared   float64   `json:"shared"`   // Jaccard index with the neurons of the first method
	Chance   float64   `json:"chance"`   // which random circuits of the same layers would have
	Profile  []float64 `json:"profile"`  // share of Σ|score| in every layer [L]
	Depth    float64   `json:"depth"`    // its center, 0 the first layer and 1 the last
}

// comparedMethods is everything that follows from a record.
type comparedMethods struct {
	rows     []MethodRow
	overlap  OverlapMatrix
	warnings []Warning
}

func compareMethods(r Record, b message.MethodsBody, same bool) comparedMethods {
	if !b.Fine() {
		return comparedMethods{}
	}
	for name, shape := range b.Tensors() {
		n := 1
		for _, d := range shape {
			n *= d
		}
		if len(r.Tensors[name].Data) != n {
			return comparedMethods{}
		}
	}
	N, L, E := len(b.Cases), b.Shape.Layers, len(b.Exact)
	base, exact := widen(r.Tensors["base"].Data), meanRows(widen(r.Tensors["exact"].Data), b.Found, E)
	s := comparedMethods{warnings: slices.Clone(r.Header.Warnings)}
	var circuits []Circuit
	var losses [][]float64
	for m, name := range b.Methods {
		c := NewCircuit(name, b.Circuits[m]...).madeBy(madeFrom(r.Header))
		c = c.sized(b.Shape)
		row := MethodRow{Method: name, Circuit: c, Profile: widen(r.Tensors["profile"].Data[m*L:][:L])}
		for l, x := range row.Profile {
			row.Depth += x * float64(l) / float64(max(1, L-1))
		}
		loss := func(circuit int) []float64 {
			return minus(base, widen(r.Tensors["ablated"].Data[(m*(1+b.Controls)+circuit)*N:][:N]))
		}
		var null []float64
		for k := range b.Controls {
			null = append(null, stats.Mean(loss(1+k)))
		}
		row.Random, row.P = newBand(null), stats.NullP(stats.Mean(loss(0)), null)
		if E > 1 {
			scores := widen(r.Tensors["scores"].Data[m*E:][:E])
			row.Pearson, row.Spearman = Estimate(stats.Correlation(scores, exact, b.Seed)), Estimate(stats.RankCorrelation(scores, exact, b.Seed))
		}
		losses, circuits, s.rows = append(losses, loss(0)), append(circuits, c), append(s.rows, row)
	}
	s.overlap = Overlap(circuits...)
	for m, e := range bootstrap(losses, stats.Ones(N), b.Seed) {
		s.rows[m].Effect, s.rows[m].Shared, s.rows[m].Chance = e, s.overlap.Jaccard(0, m), s.overlap.Expected(0, m)
	}
	s.warnings = append(s.warnings, methodDoubts(b, same)...)
	return s
}

// sized returns a given circuit as one of a model of the shape.
func (c Circuit) sized(shape Shape) Circuit {
	o := c.from()
	o.shape = shape
	c.origin = func() origin { return o }
	return c
}

// meanRows returns the mean of the rows of [n,width].
func meanRows(v []float64, n, width int) []float64 {
	out := make([]float64, width)
	for i, x := range v {
		out[i%width] += x / float64(n)
	}
	return out
}

// methodDoubts says what a reader must know.
func methodDoubts(b message.MethodsBody, same bool) []Warning {
	var ws []Warning
	warn := func(code, format string, args ...any) {
		ws = append(ws, Warning{Code: code, Text: fmt.Sprintf(format, args...)})
	}
	if n := len(b.Cases); n < message.FewPrompts {
		warn("few", "%s: the intervals say little about others", several(n, "example"))
	}
	if same {
		warn("same", "the neurons are ablated on the examples that they were found on, which flatters every method that looks at them; add OnExamples(set)")
	}
	if !slices.Contains(b.Methods, "contrast") {
		warn("pairs", "contrast and control vector were left out: the examples make no pairs")
	}
	if r := b.Controls; stats.LeastHolm(r, 1) > stats.Level {
		warn("controls", "%s cannot give a p value below %.2g; use %d or more", several(r, "random circuit"), stats.LeastHolm(r, 1), stats.ControlsFor(1))
	}
	return ws
}

func (v MethodComparison) data() comparedMethods {
	if v.lazy == nil {
		return comparedMethods{}
	}
	return v.lazy()
}

// Rows returns the methods.
func (v MethodComparison) Rows() []MethodRow { return slices.Clone(v.data().rows) }

// Overlap returns what the circuits of the methods have in common, beside chance.
func (v MethodComparison) Overlap() OverlapMatrix { return v.data().overlap }

// Exact returns the neurons that were set to zero one by one with what the metric lost, mean over the examples that
// neurons were found on, in logits [E].
func (v MethodComparison) Exact() (neurons []Neuron, effect []float64) {
	b := v.rec.body()
	if len(v.data().rows) == 0 {
		return nil, nil
	}
	return slices.Clone(b.Exact), meanRows(widen(v.rec.record().Tensors["exact"].Data), b.Found, len(b.Exact))
}

// N returns the number of tested examples.
func (v MethodComparison) N() (n int, of string) {
	return message.Counted(len(v.rec.body().Cases), "examples")
}

// Found returns the number of examples that the neurons were found on.
func (v MethodComparison) Found() int { return v.rec.body().Found }

// About says what the metric is.
func (v MethodComparison) About() string {
	if len(v.data().rows) == 0 {
		return ""
	}
	return responses{b: message.SweepBody{Cases: v.rec.body().Cases}}.metric()
}

// Unit returns the unit of the effects.
func (v MethodComparison) Unit() string { return "logits" }

// Warnings returns what a reader must know before concluding anything.
func (v MethodComparison) Warnings() []Warning { return slices.Clone(v.data().warnings) }

// Methods returns the names of the methods.
func (v MethodComparison) Methods() (names []string) {
	for _, r := range v.data().rows {
		names = append(names, r.Method)
	}
	return names
}

// Effects returns MethodRow.Effect of every method with its interval, each [M].
func (v MethodComparison) Effects() (mean, lo, hi []float64) {
	for _, r := range v.data().rows {
		mean, lo, hi = append(mean, r.Effect.Value), append(lo, r.Effect.Lo), append(hi, r.Effect.Hi)
	}
	return mean, lo, hi
}

// RandomBand returns where the effect of n random circuits lies for every method: mean and middle 95 %, each [M]; nil without any.
func (v MethodComparison) RandomBand() (mean, lo, hi []float64, n int) {
	for _, r := range v.data().rows {
		if r.Random.N == 0 {
			return nil, nil, nil, 0
		}
		mean, lo, hi, n = append(mean, r.Random.Mean), append(lo, r.Random.Lo), append(hi, r.Random.Hi), r.Random.N
	}
	return mean, lo, hi, n
}

// Correlations returns MethodRow.Pearson of every method with its interval, each [M]; nil where no neuron was ablated alone.
func (v MethodComparison) Correlations() (r, lo, hi []float64) {
	for _, x := range v.data().rows {
		if x.Pearson.N == 0 {
			return nil, nil, nil
		}
		r, lo, hi = append(r, x.Pearson.Value), append(lo, x.Pearson.Lo), append(hi, x.Pearson.Hi)
	}
	return r, lo, hi
}

// Overlaps returns MethodRow.Shared and MethodRow.Chance of every method, each [M]; NaN for the first, which is itself.
func (v MethodComparison) Overlaps() (jaccard, chance []float64) {
	for i, r := range v.data().rows {
		if i == 0 {
			r.Shared, r.Chance = math.NaN(), math.NaN()
		}
		jaccard, chance = append(jaccard, r.Shared), append(chance, r.Chance)
	}
	return jaccard, chance
}

// Profiles returns MethodRow.Profile of every method [M][L].
func (v MethodComparison) Profiles() (profiles [][]float64) {
	for _, r := range v.data().rows {
		profiles = append(profiles, slices.Clone(r.Profile))
	}
	return profiles
}
