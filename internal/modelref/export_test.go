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

// Forget makes f take the state that its files have now for the one that they had when they were opened, as if they had
// changed within the resolution of the clock.
func (f *Files) Forget(t *testing.T) {
	for _, w := range f.weights {
		st, err := w.file.Stat()
		if err != nil {
			t.Fatal(err)
		}
		w.opened = stateOf(st)
	}
}
