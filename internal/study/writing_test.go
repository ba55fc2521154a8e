package study

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestWriting: what a test of continuations says of how texts are written is in the request, with the study's seed.
func TestWriting(t *testing.T) {
	s, err := parse("s.yaml", []byte(small+`tests:
  - {name: plain, kind: continuations, prompts: [a], multipliers: [0]}
  - {name: drawn, kind: continuations, prompts: [a], multipliers: [0], temperature: 0.8, top_k: 40, top_p: 0.9, min_p: 0.05, repetition_penalty: 1.2, stop: ["\n\n", x], max_tokens: 9, chat: true}
`))
	if err != nil {
		t.Fatal(err)
	}
	g := steer.New("", nil).Generate("a")
	for i, want := range []steer.GenerateTask{g, g.Temperature(.8).Seed(7).TopK(40).TopP(.9).MinP(.05).RepetitionPenalty(1.2).Stop("\n\n", "x").MaxTokens(9).Chat()} {
		a, err := s.Tests[i].writing(g, 7).Request()
		b, werr := want.Request()
		if err != nil || werr != nil || string(a.Settings) != string(b.Settings) {
			t.Errorf("%s: %s, want %s; %v %v", s.Tests[i].Name, a.Settings, b.Settings, err, werr)
		}
	}
}
