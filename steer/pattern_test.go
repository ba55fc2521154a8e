package steer_test

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestPattern: the pattern of a layer is that part of what was captured, by head, query and key, whichever layers were captured.
func TestPattern(t *testing.T) {
	all := run(t, fake.Capture(france).From(steer.Attention))
	some := run(t, fake.Capture(france).From(steer.Attention).Layers(1, 2))
	x, H, T := all.Tensor(steer.Attention), all.Shape().Heads, len(all.Tokens())
	for _, layer := range []int{0, 1, 2, -1, -3} {
		l := (layer + 3) % 3
		p := all.Pattern(layer)
		heads := p.Attention()
		if len(heads) != H || len(p.Labels()) != T || p.Labels()[4] != " France" || p.Name() != []string{"Layer 0", "Layer 1", "Layer 2"}[l] {
			t.Fatalf("%s: %d heads over %q", p.Name(), len(heads), p.Labels())
		}
		again := some.Pattern(layer).Attention()
		if (len(again) == 0) != (l == 0) {
			t.Fatalf("layer %d of layers 1 and 2 has %d heads", l, len(again))
		}
		for h := range H {
			for q := range T {
				for k := range T {
					want := float64(x.Data[((l*H+h)*T+q)*T+k])
					if heads[h][q][k] != want || l > 0 && again[h][q][k] != want {
						t.Fatalf("layer %d, head %d, query %d, key %d: %g, want %g", l, h, q, k, heads[h][q][k], want)
					}
				}
			}
		}
	}
	for _, a := range []steer.Activations{{}, run(t, fake.Capture(france).From(steer.Residual))} {
		if n := len(a.Pattern(0).Attention()) + len(a.Pattern(7).Attention()); n != 0 {
			t.Errorf("%d heads were not captured", n)
		}
	}
}
