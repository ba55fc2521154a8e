package steer

import (
	"math"
	"strings"
	"unicode"

	"gonum.org/v1/gonum/floats"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// faithfulnessStats is everything that follows from the numbers of a curve's record.
type faithfulnessStats struct {
	metric      string
	rows        []FaithfulnessRow
	full, empty Estimate
	normalized  bool
	cpr, cmd    Estimate
	random      [2]Band // CPR and CMD of the random rankings
	kstar       int     // −1: none
	clusters    int
	warnings    []Warning
}

// faithfulnessNumbers gives the numbers of a record by name.
type faithfulnessNumbers struct {
	b message.FaithfulnessBody
	r Record
}

// fits reports whether the tensors have the sizes that the body says; a record that does not fit shows as an empty result.
func (m faithfulnessNumbers) fits() bool {
	if len(m.b.Cases) == 0 || len(m.b.Counts) == 0 || m.b.Controls < 0 || m.b.Neurons+m.b.Heads <= 0 || m.b.Universe() <= 0 {
		return false
	}
	for name, shape := range m.b.Tensors() {
		n := 1
		for _, d := range shape {
			n *= d
		}
		if len(m.r.Tensors[name].Data) != n {
			return false
		}
	}
	return true
}

func (m faithfulnessNumbers) one(name string) []float64 { return widen(m.r.Tensors[name].Data) }

// row returns the metric of every prompt [N] for a size and a ranking, the first being the ranking itself.
func (m faithfulnessNumbers) row(name string, size, ranking int) []float64 {
	n := len(m.b.Cases)
	at := (size*(1+m.b.Controls) + ranking) * n
	return widen(m.r.Tensors[name].Data[at:][:n])
}

// Bounds of the difference F(M) − F(∅) below which it is noise.
const (
	leastDifference = 1e-6
	leastDeviations = .1 // of its standard deviation over prompts
)

func newFaithfulnessStats(r Record, b message.FaithfulnessBody) faithfulnessStats {
	m := faithfulnessNumbers{b, r}
	if !m.fits() {
		return faithfulnessStats{}
	}
	full, empty := m.one("full"), m.one("empty")
	whole := minus(full, empty)
	s := faithfulnessStats{metric: responses{b: message.SweepBody{Cases: b.Cases}}.metric(), kstar: -1}
	s.normalized = beyondNoise(whole)
	cluster := m.clusters()
	s.clusters = groups(cluster)
	e := resampler{cluster, b.Seed}
	s.full, s.empty = e.mean(full), e.mean(empty)
	for k := range b.Counts {
		s.rows = append(s.rows, m.measured(k, s.normalized, full, empty, e))
	}
	if s.normalized {
		s.areas(m, empty, whole, e)
		s.kstar = smallest(s.rows)
	}
	s.warnings = m.warnings(s)
	return s
}

// measured computes one row.
func (m faithfulnessNumbers) measured(k int, normalized bool, full, empty []float64, e resampler) FaithfulnessRow {
	kept, ablated, whole := m.row("kept", k, 0), m.row("ablated", k, 0), minus(full, empty)
	units := m.b.Counts[k]
	row := FaithfulnessRow{Units: units, Share: float64(units) / float64(m.b.Neurons+m.b.Heads), OfModel: float64(units) / float64(m.b.Universe()),
		Kept: e.mean(kept), Ablated: e.mean(ablated), P: 1}
	var f, c, null []float64
	for r := range m.b.Controls {
		null = append(null, stats.Mean(minus(full, m.row("ablated", k, 1+r))))
		f = append(f, stats.Mean(minus(m.row("kept", k, 1+r), empty))/stats.Mean(whole))
		c = append(c, stats.Mean(minus(m.row("ablated", k, 1+r), empty))/stats.Mean(whole))
	}
	if m.b.Controls > 0 {
		row.P = stats.NullP(stats.Mean(minus(full, ablated)), null)
	}
	if normalized {
		row.Faithfulness, row.Completeness = e.ratio(minus(kept, empty), whole), e.ratio(minus(ablated, empty), whole)
		row.Necessity = e.ratio(minus(full, ablated), whole)
		row.RandomKept, row.RandomRest = newBand(f), newBand(c)
	}
	if m.b.Transplant {
		control := m.one("control")
		if between := minus(full, control); beyondNoise(between) {
			row.Sufficiency = e.ratio(minus(m.row("transplanted", k, 0), control), between)
		}
	}
	return row
}

// beyondNoise reports whether the mean of differences is one that shares can be taken of.
func beyondNoise(d []float64) bool {
	return math.Abs(stats.Mean(d)) >= max(leastDifference, leastDeviations*stats.Deviation(d))
}

// areas computes CPR and CMD over the share of ranked units, and those of every random ranking.
func (s *faithfulnessStats) areas(m faithfulnessNumbers, empty, whole []float64, e resampler) {
	curve := func(ranking int) (series [][]float64) { // F(C) − F(∅) of every size
		for k := range s.rows {
			series = append(series, minus(m.row("kept", k, ranking), empty))
		}
		return series
	}
	performance := func(f []float64) float64 { return s.area(f, func(f float64) float64 { return f }) }
	distance := func(f []float64) float64 { return s.area(f, func(f float64) float64 { return math.Abs(1 - f) }) }
	own := curve(0)
	s.cpr, s.cmd = e.of(own, whole, performance), e.of(own, whole, distance)
	var cpr, cmd []float64
	for r := range m.b.Controls {
		var f []float64
		for _, x := range curve(1 + r) {
			f = append(f, stats.Mean(x)/stats.Mean(whole))
		}
		cpr, cmd = append(cpr, performance(f)), append(cmd, distance(f))
	}
	s.random = [2]Band{newBand(cpr), newBand(cmd)}
}

// area integrates a function of f over the share of ranked units, by trapezoids between the sizes.
func (s *faithfulnessStats) area(f []float64, of func(float64) float64) (sum float64) {
	for k := 1; k < len(s.rows); k++ {
		sum += (s.rows[k].Share - s.rows[k-1].Share) * (of(f[k-1]) + of(f[k])) / 2
	}
	return sum
}

// enough is the share of the largest necessity that k* asks for.
const enough = .95

// smallest returns k*, or −1 where no size is necessary.
func smallest(rows []FaithfulnessRow) int {
	most := math.Inf(-1)
	for _, r := range rows {
		most = max(most, r.Necessity.Value)
	}
	for _, r := range rows {
		if most > 0 && r.Necessity.Value >= enough*most {
			return r.Units
		}
	}
	return -1
}

// A resampler estimates over clusters of prompts.
type resampler struct {
	cluster []int // [N]
	seed    uint64
}

func (e resampler) mean(v []float64) Estimate { return e.ratio(v, stats.Ones(len(v))) }

// ratio estimates Σ a / Σ b.
func (e resampler) ratio(a, b []float64) Estimate {
	out := bootstrap([][]float64{stats.Within(a, e.cluster)}, stats.Within(b, e.cluster), e.seed)[0]
	out.N = len(a)
	return out
}

// of estimates what follows from the ratios Σ series / Σ b of all series.
func (e resampler) of(series [][]float64, b []float64, of func(ratios []float64) float64) Estimate {
	var sums [][]float64
	for _, a := range series {
		sums = append(sums, stats.Within(a, e.cluster))
	}
	weights, ratios := stats.Within(b, e.cluster), make([]float64, len(series))
	out, _ := stats.BootstrapOf(len(weights), e.seed, func(count []float64) float64 {
		whole := floats.Dot(count, weights)
		if whole == 0 {
			return math.NaN() // the differences of this draw cancel out: it says nothing
		}
		for k, a := range sums {
			ratios[k] = floats.Dot(count, a) / whole
		}
		return of(ratios)
	})
	out.N = len(b)
	return Estimate(out)
}

// fewestClusters is how many groups of prompts a bootstrap needs to say anything.
const fewestClusters = 5

// clusters numbers the prompts that are resampled together: those that share a word which no more than half of all have. With
// too few groups each prompt is its own.
func (m faithfulnessNumbers) clusters() []int {
	out := m.sharing()
	if groups(out) < fewestClusters {
		for i := range out {
			out[i] = i
		}
	}
	return out
}

// sharing numbers the groups of prompts that share words.
func (m faithfulnessNumbers) sharing() []int {
	words := make([][]string, len(m.b.Cases))
	for i, c := range m.b.Cases {
		words[i] = strings.FieldsFunc(strings.ToLower(c.Prompt), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	}
	return stats.Clusters(words, .5)
}

// groups returns how many numbers, from 0 on, a list has.
func groups(cluster []int) int {
	n := 0
	for _, c := range cluster {
		n = max(n, c+1)
	}
	return n
}
