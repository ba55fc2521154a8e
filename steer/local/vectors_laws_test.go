//go:build cgo

package local_test

import (
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// vectorModels are a trained model and a random one, each with pairs for a control vector and a prompt of another kind.
var vectorModels = map[string]struct {
	pairs  []steer.Pair
	prompt string
}{
	"teaching": {[]steer.Pair{{Positive: "I loved the film. It was", Negative: "I hated the film. It was"},
		{Positive: "We enjoyed the song. It was", Negative: "We disliked the song. It was"}}, "They hated the meal. It was"},
	"../../testdata/golden/tiny-llama": {[]steer.Pair{{Positive: "She loved the table", Negative: "He hated the floor"}}, "The keys to the cabinet"},
}

// TestLawsOfVectors holds the engine to the laws of vectors, on a trained model and on a random one.
func TestLawsOfVectors(t *testing.T) {
	for ref, c := range vectorModels {
		t.Run(ref, func(t *testing.T) {
			m := engineOf(t, ref)
			plain := run(t, m.Predict(c.prompt)).Logits()
			logits := func(is ...steer.Intervention) []float32 { return run(t, m.Predict(c.prompt).With(is...)).Logits() }
			for _, space := range []steer.Site{steer.Residual, steer.MLP, steer.MLPNeurons} {
				v := run(t, m.ControlVector(steer.NewPairs(c.pairs...)).From(space))
				mid := v.Layers(1, v.Shape().Layers-1)
				moved := logits(steer.AddVector(mid, 1))
				if apart(plain, moved) < .01 {
					t.Errorf("%s: the vector changes nothing, so this test shows nothing", space)
				}
				for name, i := range map[string]steer.Intervention{"v − v": steer.AddVector(v.Sub(v), 1), "v·0": steer.AddVector(v, 0),
					"new text": steer.AddVector(v, 9).GeneratedOnly()} {
					if !slices.Equal(plain, logits(i)) {
						t.Errorf("%s: %s changes a prediction", space, name)
					}
				}
				most := 0.
				for _, x := range plain {
					most = max(most, float64(max(x, -x)))
				}
				if d := apart(moved, logits(steer.AddVector(mid, .25), steer.AddVector(mid.Scale(.75), 1))); d > 1e-5*most {
					t.Errorf("%s: ¼v and ¾v are %v from v", space, d)
				}
				if ref == "teaching" {
					cached(t, m, c.prompt, steer.AddVector(mid, .5))
				}
			}
		})
	}
}

// cached holds decoding with kept keys and values against reading everything again for each token.
func cached(t *testing.T, m *steer.Model, prompt string, i steer.Intervention) {
	t.Helper()
	g := run(t, m.Generate(prompt).MaxTokens(6).With(i))
	ids := run(t, m.Tokens(prompt)).IDs()
	for _, k := range g.Tokens() {
		if again := run(t, m.Tokens(prompt)).IDs(); !slices.Equal(again, ids) {
			t.Fatalf("%q is read as %v, it was made as %v", prompt, again, ids)
		}
		if top := run(t, m.Predict(prompt).With(i)).Top()[0]; top.ID != k.ID {
			t.Errorf("after %q the model predicts %q, the generation has %q", prompt, top.Text, k.Text)
		}
		prompt, ids = prompt+k.Text, append(ids, k.ID)
	}
	if len(g.Tokens()) < 2 {
		t.Errorf("%q is too short to show anything", g.Text())
	}
}
