package store_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestRunner holds a memo to the contract of a Runner: whoever calls it cannot tell a file from a computation.
func TestRunner(t *testing.T) {
	fake := steertest.NewModel()
	identity := func(ctx context.Context) (steer.Identity, error) {
		q, err := fake.Info().Request()
		if err != nil {
			return steer.Identity{}, err
		}
		rec, err := fake.Runner().Run(ctx, q, nil)
		return rec.Header.Identity, err
	}
	dir, err := os.MkdirTemp("", "store") //nolint:usetesting // t.TempDir fails where something is still writing
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // what was canceled may still be writing
		for range 100 {
			if err = os.RemoveAll(dir); err == nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Error(err)
	})
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s.Check = steer.Record.Check // as in the product: it must let every kind of record pass
	steertest.TestRunner(t, func(*testing.T) *steer.Model {
		return steer.New("fake", store.Memo(fake.Runner(), s, identity))
	}, steertest.FakePrompts())
}
