package execute

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// TestDrawIsTransformers: what may be drawn, and how likely it is, are what the logits processors of transformers leave in
// their order: testdata/sampling.py.
func TestDrawIsTransformers(t *testing.T) {
	b, err := os.ReadFile("testdata/sampling.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Settings struct {
				Temperature float64  `json:"temperature"`
				TopK        int      `json:"top_k"`
				TopP        *float64 `json:"top_p"`
				MinP        float64  `json:"min_p"`
				Penalty     float64  `json:"repetition_penalty"`
			} `json:"settings"`
			Logits        []float32 `json:"logits"`
			IDs           []int32   `json:"ids"`
			Kept          []int32   `json:"kept"`
			Probabilities []float64 `json:"probabilities"`
			Best          int32     `json:"best"`
		} `json:"cases"`
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 90 {
		t.Fatalf("only %d cases", len(file.Cases))
	}
	for i, c := range file.Cases {
		set := message.Continuation{RepetitionPenalty: c.Settings.Penalty}
		before := slices.Clone(c.Logits)
		if c.Settings.Temperature == 0 { // the likeliest
			if got := newChooser(set, c.IDs, len(c.Logits)).next(c.Logits); got != c.Best {
				t.Errorf("case %d %+v: %d is the likeliest, want %d", i, c.Settings, got, c.Best)
			}
			continue
		}
		s := message.Sampling{Temperature: c.Settings.Temperature, TopK: c.Settings.TopK, TopP: 1, MinP: c.Settings.MinP, Seed: uint64(i)}
		if p := c.Settings.TopP; p != nil {
			s.TopP = *p
		}
		set.Sampling = &s
		d := newChooser(set, c.IDs, len(c.Logits))
		id := d.next(c.Logits)
		var kept []int32
		total := 0.
		for k, w := range d.weights {
			if w > 0 {
				kept, total = append(kept, int32(k)), total+w
			}
		}
		if !slices.Equal(kept, c.Kept) || !slices.Contains(kept, id) {
			t.Errorf("case %d %+v: %d of %v, want one of %v", i, c.Settings, id, kept, c.Kept)
			continue
		}
		for k, id := range kept {
			if p, want := d.weights[id]/total, c.Probabilities[k]; math.Abs(p-want) > 1e-6*math.Max(want, 1e-3) {
				t.Errorf("case %d %+v: token %d has the probability %v, want %v", i, c.Settings, id, p, want)
			}
		}
		if !slices.Equal(c.Logits, before) {
			t.Errorf("case %d: the logits have changed", i)
		}
	}
}

// TestDrawFrequencies: tokens come as often as their probability says, and the numbers of a seed are always the same.
func TestDrawFrequencies(t *testing.T) {
	logits := []float32{0, float32(math.Log(2)), float32(math.Log(3)), float32(math.Log(4))}
	sampling := message.Plain()
	const n = 40_000
	counts := map[int32]float64{}
	d := newChooser(message.Continuation{Sampling: &sampling}, nil, len(logits))
	for range n {
		counts[d.next(logits)]++
	}
	for id := range int32(4) {
		p := float64(id+1) / 10
		if miss := math.Abs(counts[id]/n - p); miss > 4*math.Sqrt(p*(1-p)/n) {
			t.Errorf("token %d came with the frequency %v, want %v", id, counts[id]/n, p)
		}
	}
	first := func(seed uint64) (ids []int32) {
		s := message.Plain()
		s.Seed = seed
		d := newChooser(message.Continuation{Sampling: &s}, nil, len(logits))
		for range 24 {
			ids = append(ids, d.next(logits))
		}
		return ids
	}
	if want := []int32{1, 2, 0, 2, 3, 2, 1, 0, 3, 1, 1, 2}; !slices.Equal(first(1)[:12], want) {
		t.Errorf("seed 1 draws %v, as it did in no version before; want %v", first(1)[:12], want)
	}
	if slices.Equal(first(1), first(2)) || !slices.Equal(first(2), first(2)) {
		t.Error("a seed does not decide what is drawn")
	}
}

// TestDrawEdges: settings at their ends keep what they must, whatever the logits.
func TestDrawEdges(t *testing.T) {
	const most = math.MaxFloat32
	for name, logits := range map[string][]float32{
		"equal": {1, 1, 1, 1}, "one": {5}, "far": {-most, most, 0, -most}, "zeros": {0, 0, 0}, "signed zeros": {float32(math.Copysign(0, -1)), 0}, "tiny": {1e-45, 0, -1e-45},
	} {
		for _, s := range []message.Sampling{
			{Temperature: 1e-300, TopP: 1}, {Temperature: 1e300, TopP: 1}, {Temperature: 1, TopP: 1e-300}, {Temperature: 1, TopP: 1, MinP: 1},
			{Temperature: 1, TopK: 1, TopP: 1}, {Temperature: 1, TopK: 1 << 40, TopP: 1 - 1e-16, MinP: 1e-300}, {Temperature: 2, TopK: 2, TopP: .5, MinP: .5},
		} {
			for _, penalty := range []float64{0, 1, 1e-30, 1e30} {
				d := newChooser(message.Continuation{Sampling: &s, RepetitionPenalty: penalty}, []int32{0}, len(logits))
				for range 3 {
					id := d.next(logits)
					total := 0.
					for _, w := range d.weights {
						total += w
					}
					if !(total >= 1 && total <= float64(len(logits))) || d.weights[id] == 0 {
						t.Errorf("%s, %+v, penalty %v: %d of %v", name, s, penalty, id, d.weights)
					}
				}
			}
		}
	}
	d := newChooser(message.Continuation{}, nil, 2)
	for u, want := range map[float64]int32{0: 1, .2499: 1, .25: 2, 1 - 1e-16: 2, 1: 2} {
		d.weights = []float64{0, .25, .75, 0}
		if got := d.draw(u); got != want {
			t.Errorf("%v draws %d, want %d", u, got, want)
		}
	}
}
