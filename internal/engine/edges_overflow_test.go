package engine

import (
	"errors"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestEdgesOverflow: edges whose numbers float32 does not hold, though those of the forward pass are finite, are a mistake, and
// nothing of them comes back.
func TestEdgesOverflow(t *testing.T) {
	e := openRandom(t, smol(), Options{})
	defer e.Close()
	ids := prompt(e.cfg, 5, 0)
	in := seam.Edges{IDs: ids, Sources: circuit200(e, 5)[:20], Metric: true, Terms: []seam.Term{{Position: 4, Target: 1, Versus: -1, Weight: 1}}, Rule: seam.RelP}
	if _, err := e.Edges(t.Context(), in, nil); err != nil {
		t.Fatal(err)
	}
	in.Terms[0].Weight = 3e38
	r, err := e.Edges(t.Context(), in, nil)
	if !errors.Is(err, seam.NotFinite) || r.Weights != nil || r.Value != nil {
		t.Errorf("%v, %d edges", err, len(r.Weights))
	}
}
