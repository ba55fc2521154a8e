package server

import (
	"errors"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A process that has no room to work in says so before anybody asks it anything.
func TestServeRefusesToBeginWithoutMemory(t *testing.T) {
	if err := enough(6<<20, "ulimit -v", true); !errors.Is(err, engine.TooLarge) || !strings.Contains(err.Error(), "ulimit -v") {
		t.Error(err)
	}
	if err := errors.Join(enough(least, "ulimit -v", true), enough(0, "", false)); err != nil {
		t.Error(err)
	}
}
