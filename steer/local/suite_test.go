//go:build cgo

package local_test

import (
	"os"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// prompts fit the teaching model.
var prompts = steertest.Prompts{
	Prompt: "The capital of France is", Other: "The capital of Italy is",
	Target: " Paris", Versus: " Rome", Split: " Zyxqv", NewTokens: 64,
}

// TestRunner holds the models of this package to the contract of a Runner: the bare one, and the one around a store.
func TestRunner(t *testing.T) {
	t.Run("bare", func(t *testing.T) {
		steertest.TestRunner(t, func(t *testing.T) *steer.Model {
			r, err := local.NewRunner("teaching")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { closed(t, r.Close()) })
			return steer.New("teaching", r)
		}, prompts)
	})
	t.Run("stored", func(t *testing.T) {
		t.Setenv("NEURONSTEER_STORE", storeFolder(t))
		steertest.TestRunner(t, func(t *testing.T) *steer.Model {
			m, err := local.Open(t.Context(), "teaching")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { closed(t, local.Close(m)) })
			return m
		}, prompts)
	})
}

// storeFolder is a folder that goes after the test. What was canceled may still be writing then.
func storeFolder(t *testing.T) string {
	dir, err := os.MkdirTemp("", "store") //nolint:usetesting // t.TempDir fails where something is still writing
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 100 {
			if err = os.RemoveAll(dir); err == nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Error(err)
	})
	return dir
}

func closed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("Close: %v", err)
	}
}
