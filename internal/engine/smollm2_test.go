//go:build smollm2

package engine

import (
	"testing"
)

// TestSmolLM2 compares the engine with the golden data of SmolLM2-135M. It needs the published model, so it is built on
// request: neuronsteer pull smollm2, then go test -tags smollm2 -run SmolLM2 ./internal/engine
func TestSmolLM2(t *testing.T) {
	checkGolden(t, openModel(t, "smollm2", Options{}), "../../testdata/golden/smollm2")
}
