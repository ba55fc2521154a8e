package steer_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// referenceOf saves a circuit as the reference implementation does and reads what it says of the prompt.
func referenceOf(t *testing.T, c steer.Circuit) (path string, prompt, target string, metric float64) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "c.json")
	if err := c.SaveReference(path); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Prompt string  `json:"prompt"`
		Target string  `json:"target_token"`
		Metric float64 `json:"total_logit_diff"`
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	return path, f.Prompt, f.Target, f.Metric
}

// TestReferenceKeepsThePrompt: the prompt is the text that was asked, byte for byte, without the BOS that a tokenizer adds;
// what a file says survives loading and saving again, in either format.
func TestReferenceKeepsThePrompt(t *testing.T) {
	m := steertest.NewModel() // its tokenizer puts a BOS before every text
	for _, prompt := range []string{"The capital of France is", "The word 世界 and 🙂 naïve:", " I\n\n\"loved\" </s> it", "<script> & \u2028"} {
		s, err := m.Attribute(prompt).Target(" Paris").VersusRunnerUp().Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		c := s.TopEntries(5)
		for range 3 {
			path, got, target, metric := referenceOf(t, c)
			if got != prompt || target != " Paris" || metric != s.Metric() {
				t.Fatalf("prompt %q, target %q, metric %v; asked were %q, %v", got, target, metric, prompt, s.Metric())
			}
			back, err := m.LoadCircuit(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			if src, ok := back.Source(); !ok || src.Prompt != prompt {
				t.Errorf("loaded: %+v", src)
			}
			if !slices.Equal(back.Entries(), c.Entries()) {
				t.Errorf("other entries: %v", back.Entries())
			}
			own := filepath.Join(t.TempDir(), "own.json") // by way of the other format
			if err := back.Save(own); err != nil {
				t.Fatal(err)
			}
			if c, err = m.LoadCircuit(t.Context(), own); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// lower is a tokenizer that reads every text in small letters, as those with a normalizer do.
type lower struct{ engine.Tokenizer }

func (l lower) Encode(s string, how engine.Encoding) ([]engine.Token, error) {
	return l.Tokenizer.Encode(strings.ToLower(s), how)
}

// TestReferenceIsNotTheTokens: the prompt is what was asked, not what a tokenizer made of it.
func TestReferenceIsNotTheTokens(t *testing.T) {
	m := steertest.ModelOf(steertest.NewEngine(), lower{steertest.NewText()})
	const prompt = "The Capital of France IS"
	s, err := m.Attribute(prompt).TargetTop().Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, got, _, _ := referenceOf(t, s.TopEntries(3)); got != prompt {
		t.Errorf("%q, asked was %q", got, prompt)
	}
}

// TestReferenceOfAChat: the prompt of a chat is the text of its template, every character whole.
func TestReferenceOfAChat(t *testing.T) {
	m := steertest.NewModel()
	task := m.Attribute("The 世界").Prefill("I").Target(" Paris")
	s, err := task.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, got, _, _ := referenceOf(t, s.TopEntries(3))
	if !strings.Contains(got, "The 世界") || strings.HasPrefix(got, s.Tokens()[0].Text+s.Tokens()[0].Text) || strings.Contains(got, "\uFFFD") {
		t.Errorf("%q", got)
	}
	read, err := m.Tokens(got).Run(t.Context())
	if err != nil || !slices.Equal(read.IDs(), idsOf(s.Tokens())) {
		t.Errorf("%q reads as %v, the conversation is %v (%v)", got, read.IDs(), idsOf(s.Tokens()), err)
	}
}

func idsOf(ts []steer.Token) []int32 {
	var ids []int32
	for _, x := range ts {
		ids = append(ids, x.ID)
	}
	return ids
}

// TestReferenceNotes: what stands in the place of a prompt where there were several is kept too, and two circuits of
// different prompts have none together.
func TestReferenceNotes(t *testing.T) {
	m := of("a", "go")
	load := func(prompt string, index int) steer.Circuit {
		c, err := m.LoadCircuit(t.Context(), fileOf(t, "c.json", fmt.Appendf(nil, `{"neurons": {"1,5,%d": 0.5}, "prompt": %q, "target_token": "[' a', ' b']", "total_logit_diff": 1.5}`, index, prompt)))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	const note = "[4 prompts, agg=mean]"
	if _, got, target, metric := referenceOf(t, load(note, 2)); got != note || target != "[' a', ' b']" || metric != 1.5 {
		t.Errorf("%q, %q, %v", got, target, metric)
	}
	if _, got, _, _ := referenceOf(t, load("a", 2).Union(load("a", 3))); got != "a" {
		t.Errorf("two of one prompt: %q", got)
	}
	for name, c := range map[string]steer.Circuit{"two prompts": load("a", 2).Union(load("b", 3)), "and a given": load("a", 2).Union(pair), "given": pair} {
		if _, got, _, _ := referenceOf(t, c); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestCircuitSaysOneThing: neurons that a file names twice, in whatever spelling, and text that JSON cannot hold are mistakes.
func TestCircuitSaysOneThing(t *testing.T) {
	m := of("a", "go")
	for in, says := range map[string]string{
		`{"neurons": {"0,0,1": 1, "0,0,1": 2}}`:                           `"0,0,1" stands there twice`,
		`{"neurons": {"0,0,1": 1, "0, 0,1": 2}}`:                          "L0/N1 at position 0 stands there twice",
		`{"neurons": {"0,0,1": 1, "0,0,01": 1}}`:                          "L0/N1 at position 0 stands there twice",
		`{"neurons": {"0,0,1": 1, "0,+0,1": 1}}`:                          "L0/N1 at position 0 stands there twice",
		`{"neurons": {"0,0,1": 1}, "prompt": "a", "prompt": "b"}`:         `"prompt" stands there twice`,
		`{"neurons": {"0,0,1": 1}, "neurons": {"0,0,2": 1}}`:              `"neurons" stands there twice`,
		`{"neurons": {"0,0,1": 1}, "prompt": "a \ud800 b"}`:               `\ud800 is half of a character`,
		"{\"neurons\": {\"0,0,1\": 1}, \"target_token\": \"\xff\xfe\"}":   "not UTF-8",
		`{"neurons": {"0,0,1": 1e308}}`:                                   "the score of entry 0, L0/N1, is 1e+308",
		`{"neurons": {"0,0,1": 1e400}}`:                                   `"neurons" cannot be the number 1e400`,
		`{"neurons": {"0,99999999,1": 1}}`:                                "outside the model's context of",
		`{"neurons": []}`:                                                 "cannot be the array",
		`[1]`:                                                             "a single array where an object belongs",
		`null`:                                                            "neither a format",
		`{"format": 1}`:                                                   "changed after it was saved",
		`{"neurons": {"0,0,1": 1, "0,1,1": 2}, "prompt": "\ud83d\ude00"}`: "",
	} {
		c, err := m.LoadCircuit(t.Context(), fileOf(t, "c.json", []byte(in)))
		if says == "" {
			if src, _ := c.Source(); err != nil || src.Prompt != "😀" {
				t.Errorf("%s: %v, %+v", in, err, src)
			}
		} else if !errors.Is(err, steer.BadFile) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", in, err, says)
		}
	}
	_, b := savedCircuit(t, parisCircuit(t, m))
	twice := strings.Replace(string(b), `"unit": "logits",`, `"unit": "x", "unit": "logits",`, 1)
	if _, err := m.LoadCircuit(t.Context(), fileOf(t, "c.json", []byte(twice))); !errors.Is(err, steer.BadFile) || !strings.Contains(err.Error(), `"unit" stands there twice`) {
		t.Errorf("a field of our own format that stands there twice: %v", err)
	}
}
