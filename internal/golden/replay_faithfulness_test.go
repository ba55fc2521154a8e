package golden

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// ablated names what an edit sets neurons to, and which.
func ablated(e *engine.Edit) string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprint(&b, e.T)
	for i, s := range e.Scale {
		if s == 0 {
			x := float32(0)
			if e.Add != nil {
				x = e.Add[i]
			}
			fmt.Fprintf(&b, " %d=%.4g", i, x)
		}
	}
	return b.String()
}

// Variants answers with the metric that the file has for a pass.
func (r *replay) Variants(_ context.Context, ids [][]int32, edits []*engine.Edit, tokens []int32, each func(int, int, []float32) error, _ func(int, int)) error {
	for k, e := range edits {
		metric, ok := r.curves[ablated(e)]
		if !ok {
			return errors.New("no such pass is recorded")
		}
		for i, p := range ids {
			v := make([]float32, r.shape.Vocab)
			target, ok := r.targets[fmt.Sprint(p)]
			if !ok {
				return fmt.Errorf("no metric of %v is recorded", p)
			}
			v[target] = float32(metric)
			if len(tokens) > 0 {
				some := make([]float32, len(tokens))
				for j, t := range tokens {
					some[j] = v[t]
				}
				v = some
			}
			if err := each(k, i, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// recordedCurves is the part of the manifest that says how faithful a ranking is.
type recordedCurves struct {
	IDs, PatchIDs [][]int32
	Terms         [][][3]int32
	Curves        map[string]struct {
		Full, Empty float64
		Rows        []struct {
			Units               int
			Circuit, Complement float64
		}
	}
}

// faithfulness records the passes of the curves: activations are invented, the patch prompts' alone being known by the
// positions that they have.
func (r *replay) faithfulness(t testing.TB, s *tensorfile.File, c recordedCurves) {
	t.Helper()
	flat := integers(t, s, "faithfulness.ranked")
	L, F, T := r.shape.Layers, r.shape.Neurons, len(c.IDs[0])
	h := make([]float32, L*T*F)
	token := float32(0)
	for i := range h {
		h[i] = float32(1 + i/F%T)
	}
	for p := range T {
		token += float32(1+p) / float32(T)
	}
	for i, ids := range append(c.IDs, c.PatchIDs...) {
		r.forwards[fmt.Sprint(ids)] = recordedForward{logits: make([]float32, r.shape.Vocab), neurons: h}
		if i < len(c.Terms) {
			scores, x := make([]float32, L*T*F), c.Terms[i][0]
			for k := range len(flat) / 2 {
				scores[(int(flat[2*k])*T+1)*F+int(flat[2*k+1])] = float32(len(flat) - k)
			}
			terms := []engine.Term{{Position: int(x[0]), Target: x[1], Versus: x[2]}}
			r.passes[fmt.Sprint(ids, terms, engine.RelP, "")] = recordedPass{scores: scores, metric: c.Curves["zero"].Full}
			r.targets[fmt.Sprint(ids)] = x[1]
		}
	}
	for kind, curve := range c.Curves {
		rows := map[string]int{"position": T, "token": 1, "zero": 1}[kind]
		pass := func(units int, kept bool) string {
			first := make([]bool, L*F)
			for k := range units {
				first[int(flat[2*k])*F+int(flat[2*k+1])] = true
			}
			e := &engine.Edit{T: rows, Scale: ones(L * rows * F), Add: make([]float32, L*rows*F)}
			for i := range e.Scale {
				if unit := i/(rows*F)*F + i%F; first[unit] != kept {
					e.Scale[i] = 0
					switch kind {
					case "position":
						e.Add[i] = float32(1 + i/F%T)
					case "token":
						e.Add[i] = token
					}
				}
			}
			return ablated(e)
		}
		r.curves[""], r.curves[pass(0, true)] = curve.Full, curve.Empty
		for _, row := range curve.Rows {
			if row.Units > 0 {
				r.curves[pass(row.Units, true)], r.curves[pass(row.Units, false)] = row.Circuit, row.Complement
			}
		}
	}
	if math.Abs(float64(token)-float64(T+1)/2) > 1e-5 {
		t.Fatal("the mean over tokens is not that of the invented activations")
	}
}
