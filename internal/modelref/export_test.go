package modelref

import (
	"testing"
	"time"
)

// Settle makes files old enough for a sidecar after d instead of seconds.
func Settle(t *testing.T, d time.Duration) {
	before := settled
	settled = d
	t.Cleanup(func() { settled = before })
}
