package steer_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// silent is a tokenizer that has no token for soft hyphens, as those that normalize have none.
type silent struct{ engine.Tokenizer }

func (s silent) Encode(text string, how engine.Encoding) ([]engine.Token, error) {
	return s.Tokenizer.Encode(strings.ReplaceAll(text, "\u00ad", ""), how)
}

// TestAnswerWithoutTokens: an answer of which a tokenizer leaves nothing is a mistake that says so.
func TestAnswerWithoutTokens(t *testing.T) {
	m := steertest.ModelOf(steertest.NewEngine(), silent{steertest.NewText()})
	_, err := m.Attribute(france).TargetText("\u00ad").Run(t.Context())
	if !errors.Is(err, engine.NotOneToken) || !strings.Contains(err.Error(), "has no token in this vocabulary") {
		t.Error(err)
	}
}

// TestTargetAtTheBoundary: a target, or an answer, that the tokenizer would read as one with the prompt's end carries a warning; one
// that it reads apart does not.
func TestTargetAtTheBoundary(t *testing.T) {
	for name, c := range map[string]struct {
		task steer.AttributeTask
		want bool
	}{
		"a target apart":        {fake.Attribute("The capital of").Target(" Italy"), false},
		"a target merged":       {fake.Attribute("The capital of Ital").Target("y"), true},
		"inside, apart":         {fake.Attribute("The capital of Ital").Target(" of").At(2), false},
		"an answer apart":       {fake.Attribute("The capital of").TargetText(" Italy."), false},
		"an answer merged":      {fake.Attribute("The capital of Ital").TargetText("y."), true},
		"at several, not known": {fake.Attribute("The capital of Ital").Target("y").At(1, 2), false},
	} {
		warned := false
		for _, w := range run(t, c.task).Warnings() {
			warned = warned || w.Code == "boundary" && strings.Contains(w.Text, `" Italy"`)
		}
		if warned != c.want {
			t.Errorf("%s: warned %v", name, warned)
		}
	}
}
