package steer

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// scoresOf wraps numbers [L,T,F] as the scores of a finished attribution.
func scoresOf(t testing.TB, L, T, F int, bos bool, data []float32) Scores {
	t.Helper()
	b := message.AttributeBody{Shape: Shape{Layers: L, Neurons: F}, BOS: bos, Tokens: make([]Token, T), Rule: engine.RelP, Conservation: message.Conservation{Metric: -2}}
	for i := range b.Tokens {
		b.Tokens[i] = Token{ID: int32(i), Text: fmt.Sprintf(" t%d", i)}
	}
	r := made(t, b, map[string]Tensor{"scores": {Shape: []int{L, T, F}, Data: data}, "heads": {Shape: []int{L, T, 0}}, "sources": {Shape: []int{L, T, 0}}, "tokens": {Shape: []int{T}, Data: make([]float32, T)}})
	return newScores(func() dense { return attributed(r) }, view{})
}

// ties returns n numbers with many ties, many zeros and some below the floor.
func ties(n int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	v := make([]float32, n)
	for i := range v {
		switch r.IntN(5) {
		case 0:
		case 1:
			v[i] = 1e-9 * float32(r.NormFloat64())
		default:
			v[i] = float32(math.Round(4*r.NormFloat64())) / 4
		}
	}
	return v
}

// want is a selection written the slow way: all entries, a full sort, the first k.
type want struct {
	L, T, F    int
	data       []float32
	start      int // first position
	positions  []int
	lo, hi     int // layers
	without    []Neuron
	sign       float64
	candidates int
	least      float64 // |score|
	perLayer   int
	share      float64 // 0: all
}

func (w want) at(l, t, n int) float64 { return float64(w.data[(l*w.T+t)*w.F+n]) }

// seen lists the entries before signs and floors, after Candidates as the reference implementation keeps them: of every
// layer and position the largest |a|, and of these |a| > 1e-8.
func (w want) seen() []Entry {
	var all []Entry
	for l := w.lo; l <= w.hi; l++ {
		for t := w.start; t < w.T; t++ {
			if w.positions != nil && !slices.Contains(w.positions, t) {
				continue
			}
			var row []Entry
			for n := range w.F {
				row = append(row, Entry{Neuron{Layer: l, Index: n}, t, w.at(l, t, n)})
			}
			if w.candidates > 0 {
				slices.SortStableFunc(row, func(a, b Entry) int { return cmp.Compare(math.Abs(b.Score), math.Abs(a.Score)) })
				row = row[:min(w.candidates, len(row))]
				row = slices.DeleteFunc(row, func(e Entry) bool { return math.Abs(e.Score) <= 1e-8 })
			}
			row = slices.DeleteFunc(row, func(e Entry) bool { return slices.Contains(w.without, e.Neuron) })
			all = append(all, row...)
		}
	}
	return all
}

func (w want) first(es []Entry, k int) []Entry {
	es = slices.DeleteFunc(es, func(e Entry) bool {
		return math.Abs(e.Score) <= 1e-8 || w.sign*e.Score < 0 || math.Abs(e.Score) < w.least
	})
	slices.SortFunc(es, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Score), math.Abs(a.Score)), cmp.Compare(a.Layer, b.Layer),
			cmp.Compare(a.Position, b.Position), cmp.Compare(a.Index, b.Index))
	})
	if w.perLayer > 0 {
		n := map[int]int{}
		es = slices.DeleteFunc(es, func(e Entry) bool { n[e.Layer]++; return n[e.Layer] > w.perLayer })
	}
	if w.share != 0 {
		var total, sum float64
		for _, e := range es {
			total += math.Abs(e.Score)
		}
		for i, e := range es {
			if sum += math.Abs(e.Score); sum >= w.share*total-1e-12 {
				es = es[:i+1]
				break
			}
		}
	}
	return es[:max(0, min(k, len(es)))]
}

func (w want) topEntries(k int) []Entry { return w.first(w.seen(), k) }

func (w want) topK(k int) []Entry {
	sum := map[Neuron]float64{}
	for _, e := range w.seen() {
		sum[e.Neuron] += e.Score
	}
	var es []Entry
	for n, s := range sum {
		es = append(es, Entry{n, -1, s})
	}
	return w.first(es, k)
}

// TestSelection compares every way to narrow with the slow way, on numbers full of ties.
func TestSelection(t *testing.T) {
	const L, T, F = 4, 5, 7
	left := []Neuron{{Layer: 0, Index: 3}, {Layer: 2, Index: 0}, {Layer: 3, Index: 6}, {Layer: 1, Index: 1}, {Layer: 1, Index: 2}}
	some, more := NewNeuronSet("some", append(left[:3:3], Neuron{Layer: 9, Index: 0}, Neuron{Layer: -1, Index: 2}, Neuron{Layer: 0, Index: 99})...), NewNeuronSet("more", left[3:]...)
	for _, c := range []struct {
		name   string
		bos    bool
		narrow func(Scores) Scores
		want   want
	}{
		{"all", false, func(s Scores) Scores { return s }, want{}},
		{"a real BOS is left out", true, func(s Scores) Scores { return s }, want{start: 1}},
		{"KeepBOS", true, Scores.KeepBOS, want{}},
		{"SkipFirst", false, Scores.SkipFirst, want{start: 1}},
		{"SkipFirst beside a BOS", true, Scores.SkipFirst, want{start: 1}},
		{"SkipFirst wins over KeepBOS", true, func(s Scores) Scores { return s.KeepBOS().SkipFirst() }, want{start: 1}},
		{"LastPositions", false, func(s Scores) Scores { return s.LastPositions(2) }, want{start: 3}},
		{"LastPositions beyond the BOS", true, func(s Scores) Scores { return s.LastPositions(5) }, want{start: 1}},
		{"more LastPositions than there are", false, func(s Scores) Scores { return s.LastPositions(99) }, want{}},
		{"Positive", false, Scores.Positive, want{sign: 1}},
		{"Negative", false, Scores.Negative, want{sign: -1}},
		{"Layers", false, func(s Scores) Scores { return s.Layers(1, 2) }, want{lo: 1, hi: 2}},
		{"Layers twice", false, func(s Scores) Scores { return s.Layers(0, 2).Layers(2, 9) }, want{lo: 2, hi: 2}},
		{"Candidates", false, func(s Scores) Scores { return s.Candidates(3) }, want{candidates: 3}},
		{"more Candidates than neurons", false, func(s Scores) Scores { return s.Candidates(99) }, want{}},
		{"Positions", true, func(s Scores) Scores { return s.Positions(0, 2, -1, 9, 2) }, want{start: 1, positions: []int{2, 4}}},
		{"no Positions", false, func(s Scores) Scores { return s.Positions() }, want{positions: []int{}}},
		{"Without", false, func(s Scores) Scores { return s.Without(some, more, NeuronSet{}) }, want{without: left}},
		{"Without after Candidates", false, func(s Scores) Scores { return s.Candidates(2).Without(some) }, want{without: left[:3], candidates: 2}},
		{"Percent", false, func(s Scores) Scores { return s.Percent(.5) }, want{least: 1}},
		{"Percent twice", false, func(s Scores) Scores { return s.Percent(.5).Percent(.25) }, want{least: 1}},
		{"Percent below 0", false, func(s Scores) Scores { return s.Percent(-1) }, want{}},
		{"Percent of not a number", false, func(s Scores) Scores { return s.Percent(math.NaN()) }, want{least: math.Inf(1)}},
		{"PerLayer", false, func(s Scores) Scores { return s.PerLayer(3) }, want{perLayer: 3}},
		{"PerLayer twice", false, func(s Scores) Scores { return s.PerLayer(2).PerLayer(3).PerLayer(0) }, want{perLayer: 2}},
		{"Cumulative", false, func(s Scores) Scores { return s.Cumulative(.5) }, want{share: .5}},
		{"Cumulative twice", false, func(s Scores) Scores { return s.Cumulative(.9).Cumulative(.25).Cumulative(.5) }, want{share: .25}},
		{"Cumulative of all", false, func(s Scores) Scores { return s.Cumulative(1) }, want{}},
		{"Cumulative of nothing", false, func(s Scores) Scores { return s.Cumulative(-1) }, want{share: -1}},
		{"shares in any order", true, func(s Scores) Scores {
			return s.Cumulative(.75).PerLayer(4).Percent(.125).Negative().Candidates(4).Without(more)
		},
			want{start: 1, candidates: 4, without: left[3:], sign: -1, least: .25, perLayer: 4, share: .75}},
		{"everything", true, func(s Scores) Scores { return s.Layers(1, 3).Positive().LastPositions(3).Candidates(4) },
			want{start: 2, lo: 1, hi: 3, sign: 1, candidates: 4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(5) {
				w := c.want
				w.L, w.T, w.F, w.data = L, T, F, ties(L*T*F, seed)
				if w.hi == 0 {
					w.hi = L - 1
				}
				s := c.narrow(scoresOf(t, L, T, F, c.bos, w.data))
				for _, k := range []int{-1, 0, 1, 5, 17, everything} {
					if got, want := s.TopK(k).Entries(), w.topK(k); !equal(got, want) {
						t.Fatalf("TopK(%d), seed %d:\n%v\nwant\n%v", k, seed, got, want)
					}
					if got, want := s.TopEntries(k).Entries(), w.topEntries(k); !equal(got, want) {
						t.Fatalf("TopEntries(%d), seed %d:\n%v\nwant\n%v", k, seed, got, want)
					}
					if again := c.narrow(s); !equal(again.TopK(k).Entries(), s.TopK(k).Entries()) ||
						!equal(again.TopEntries(k).Entries(), s.TopEntries(k).Entries()) {
						t.Fatalf("narrowing twice is not narrowing once (k = %d)", k)
					}
				}
			}
		})
	}
}

func equal(a, b []Entry) bool { return slices.Equal(a, b) }

// TestCandidatesReference: at a real width, the reference implementation's 200 of each layer and position.
func TestCandidatesReference(t *testing.T) {
	const L, T, F = 2, 3, 700
	r := rand.New(rand.NewPCG(5, 5))
	data := make([]float32, L*T*F)
	for i := range data {
		data[i] = float32(r.NormFloat64())
		if i%3 == 0 {
			data[i] *= 1e-9
		}
	}
	w := want{L: L, T: T, F: F, data: data, start: 1, hi: L - 1, candidates: 200}
	s := scoresOf(t, L, T, F, true, data).Candidates(200)
	if got := s.TopEntries(1 << 20).Entries(); len(got) != L*(T-1)*200 || !equal(got, w.topEntries(1<<20)) {
		t.Errorf("%d entries, want %d, the 200 largest of each layer and position", len(got), L*(T-1)*200)
	}
	if !equal(s.TopK(200).Entries(), w.topK(200)) {
		t.Error("TopK after Candidates differs from summing what the reference keeps")
	}
}

func TestSelectionOfNothing(t *testing.T) {
	for name, s := range map[string]Scores{
		"zeros":               scoresOf(t, 2, 2, 3, false, make([]float32, 12)),
		"no numbers":          scoresOf(t, 0, 0, 0, false, nil),
		"only a BOS":          scoresOf(t, 1, 1, 2, true, []float32{1, 2}),
		"no layer":            scoresOf(t, 1, 1, 2, false, []float32{1, 2}).Layers(5, 9),
		"a damaged record":    scoresOf(t, 2, 2, 3, false, []float32{1}),
		"Candidates below 0":  scoresOf(t, 2, 2, 3, false, make([]float32, 12)).Candidates(-1),
		"LastPositions of -1": scoresOf(t, 2, 2, 3, false, make([]float32, 12)).LastPositions(-1),
	} {
		c := s.TopK(5)
		if c.Len() != 0 || s.TopEntries(5).Len() != 0 || len(c.Neurons()) != 0 || c.Total() != 0 {
			t.Errorf("%s: a circuit of %v", name, c.Entries())
		}
		if lines := c.CSV(); lines != "layer,index,position,score\n" {
			t.Errorf("%s: CSV %q", name, lines)
		}
		s.ByLayer()
		s.ByLayerPos()
		s.Labels()
		_ = s.String() + c.String()
	}
}
