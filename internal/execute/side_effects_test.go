package execute

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// TestDivergence: two distributions whose divergence is known.
func TestDivergence(t *testing.T) {
	ln := func(ps ...float64) (out []float32) {
		for _, p := range ps {
			out = append(out, float32(math.Log(p)+3)) // logits are defined up to a constant
		}
		return out
	}
	p := append(ln(.5, .5), ln(.9, .1)...) // [2,2]
	q := append(ln(.25, .75), ln(.9, .1)...)
	kl, nll := divergence(p, q, []int32{0, 1})
	near(t, "KL", kl, .5*math.Log(.5/.25)+.5*math.Log(.5/.75), 1e-6)
	near(t, "−log q(1)", nll, -math.Log(.75), 1e-6)
	kl, nll = divergence(p, p, []int32{1, 0})
	near(t, "KL of itself", kl, 0, 1e-12)
	near(t, "−log p(0)", nll, -math.Log(.5), 1e-6)
}

func TestLogSum(t *testing.T) {
	near(t, "large logits", message.LogSum([]float32{1000, 1000}), 1000+math.Log(2), 1e-9)
	near(t, "small logits", message.LogSum([]float32{-1000, -1000, -1000}), -1000+math.Log(3), 1e-9)
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: %v, want %v within %v", what, got, want, within)
	}
}
