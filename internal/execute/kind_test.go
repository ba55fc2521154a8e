package execute

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// broken is an engine that panics.
type broken struct{ engine.Engine }

func (broken) Shape() engine.Shape { return engine.Shape{Layers: 1, Positions: 8, Vocab: 8} }
func (broken) Name() string        { return "broken" }

// TestPanicIsAMistake: a defect in one kind is a mistake of the task that shows it, with the place and without a stack.
func TestPanicIsAMistake(t *testing.T) {
	r := kind(func(context.Context, *env, message.TokensSettings) (any, tensors, error) {
		var none []int
		return none[3], nil, nil
	})
	_, err := r.run(t.Context(), &env{Engine: broken{}, emit: func(steer.Event) {}}, steer.Request{Kind: "tokens", Version: 1, Settings: []byte(`{"text":"a"}`)})
	if !errors.Is(err, engine.Internal) || !strings.Contains(err.Error(), "kind_test.go:") || strings.Contains(err.Error(), "goroutine") {
		t.Errorf("the panic shows as %v", err)
	}
}

// TestRows: every kind is one row under its own name, and its mistakes are named after its task.
func TestRows(t *testing.T) {
	for name, r := range kinds {
		if r.Name != name || r.Task == "" || r.Version < 1 {
			t.Errorf("row %q: %+v", name, r.Kind)
		}
		_, err := Run(t.Context(), broken{}, nil, steer.Request{Kind: name, Version: r.Version, Settings: []byte(`{"no such setting":1}`)}, nil)
		if !errors.Is(err, engine.BadRequest) || !strings.HasPrefix(err.Error(), r.Task+": ") || strings.Count(err.Error(), r.Task+": ") != 1 {
			t.Errorf("%s: a setting that no version knows gives %v", name, err)
		}
	}
}
