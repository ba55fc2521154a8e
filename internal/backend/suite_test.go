package backend

import (
	"testing"

	"github.com/gomlx/compute/support/backendtest"
)

// The suite of package compute for every backend. It leaves out what Capabilities does not list.
func TestSuite(t *testing.T) { backendtest.RunAll(t, ours(t, 2), nil) }
