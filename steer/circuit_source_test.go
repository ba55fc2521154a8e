package steer_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestSource: a circuit knows the one prompt that it was found on, also after it was saved, and says so when there is none.
func TestSource(t *testing.T) {
	m := of("a", "go")
	s, err := m.Attribute("The capital of France is").Prefill("Well,").Target(" Paris").VersusRunnerUp().Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path, _ := savedCircuit(t, s.TopK(3))
	loaded, err := m.LoadCircuit(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	versus, _ := s.Versus()
	want := steer.Source{Example: steer.Example{Prompt: "The capital of France is", Chat: true, Prefill: "Well,", Target: " Paris", Versus: versus.Text}, Metric: s.Metric()}
	for _, c := range []steer.Circuit{s.TopK(3), loaded, loaded.Top(1)} {
		if src, ok := c.Source(); !ok || src != want {
			t.Errorf("source %+v, %v, want %+v", src, ok, want)
		}
	}
	b, err := m.Behavior(steer.NewExamples(steer.Example{Prompt: "The capital of France is", Target: " Paris"})).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []steer.Circuit{{}, steer.NewCircuit("given", steer.Neuron{Layer: 1, Index: 2}), b.Mean().TopK(3)} {
		if src, ok := c.Source(); ok {
			t.Errorf("%v has the source %+v", c, src)
		}
	}
	for prompt, want := range map[string]bool{"[10 prompts, agg=any]": false, "[contrastive: 2 pos vs 2 neg]": false, "": false, "[a] b": true, "[x]": true} {
		c, err := m.LoadCircuit(t.Context(), fileOf(t, "c.json", []byte(`{"neurons": {"1,5,2": 0.5}, "prompt": "`+prompt+`", "target_token": " Paris", "total_logit_diff": 1.5}`)))
		if err != nil {
			t.Fatal(err)
		}
		if src, ok := c.Source(); ok != want || ok && (src.Prompt != prompt || src.Metric != 1.5 || src.Target != " Paris") {
			t.Errorf("the reference's prompt %q gives %+v, %v", prompt, src, ok)
		}
	}
}

// TestTop: the strongest entries in order, with the provenance of the selection narrowed.
func TestTop(t *testing.T) {
	c := parisCircuit(t, of("a", "go"))
	for k, n := range map[int]int{-1: 0, 0: 0, 2: 2, 99: c.Len()} {
		if got := c.Top(k).Entries(); !slices.Equal(got, c.Entries()[:n]) {
			t.Errorf("Top(%d) is %v", k, got)
		}
	}
	if _, b := savedCircuit(t, c.Top(2)); !strings.Contains(string(b), `"k": 2`) {
		t.Errorf("the file of Top(2) says:\n%s", b)
	}
	if (steer.Circuit{}).Top(3).Len() != 0 {
		t.Error("an empty circuit has a top")
	}
}

// TestInfoChat: a model says whether it has a chat template.
func TestInfoChat(t *testing.T) {
	for text, want := range map[engine.Tokenizer]bool{steertest.NewText(): true, steertest.PlainText(): false} {
		i, err := steertest.ModelOf(steertest.NewEngine(), text).Info().Run(t.Context())
		if err != nil || i.Chat() != want {
			t.Errorf("chat %v, %v, want %v", i.Chat(), err, want)
		}
	}
}
