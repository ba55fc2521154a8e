package steer_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// active returns h [L,T,F] of a prompt and T.
func active(t *testing.T, m *steer.Model, task steer.CaptureTask) steer.Tensor {
	t.Helper()
	h := run(t, task.From(steer.MLPNeurons)).Tensor(steer.MLPNeurons)
	if len(h.Shape) != 3 {
		t.Fatalf("shape %v", h.Shape)
	}
	return h
}

// TestContrast: the difference of means of what Capture gives, at the last token and over the answer.
func TestContrast(t *testing.T) {
	pairs := opposites().All()
	for name, task := range map[string]steer.ContrastTask{
		"last token": fake.Contrast(opposites()), "answer": fake.Contrast(opposites()).OverAnswer(),
		"edited": fake.Contrast(opposites()).With(steer.Scale(pair, 3).SkipBOS()),
	} {
		s := run(t, task)
		L, F := s.Shape().Layers, s.Shape().Neurons
		want := make([]float64, L*F)
		for _, p := range pairs {
			for k, text := range []string{p.Positive, p.Negative} {
				q := fake.Capture(text)
				if name == "edited" {
					q = q.With(steer.Scale(pair, 3).SkipBOS())
				}
				h := active(t, fake, q)
				T := h.Shape[1]
				from := T - 1
				if name == "answer" { // where the two texts part
					a, b := run(t, fake.Tokens(p.Positive)).IDs(), run(t, fake.Tokens(p.Negative)).IDs()
					n := 0
					for n < min(len(a), len(b)) && a[n] == b[n] {
						n++
					}
					from = min(n, T-1)
				}
				for l := range L {
					for at := from; at < T; at++ {
						for n := range F {
							want[l*F+n] += float64(1-2*k) * float64(h.Data[(l*T+at)*F+n]) / float64((T-from)*len(pairs))
						}
					}
				}
			}
		}
		var most float64
		for i, v := range s.Dense().Data {
			if math.Abs(float64(v)-want[i]) > 1e-6 {
				t.Fatalf("%s: neuron %d scores %v, want %v", name, i, v, want[i])
			}
			most = max(most, math.Abs(want[i]))
		}
		if most == 0 {
			t.Errorf("%s: nothing differs; the test tests nothing", name)
		}
		if n, of := s.N(); n != 2 || of != "pairs" || s.TopK(1).Entries()[0].Position != -1 {
			t.Errorf("%s: %d %s, %v", name, n, of, s.TopK(1).Entries())
		}
	}
}

// TestContrastPrefill: the answer of a chat is its prefill, in both prompts of a pair.
func TestContrastPrefill(t *testing.T) {
	set := steer.NewPairs(steer.Pair{Positive: "France", Negative: "Italy", Prefill: " The capital"})
	s := run(t, fake.Contrast(set).OverAnswer())
	var want []float64
	for k, text := range []string{"France", "Italy"} {
		h := active(t, fake, fake.Capture(text).Prefill(" The capital"))
		whole := active(t, fake, fake.Capture(text).Chat()).Shape[1]
		T, F := h.Shape[1], h.Shape[2]
		if want == nil {
			want = make([]float64, h.Shape[0]*F)
		}
		if T <= whole {
			t.Fatal("the prefill has no token")
		}
		for i := range want {
			for at := whole; at < T; at++ {
				want[i] += float64(1-2*k) * float64(h.Data[(i/F*T+at)*F+i%F]) / float64(T-whole)
			}
		}
	}
	for i, v := range s.Dense().Data {
		if math.Abs(float64(v)-want[i]) > 1e-6 {
			t.Fatalf("neuron %d scores %v, want %v", i, v, want[i])
		}
	}
}

func TestContrastReferenceLayers(t *testing.T) {
	for _, e := range run(t, fake.Contrast(opposites()).ReferenceLayers()).TopK(1000).Entries() {
		if e.Layer < 2 {
			t.Errorf("%v is below layer 2", e.Neuron)
		}
	}
	turned := steer.NewPairs()
	for _, p := range opposites().All() {
		turned = steer.NewPairs(append(turned.All(), steer.Pair{Positive: p.Negative, Negative: p.Positive})...)
	}
	a, b := run(t, fake.Contrast(opposites())).Dense().Data, run(t, fake.Contrast(turned)).Dense().Data
	for i := range a {
		if math.Abs(float64(a[i]+b[i])) > 1e-7 {
			t.Fatalf("turned round, neuron %d scores %v and %v", i, a[i], b[i])
		}
	}
}

func TestContrastMistakes(t *testing.T) {
	plain := steertest.ModelOf(steertest.NewEngine(), steertest.PlainText())
	for _, c := range []struct {
		task steer.ContrastTask
		says string
	}{
		{fake.Contrast(steer.NewPairs()), "no pairs"},
		{fake.Contrast(steer.Pairs("/nowhere/at all")), "cannot be read"},
		{fake.Contrast(steer.NewPairs(steer.Pair{Positive: "a"}, steer.Pair{Positive: "a", Negative: "a"})), "pair 1, negative: the prompt is empty"},
		{fake.Contrast(steer.NewPairs(steer.Pair{Positive: "a", Negative: "a"})), "pair 1: both prompts are the same"},
		{fake.Contrast(steer.NewPairs(steer.Pair{Positive: "a", Negative: strings.Repeat(" of", 99)})), "pair 1, negative"},
		{plain.Contrast(opposites()).Chat(), "no chat template"},
		{fake.Contrast(opposites()).Ablate(steer.NewCircuit("far", steer.Neuron{Layer: 9, Index: 0})), "L9/N0"},
	} {
		if _, err := c.task.Run(t.Context()); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v, want a mistake that says %q", err, c.says)
		}
	}
}

// TestUniversal: counts written the slow way, and the set that follows from them.
func TestUniversal(t *testing.T) {
	texts := []string{france, italy, "I loved it", "France"}
	u := run(t, fake.Universal(texts...).PerLayer(2).In(.75))
	f := u.Frequencies()
	count := map[steer.Neuron]int{}
	for _, x := range texts {
		h := active(t, fake, fake.Capture(x))
		L, T, F := h.Shape[0], h.Shape[1], h.Shape[2]
		for l := range L {
			row := h.Data[(l*T+T-1)*F:][:F]
			order := make([]int, F)
			for n := range order {
				order[n] = n
			}
			slices.SortStableFunc(order, func(a, b int) int {
				return int(math.Copysign(1, math.Abs(float64(row[b]))-math.Abs(float64(row[a]))))
			})
			for _, n := range order[:2] {
				count[steer.Neuron{Layer: l, Index: n}]++
			}
		}
	}
	want := 0
	for i, n := range f.Counts() {
		at := steer.Neuron{Layer: i / 8, Index: i % 8}
		if n != count[at] {
			t.Errorf("%v is counted %d times, want %d", at, n, count[at])
		}
		if n >= 3 {
			want++
			if !u.Has(at) {
				t.Errorf("%v is in %d of 4 texts and not in the set", at, n)
			}
		}
	}
	if u.Len() != want || want == 0 || f.Texts() != 4 || !strings.Contains(f.String(), "of 4 texts") {
		t.Errorf("%v, want %d\n%v", u, want, f)
	}
	if all := f.PerLayer(8).Set(); all.Len() != 24 {
		t.Errorf("with all neurons active the set has %d", all.Len())
	}
	if f.PerLayer(0).Set().Len() != 0 || f.In(1).Set().Len() > f.In(.5).Set().Len() {
		t.Error("a stricter rule gives a larger set")
	}
	if len(u.Warnings()) != 1 || u.Warnings()[0].Code != "few" || len(run(t, fake.Universal()).Warnings()) != 0 {
		t.Errorf("warnings %v", u.Warnings())
	}
	if n := run(t, fake.Universal()).Frequencies().Texts(); n != 20 {
		t.Errorf("%d default texts, want the reference's 20", n)
	}
	for says, task := range map[string]steer.UniversalTask{
		"PerLayer(0)": fake.Universal().PerLayer(0), "In(1.5)": fake.Universal().In(1.5), "In(NaN)": fake.Universal().In(math.NaN()), "text 2": fake.Universal("a", ""),
	} {
		if _, err := task.Run(t.Context()); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want a mistake that says %q", err, says)
		}
	}
}
