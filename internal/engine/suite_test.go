package engine

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestEngine holds the engine to the suite that every implementation passes.
func TestEngine(t *testing.T) {
	for name, opt := range layouts {
		t.Run(name, func(t *testing.T) {
			steertest.TestEngine(t, func(t *testing.T) steer.Engine { return openModel(t, "teaching", opt) })
		})
	}
	t.Run("random", func(t *testing.T) {
		steertest.TestEngine(t, func(t *testing.T) steer.Engine { return openRandom(t, small(), Options{}) })
	})
}
