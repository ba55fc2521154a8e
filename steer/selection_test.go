package steer

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
)

// TestSelectionText: a circuit knows how it was chosen, in words and as data.
func TestSelectionText(t *testing.T) {
	s := scoresOf(t, 3, 4, 5, true, ties(60, 1))
	for want, c := range map[string]Circuit{
		"top 4 neurons":           s.TopK(4),
		"top 4 entries, negative": s.Negative().TopEntries(4),
		"all entries":             s.TopEntries(everything),
		"top 9 neurons, positive, layers 1–2, positions [-1 1], last 3 positions, without the first position, BOS kept, of 2 candidates a layer and position, at least 1 % of the metric each, 3 a layer, 90 % of the sum, without 2 neurons": s.Positive().
			Layers(1, 2).Positions(1, -1).LastPositions(3).SkipFirst().KeepBOS().Candidates(2).Percent(.01).PerLayer(3).Cumulative(.9).
			Without(NewNeuronSet("", Neuron{Layer: 1, Index: 1}, Neuron{Layer: 1, Index: 1}, Neuron{Layer: 0, Index: 2})).TopK(9),
	} {
		got := c.from().selection
		if got.String() != want {
			t.Errorf("%q, want %q", got, want)
		}
		b, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var back selection
		if err := json.Unmarshal(b, &back); err != nil || back.String() != want {
			t.Errorf("%s comes back as %q (%v)", b, back, err)
		}
	}
	if _, err := json.Marshal(s.Percent(math.NaN()).Cumulative(math.Inf(-1)).TopK(3).from().selection); err != nil {
		t.Errorf("numbers that JSON lacks: %v", err)
	}
	if got := s.TopK(4).Named("x").from().header.Body; len(got) == 0 {
		t.Error("a circuit does not know the record it comes from")
	}
}

// TestPercentNeedsMetric: what has no metric has no percent of it.
func TestPercentNeedsMetric(t *testing.T) {
	r := Random(Shape{Layers: 2, Neurons: 9}, 1)
	if n := r.Percent(.01).TopK(5).Len(); n != 0 {
		t.Errorf("%d neurons carry one percent of no metric", n)
	}
	if n := r.Percent(0).TopK(5).Len(); n != 5 {
		t.Errorf("Percent(0) keeps %d of 5", n)
	}
}

// TestSummed: scores without a position axis have entries without a position, whatever positions are narrowed to.
func TestSummed(t *testing.T) {
	r := Random(Shape{Layers: 3, Neurons: 9}, 7)
	want := r.TopK(6).Entries()
	for name, s := range map[string]Scores{
		"SkipFirst": r.SkipFirst(), "LastPositions": r.LastPositions(1), "Positions": r.Positions(5), "KeepBOS": r.KeepBOS(),
	} {
		if got := s.TopK(6).Entries(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		if got := s.TopEntries(6).Entries(); !slices.Equal(got, want) {
			t.Errorf("%s: entries %v, want %v", name, got, want)
		}
	}
	for _, e := range want {
		if e.Position != -1 {
			t.Errorf("%+v has a position", e)
		}
	}
	if d := r.Diagnostics(); d.First != 0 || d.Top20 != 0 || d.Layers[1].At.Position != -1 || d.Layers[1].Max == 0 {
		t.Errorf("%+v", d)
	}
}

// TestRandom: the null is the same for the same seed, another for another, standard normal, and nothing for no model.
func TestRandom(t *testing.T) {
	shape := Shape{Layers: 10, Neurons: 1000}
	a := Random(shape, 1).Dense().Data
	sameNumbers := func(b []float32) bool { return Tensor{[]int{len(a)}, a}.Equal(Tensor{[]int{len(b)}, b}) }
	if !sameNumbers(Random(shape, 1).Dense().Data) || sameNumbers(Random(shape, 2).Dense().Data) {
		t.Error("the seed does not decide the numbers")
	}
	var sum, squares float64
	for _, v := range a {
		sum += float64(v)
		squares += float64(v) * float64(v)
	}
	n := float64(len(a))
	if m, v := sum/n, squares/n; math.Abs(m) > .05 || math.Abs(v-1) > .05 {
		t.Errorf("mean %v, variance %v", m, v)
	}
	for _, none := range []Shape{{}, {Layers: -1, Neurons: 3}, {Layers: 2}} {
		if Random(none, 1).TopK(3).Len() != 0 {
			t.Errorf("%+v has neurons", none)
		}
	}
}

// TestDiagnostics: sums, largest and first positions, written the slow way.
func TestDiagnostics(t *testing.T) {
	const L, T, F = 3, 4, 11
	data := ties(L*T*F, 8)
	data[5] = -9 // layer 0, position 0
	d := scoresOf(t, L, T, F, true, data).Diagnostics()
	var total, first float64
	for l, y := range d.Layers {
		var sum, net, onFirst, most float64
		for i, v := range data[l*T*F:][:T*F] {
			sum += math.Abs(float64(v))
			net += float64(v)
			most = max(most, math.Abs(float64(v)))
			if i < F {
				onFirst += math.Abs(float64(v))
			}
		}
		if math.Abs(y.Total-sum) > 1e-9 || math.Abs(y.Net-net) > 1e-9 || y.Max != most || math.Abs(y.First-onFirst/sum) > 1e-9 || math.Abs(y.At.Score) != most {
			t.Errorf("layer %d: %+v, want sum %v, net %v, largest %v, first %v", l, y, sum, net, most, onFirst/sum)
		}
		total, first = total+sum, first+onFirst
	}
	if d.Layers[0].At != (Entry{Neuron{Layer: 0, Index: 5}, 0, -9}) || !d.BOS || d.Token != " t0" {
		t.Errorf("%+v", d)
	}
	if math.Abs(d.Total-total) > 1e-9 || math.Abs(d.First-first/total) > 1e-9 || d.Top20 < 1 || d.String() == "" {
		t.Errorf("%+v, want %v and %v", d, total, first/total)
	}
	if z := scoresOf(t, 1, 2, 2, false, make([]float32, 4)).Diagnostics(); z.First != 0 || z.Total != 0 || z.Top20 != 0 {
		t.Errorf("zeros: %+v", z)
	}
	_ = Scores{}.Diagnostics().String()
}
