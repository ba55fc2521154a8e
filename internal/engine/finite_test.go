package engine

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// scaled multiplies every neuron of one layer in the last of b prompts.
func scaled(c decoder.Config, b, layer int, by float32) *seam.Edit {
	e := &seam.Edit{B: b, T: 1, Scale: filled(b*c.Layers*c.Neurons, 1)}
	for i := range c.Neurons {
		e.Scale[((b-1)*c.Layers+layer)*c.Neurons+i] = by
	}
	return e
}

// TestOverflowNamesItsLayer: in every call, numbers beyond float32 are a mistake that names the layer and the prompt in
// which they first arose, also where the norm after them would make finite numbers of them.
func TestOverflowNamesItsLayer(t *testing.T) {
	e := openRandom(t, small(), Options{})
	c, ids := e.cfg, prompts(small().cfg, 4, 7)
	for _, by := range []float32{1e22, 1e30, 3e38} {
		for _, layer := range []int{0, 3, 4, 5, 10} {
			edit, one := scaled(c, 2, layer, by), scaled(c, 1, layer, by)
			for name, call := range map[string]struct {
				place seam.Place
				run   func() error
			}{
				"forward": {seam.Place{Layer: layer, Prompt: 1, Edit: -1}, func() error {
					_, err := e.Forward(t.Context(), seam.Forward{IDs: ids, Edit: edit}, nil)
					return err
				}},
				"attribute": {seam.Place{Layer: layer, Prompt: 1, Edit: -1}, func() error {
					_, err := e.Attribute(t.Context(), seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, Edit: edit}, nil)
					return err
				}},
				"variants": {seam.Place{Layer: layer, Prompt: 1, Edit: 2}, func() error {
					return e.Variants(t.Context(), ids, []*seam.Edit{nil, scaled(c, 1, 10, 2), edit}, nil, func(int, int, []float32) error { return nil }, nil)
				}},
				"decode": {seam.Place{Layer: layer, Edit: -1}, func() error {
					_, err := e.Decode(t.Context(), seam.Decoding{IDs: ids[0], Edit: one})
					return err
				}},
				"step": {seam.Place{Layer: layer, Edit: -1}, func() error {
					d, err := e.Decode(t.Context(), seam.Decoding{IDs: ids[0], Generated: one})
					if err != nil {
						t.Fatal(err)
					}
					defer d.Close()
					return d.Step(t.Context(), 1)
				}},
			} {
				err := call.run()
				var mistake *seam.Error
				if !errors.Is(err, seam.NotFinite) || !errors.As(err, &mistake) || mistake.Place == nil || *mistake.Place != call.place ||
					!strings.Contains(mistake.Hint, "multiplier") {
					t.Errorf("%s, layer %d times %g: %v", name, layer, by, err)
				}
			}
		}
	}
	if n := e.live.Load(); n != 0 {
		t.Errorf("%d tensors were not freed", n)
	}
	if _, err := e.Forward(t.Context(), seam.Forward{IDs: ids, Edit: scaled(c, 2, 3, 1e15)}, nil); err != nil {
		t.Error("numbers that float32 holds:", err)
	}
}

// TestDamagedWeights: a number that is not finite in the weights is found where it stands, and no multiplier is blamed.
func TestDamagedWeights(t *testing.T) {
	nan := float32(math.NaN())
	for name, says := range map[string]string{
		decoder.Up.TensorName(small().cfg, 6): "layer 6", decoder.Query.TensorName(small().cfg, 0): "layer 0", decoder.EmbedName: "the embedding",
		decoder.FinalNormName: "the output matrix", decoder.HeadName: "the output matrix",
	} {
		m := small()
		m.change = func(tensor string, w []float32) {
			if tensor == name {
				for i := range w {
					w[i] = nan
				}
			}
		}
		e := openRandom(t, m, Options{})
		_, err := e.Forward(t.Context(), seam.Forward{IDs: prompts(e.cfg, 4)}, nil)
		if !errors.Is(err, seam.NotFinite) || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "damaged") || strings.Contains(err.Error(), "multiplier") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestGradientOverflow: a gradient beyond float32 names the layer, though all activations are finite. The neuron's gate is 0,
// and so is its activation, whatever it is multiplied by; its slope is not.
func TestGradientOverflow(t *testing.T) {
	e := openRandom(t, small(), Options{})
	ids, edit := prompts(e.cfg, 4), scaled(e.cfg, 1, 6, 1)
	edit.Scale[6*e.cfg.Neurons] = 3e38
	var terms []seam.Term
	for range 1000 {
		terms = append(terms, lastTerm(ids)[0]...)
	}
	_, err := e.Attribute(t.Context(), seam.Attribution{IDs: ids, Terms: [][]seam.Term{terms}, Rule: seam.RelP, Edit: edit}, nil)
	var mistake *seam.Error
	if !errors.Is(err, seam.NotFinite) || !errors.As(err, &mistake) || mistake.Place == nil || mistake.Place.Layer != 5 {
		t.Error(err)
	}
}
