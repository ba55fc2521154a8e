package engine

import (
	"math"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestTeachingGolden compares the engine with what the training code's own implementation computed for the teaching model.
func TestTeachingGolden(t *testing.T) {
	const dir = "../../testdata/teaching/golden/"
	var g struct {
		Tolerance struct{ LogitsAbs, MetricAbs, RelevanceAbs, OtherRelativeToLargest float64 }
		Cases     map[string]struct {
			TargetID       int32 `json:"target_id"`
			VersusID       int32 `json:"versus_id"`
			Metric         float64
			Circuit        [][]int
			AblatedMetric  float64 `json:"ablated_metric"`
			DoubledMetric  float64 `json:"doubled_metric"`
			Greedy, Prompt string
		}
	}
	readJSON(t, dir+"golden.json", &g)
	arrays := openTensors(t, dir+"golden.safetensors")
	e := openModel(t, "teaching", Options{})
	floats := func(name string) []float32 {
		x, err := arrays.Float32(name)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	ints := func(name string) []int32 {
		x, err := arrays.Int64(name)
		if err != nil {
			t.Fatal(err)
		}
		ids := make([]int32, len(x))
		for i, v := range x {
			ids[i] = int32(v)
		}
		return ids
	}
	if len(g.Cases) == 0 {
		t.Fatal("no cases")
	}
	for name, c := range g.Cases {
		t.Run(name, func(t *testing.T) {
			near := func(what string, got, want []float32, tol float64) {
				t.Helper()
				if d := largest(got, want); !(d <= tol) {
					t.Errorf("%s: %g away, tolerance %g", what, d, tol)
				}
			}
			ids := ints(name + "/ids")
			for rule, suffix := range map[seam.Rule][2]string{seam.RelP: {"/relevance", "/tokens"}, seam.Frozen: {"/frozen", "/frozen_tokens"}} {
				r, err := e.Attribute(t.Context(), seam.Attribution{IDs: [][]int32{ids}, Rule: rule,
					Terms: [][]seam.Term{{{Position: len(ids) - 1, Target: c.TargetID, Versus: c.VersusID}}}}, nil)
				if err != nil {
					t.Fatal(err)
				}
				near(suffix[0], r.Scores[0], floats(name+suffix[0]), g.Tolerance.RelevanceAbs)
				near(suffix[1], r.Tokens[0], floats(name+suffix[1]), g.Tolerance.RelevanceAbs)
				near("logits", r.Logits[0], floats(name+"/logits"), g.Tolerance.LogitsAbs)
				if d := math.Abs(float64(r.Metric[0]) - c.Metric); d > g.Tolerance.MetricAbs {
					t.Errorf("metric: %g away", d)
				}
				if d := residual(r, 0); d > 1e-4 {
					t.Errorf("conservation: residual %g of the largest term", d)
				}
			}
			f, err := e.Forward(t.Context(), seam.Forward{IDs: [][]int32{ids}, Capture: seam.Neurons}, nil)
			if err != nil {
				t.Fatal(err)
			}
			var last []float32 // [L,F]
			for l := range e.cfg.Layers {
				at := (l*len(ids) + len(ids) - 1) * e.cfg.Neurons
				last = append(last, f.Neurons[0][at:at+e.cfg.Neurons]...)
			}
			want, top := floats(name+"/neurons"), 0.
			for _, v := range want {
				top = max(top, math.Abs(float64(v)))
			}
			near("neurons", last, want, g.Tolerance.OtherRelativeToLargest*top)

			off, twice := goldenEdit(e.cfg, len(ids), c.Circuit, 0), goldenEdit(e.cfg, len(ids), c.Circuit, 2)
			for edit, x := range map[*seam.Edit]struct {
				name   string
				metric float64
			}{off: {"/ablated_logits", c.AblatedMetric}, twice: {"/doubled_logits", c.DoubledMetric}} {
				f, err := e.Forward(t.Context(), seam.Forward{IDs: [][]int32{ids}, Edit: edit}, nil)
				if err != nil {
					t.Fatal(err)
				}
				near(x.name, f.Logits[0], floats(name+x.name), g.Tolerance.LogitsAbs)
				m := float64(f.Logits[0][c.TargetID]) - float64(f.Logits[0][c.VersusID])
				if math.Abs(m-x.metric) > 2*g.Tolerance.LogitsAbs {
					t.Errorf("%s: metric %g, want %g", x.name, m, x.metric)
				}
			}
			greedy(t, e, ids, nil, goldenGreedy{ints(name + "/greedy"), 1}, g.Tolerance.LogitsAbs)
			greedy(t, e, ids, off, goldenGreedy{ints(name + "/ablated_greedy"), 1}, g.Tolerance.LogitsAbs)
		})
	}
}
