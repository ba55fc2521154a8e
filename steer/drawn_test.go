package steer_test

import (
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestResultsAreDrawn: every result has the methods that its figure asks for, and the numbers of the figure are its own.
func TestResultsAreDrawn(t *testing.T) {
	m := steertest.NewModel()
	s := capital()
	before, err := m.Predict("The capital of France is").Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	top := s.TopK(3).Named("top")
	after, err := m.Predict("The capital of France is").Ablate(top).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	behavior, err := m.Behavior(steer.NewExamples(
		steer.Example{Prompt: "The capital of France is", Target: " Paris", Versus: " Rome"},
		steer.Example{Prompt: "The capital of Italy is", Target: " Rome", Versus: " Paris"},
	)).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, fig := range map[string]*plotting.Figure{
		"strip": plotting.TokenStrip(s), "cumulative": plotting.Cumulative(s), "cumulative of circuits": plotting.Cumulative(top, s.TopK(5)),
		"upset": plotting.UpSet(top, s.TopK(5), s.Positive().TopK(4)), "before and after": plotting.BeforeAfter(before, after),
		"by prompt": plotting.ByPrompt(behavior.ByPrompt(top)), "overlap": plotting.Overlap(top, s.TopK(5)),
	} {
		if _, err := fig.SVG(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	tokens, relevance := s.TokenScores()
	if !slices.Equal(tokens, s.Labels()) || len(relevance) != len(tokens) || relevance[0] != s.ByToken()[len(s.ByToken())-len(tokens)] {
		t.Errorf("%q has %v, all have %v", tokens, relevance, s.ByToken())
	}
	if all, _ := s.KeepBOS().TokenScores(); len(all) != len(s.ByToken()) {
		t.Errorf("with the first token %q", all)
	}
	if r := s.Ranking(); len(r) != s.Shape().Layers*s.Shape().Neurons || r[0] != s.TopK(1).Entries()[0].Score || math.Abs(r[1]) > math.Abs(r[0]) {
		t.Errorf("ranked %v", r)
	}
	if got := top.Members(); len(got) != 3 || got[0] != top.Neurons()[0].String() {
		t.Errorf("members %q", got)
	}
	ids, _, p := before.Chances()
	for i, id := range ids {
		if got := before.Chance(id); math.Abs(got-p[i]) > 1e-9 {
			t.Errorf("token %d has the probability %v and %v", id, p[i], got)
		}
	}
	units, prompts, scores := behavior.ByPrompt(top).ByPrompt()
	if len(units) != 3 || len(prompts) != 2 || prompts[1] != "The capital of Italy is" {
		t.Fatalf("%q on %q", units, prompts)
	}
	for u, n := range top.Entries() {
		for i := range prompts {
			want := 0.
			for _, e := range behavior.Example(i).TopK(math.MaxInt).Entries() {
				if e.Neuron == n.Neuron {
					want = e.Score
				}
			}
			if math.Abs(scores[u][i]-want) > 1e-6 {
				t.Errorf("%v on prompt %d: %v, want %v", n.Neuron, i, scores[u][i], want)
			}
		}
	}
}
