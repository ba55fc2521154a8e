package engine

import (
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestEngine is the compliance suite, on a trained model and on one with every irregularity, on every backend, and as long
// prompts are computed.
func TestEngine(t *testing.T) {
	t.Run("teaching", func(t *testing.T) {
		steertest.TestEngine(t, func(t *testing.T) seam.Engine { return openModel(t, "teaching", Options{}) })
	})
	t.Run("random long", func(t *testing.T) {
		steertest.TestEngine(t, func(t *testing.T) seam.Engine { return asLong(openRandom(t, small(), Options{})) })
	})
	t.Run("every part", func(t *testing.T) {
		m := small()
		m.cfg = withEverything(m.cfg)
		steertest.TestEngine(t, func(t *testing.T) seam.Engine { return openRandom(t, m, Options{}) })
	})
	for _, name := range Backends {
		t.Run("random "+name, func(t *testing.T) {
			steertest.TestEngine(t, func(t *testing.T) seam.Engine { return openRandom(t, small(), Options{Backend: name}) })
		})
	}
}

// TestFamiliesSuite is the compliance suite on a random model of each family.
func TestFamiliesSuite(t *testing.T) {
	for name, m := range families(11) {
		if testing.Short() && name != "gemma3" && name != "granite" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			steertest.TestEngine(t, func(t *testing.T) seam.Engine { return openRandom(t, m, Options{}) })
		})
	}
}
