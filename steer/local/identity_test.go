//go:build cgo

package local_test

import (
	"context"
	"errors"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// TestAnotherModelsCircuitLoadsNothing: a circuit that was made on another model is refused by the digests alone.
func TestAnotherModelsCircuitLoadsNothing(t *testing.T) {
	t.Setenv("NEURONSTEER_STORE", t.TempDir())
	m, err := local.Open(t.Context(), "teaching")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = local.Close(m) }()
	id, ok := m.Runner().(interface {
		Identity(context.Context) (steer.Identity, error)
	})
	if !ok {
		t.Fatal("the model cannot be told without being loaded")
	}
	own, err := id.Identity(t.Context())
	if err != nil || own.Model == "" {
		t.Fatalf("%+v, %v", own, err)
	}
	s, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Generate("The capital of France is").MaxTokens(2).Ablate(s.TopK(2)).Run(t.Context()); err != nil {
		t.Errorf("a circuit of the model itself: %v", err)
	}
	other := steer.New("other", known{identity: steer.Identity{Model: "0123456789abcdef"}, t: t})
	if _, err := other.Generate("The capital of France is").Ablate(s.TopK(2)).Run(t.Context()); !errors.Is(err, steer.ModelMismatch) {
		t.Errorf("a circuit of another model: %v", err)
	}
}

// known is a runner that must not be asked to run anything.
type known struct {
	identity steer.Identity
	t        *testing.T
}

func (k known) Identity(context.Context) (steer.Identity, error) { return k.identity, nil }

func (k known) Run(context.Context, steer.Request, func(steer.Event)) (steer.Record, error) {
	k.t.Error("something was run")
	return steer.Record{}, nil
}
