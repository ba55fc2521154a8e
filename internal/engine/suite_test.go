package engine

import (
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestEngine is the compliance suite, on a trained model and on one with every irregularity, in both layouts, and as long
// prompts are computed.
func TestEngine(t *testing.T) {
	t.Run("teaching", func(t *testing.T) {
		steertest.TestEngine(t, func(t *testing.T) seam.Engine { return openModel(t, "teaching", Options{}) })
	})
	t.Run("random long", func(t *testing.T) {
		steertest.TestEngine(t, func(t *testing.T) seam.Engine { return asLong(openRandom(t, small(), Options{})) })
	})
	for name, opt := range map[string]Options{"one": {Copies: One}, "two": {Copies: Two}} {
		t.Run("random "+name, func(t *testing.T) {
			steertest.TestEngine(t, func(t *testing.T) seam.Engine { return openRandom(t, small(), opt) })
		})
	}
}
