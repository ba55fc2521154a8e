//go:build cgo

package local_test

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// TestCalibrateTeaching: on a trained model the strength that is found is within the budget by no more than a twentieth of
// it, by twelve passes at most, and a sweep at that strength has the same side effects; a target is met as closely.
func TestCalibrateTeaching(t *testing.T) {
	r, err := local.NewRunner("teaching")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	m := steer.New("teaching", r)
	plural, err := m.Attribute("The students above the chairs").Target(" are").Versus(" is").Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v, err := m.ControlVector(steer.NewPairs(steer.Pair{Positive: "I loved the film", Negative: "I hated the film"})).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	circuit := plural.Positive().TopK(20)
	texts := []string{"I watched the film. It was good.", "The sky is blue.", "The keys are here"}
	for name, i := range map[string]steer.Intervention{"up": steer.Scale(circuit, 2), "ablated": steer.Ablate(circuit), "vector": steer.AddVector(v, .5), "added": steer.AddTo(circuit, 1)} {
		for _, budget := range []float64{.001, .01, .1} {
			c, err := m.Calibrate(i).KL(budget).On(texts...).Run(t.Context())
			if err != nil {
				t.Fatal(name, err)
			}
			if got := c.Value().Value; !c.Found() || got > budget || got < .95*budget || len(c.Steps()) > 12 {
				t.Errorf("%s, %v nats: %v", name, budget, c)
			}
			if s := c.Strength(); s.Lo > s.Value || s.Hi < s.Value || s.Lo == s.Hi || s.N != len(texts) {
				t.Errorf("%s, %v nats: the interval is %+v", name, budget, s)
			}
			if name != "up" && name != "ablated" {
				continue
			}
			dose, err := m.Sweep(circuit, c.Strength().Value).On("The keys").Measure(" are", " is").SideEffects(texts...).Continue(0).Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if want := dose.SideEffects()[0].Divergence.Value; math.Abs(c.Value().Value-want) > 1e-4*want+1e-9 {
				t.Errorf("%s: a sweep at ×%v has %v nats, the calibration %v", name, c.Strength().Value, want, c.Value().Value)
			}
		}
	}
	set := steer.NewExamples(steer.Example{Prompt: "The keys", Target: " are", Versus: " is"}, steer.Example{Prompt: "The drivers by the queen", Target: " are", Versus: " is"})
	c, err := m.Calibrate(steer.Ablate(circuit)).Target(0).OnExamples(set).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	from := c.Steps()[0].Value.Value
	if !c.Found() || math.Abs(c.Value().Value) > .05*math.Abs(from) || len(c.Steps()) > 12 {
		t.Errorf("from %v to 0: %v", from, c)
	}
	at, err := m.Sweep(circuit, c.Strength().Value).OnExamples(set).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := at.Doses()[0].Difference.Value; math.Abs(want-c.Value().Value) > 1e-3 {
		t.Errorf("a sweep at ×%v gives %v, the calibration %v", c.Strength().Value, want, c.Value().Value)
	}
}
