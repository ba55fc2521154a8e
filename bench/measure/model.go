package measure

import (
	"context"
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// DefaultModel is what the published figures are of.
const DefaultModel = "smollm2-135m-instruct"

// A Model is loaded and has no store around it: everything asked of it is computed.
type Model struct {
	*steer.Model
	*local.Loaded

	runner *local.Runner
}

// Open loads a model.
func Open(ctx context.Context, ref string) (*Model, error) {
	r, err := local.NewRunner(ref)
	if err != nil {
		return nil, err
	}
	l, err := r.Loaded(ctx)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return &Model{steer.New(ref, r), l, r}, nil
}

// Close frees the model.
func (m *Model) Close() error { return m.runner.Close() }

// Prompts have 8 to 16 tokens of SmolLM2.
var Prompts = []string{
	"The capital of the country of France is",
	"The keys to the old wooden cabinet in the hall",
	"When Mary and John went to the store, John gave a drink to",
	"I loved the film because the acting was really",
	"The opposite of the word hot is the word",
	"Monday, Tuesday, Wednesday, Thursday and then",
	"The largest ocean on the whole of Earth is the",
	"She opened the door very slowly and then she saw that there was",
}

// Two ids of SmolLM2; any two cost the same.
const (
	Target = 7042 // " Paris"
	Versus = 4528 // " London"
)

// CheckPrompts checks that the prompts have the lengths that the tables speak of.
func (m *Model) CheckPrompts(ctx context.Context) error {
	for _, p := range Prompts {
		ts, err := m.Tokens(p).Run(ctx)
		if err != nil {
			return err
		}
		if n := len(ts.IDs()); n < 8 || n > 16 {
			return fmt.Errorf("the prompt %q has %d tokens, not 8 to 16", p, n)
		}
	}
	return nil
}
