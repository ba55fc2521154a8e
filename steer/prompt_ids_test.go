package steer_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
)

// TestPromptOfIDs: a prompt of ids gives what the text does that they stand for; ids that the model does not have, and ids
// beside a text, are mistakes.
func TestPromptOfIDs(t *testing.T) {
	ids := run(t, fake.Tokens(france)).IDs()
	ask := func(p message.Prompt) (steer.BehaviorScores, error) {
		s := message.BehaviorSettings{Rule: steer.RelP, Examples: []message.BehaviorExample{{Prompt: p,
			Metric: message.Metric{Target: message.TokenRef{How: message.ByText, Text: " Paris"}, Positions: []int{-1}}}}}
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		rec, err := fake.Runner().Run(t.Context(), steer.Request{Kind: s.Kind().Name, Version: s.Kind().Version, Settings: b}, func(steer.Event) {})
		return steer.BehaviorTask{}.Result(func() steer.Record { return rec }), err
	}
	want, err := ask(message.Prompt{Text: france})
	if err != nil {
		t.Fatal(err)
	}
	got, err := ask(message.Prompt{IDs: ids})
	if err != nil || !got.Mean().Dense().Equal(want.Mean().Dense()) {
		t.Errorf("ids are read otherwise than their text: %v", err)
	}
	for says, p := range map[string]message.Prompt{
		"the id 99999 is outside this model's vocabulary": {IDs: []int32{ids[0], 99999}},
		"the id -1 is outside this model's vocabulary":    {IDs: []int32{-1}},
		"the prompt is both ids and a text":               {IDs: ids, Text: france},
	} {
		if _, err := ask(p); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}
