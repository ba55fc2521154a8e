//go:build cgo

package local_test

import (
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestLawsOfConditions holds the engine to the laws of conditions and of directions that are taken out, on a trained model and on
// a random one.
func TestLawsOfConditions(t *testing.T) {
	for ref, c := range vectorModels {
		t.Run(ref, func(t *testing.T) {
			m := engineOf(t, ref)
			plain := run(t, m.Predict(c.prompt)).Logits()
			logits := func(is ...steer.Intervention) []float32 { return run(t, m.Predict(c.prompt).With(is...)).Logits() }
			text := func(is ...steer.Intervention) string {
				return run(t, m.Generate(c.prompt).MaxTokens(4).With(is...)).Text()
			}
			most := 0.
			for _, x := range plain {
				most = max(most, math.Abs(float64(x)))
			}
			for _, space := range []steer.Site{steer.Residual, steer.MLP, steer.MLPNeurons} {
				v := run(t, m.ControlVector(steer.NewPairs(c.pairs...)).From(space))
				late := v.Layers(1, -1) // a condition of layer 0 is known
				for name, i := range map[string]steer.Intervention{"vector": steer.AddVector(late, 1), "neurons": steer.Ablate(steer.Neurons("L1/N0", "L1/N1", "L1/N2", "L1/N3"))} {
					for k := range 4 {
						scoped := func(i steer.Intervention) steer.Intervention {
							if k&1 != 0 {
								i = i.GeneratedOnly()
							}
							return i
						}
						when := func(above float64) steer.Intervention {
							i := scoped(i.When(v.Layers(0, 0), above))
							if k&2 != 0 {
								i = i.ByPrompt()
							}
							return i
						}
						if never := when(1e6); !slices.Equal(plain, logits(never)) || text(never) != text() {
							t.Errorf("%s, %s, %d: a condition that never holds is an intervention", space, name, k)
						}
						if at, always := scoped(i), when(-1e6); !slices.Equal(logits(at), logits(always)) || text(at) != text(always) {
							t.Errorf("%s, %s, %d: a condition that always holds is one", space, name, k)
						}
					}
				}
				if _, err := m.Predict(c.prompt).With(steer.AddVector(v.Layers(0, 0), 1).When(v.Layers(1, 1), 0)).Run(t.Context()); err == nil {
					t.Errorf("%s: what acts before its condition is known is taken", space)
				}
				out := steer.ProjectOut(v, 1)
				if space == steer.MLPNeurons {
					if _, err := m.Predict(c.prompt).With(out).Run(t.Context()); err == nil {
						t.Error("a direction of neurons is taken out")
					}
					continue
				}
				once := logits(out)
				if apart(plain, once) < 1e-3*most {
					t.Errorf("%s: taking the direction out changes nothing, so this test shows nothing", space)
				}
				for name, d := range map[string]float64{"twice is once": apart(once, logits(out, out)), "the length does not matter": apart(once, logits(steer.ProjectOut(v.Scale(-7), 1))),
					"half and then the other half, which is what is left, is all": apart(once, logits(steer.ProjectOut(v, .5), out)),
					"mirrored twice is nothing":                                   apart(plain, logits(steer.ProjectOut(v, 2), steer.ProjectOut(v, 2)))} {
					if !(d <= 1e-5*most) {
						t.Errorf("%s, %s: %g away", space, name, d)
					}
				}
				for name, i := range map[string]steer.Intervention{"v·0": steer.ProjectOut(v, 0), "v − v": steer.ProjectOut(v.Sub(v), 1), "new text": out.GeneratedOnly()} {
					if !slices.Equal(plain, logits(i)) {
						t.Errorf("%s, %s: changes a prediction", space, name)
					}
				}
				inside := run(t, m.Capture(c.prompt).From(space).With(out))
				for l := range v.Shape().Layers {
					u := v.Normalize().Layer(l)
					for p := range len(inside.Tokens()) {
						along, size := 0., 0.
						for k, x := range inside.Row(space, l, p) {
							along, size = along+float64(x)*float64(u[k]), size+float64(x)*float64(x)
						}
						if !(math.Abs(along) <= 1e-5*math.Sqrt(size)) {
							t.Errorf("%s, layer %d, position %d: %g of %g is left of the direction", space, l, p, along, math.Sqrt(size))
						}
					}
				}
				if ref == "teaching" {
					cached(t, m, c.prompt, out)
					cached(t, m, c.prompt, steer.AddVector(late, .5).When(v.Layers(0, 0), 0))
				}
			}
		})
	}
}
