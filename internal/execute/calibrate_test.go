package execute

import (
	"errors"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestCheckBase: texts whose unsteered predictions are too large to keep are refused before any is run.
func TestCheckBase(t *testing.T) {
	if err := checkBase(3, baseBytes); err != nil {
		t.Error(err)
	}
	if err := checkBase(3, baseBytes+1); !errors.Is(err, engine.BadSetting) {
		t.Error(err)
	}
}
