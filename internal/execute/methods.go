package execute

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runMethods scores a behavior by every method, ablates as many of each one's neurons beside random ones, and ablates a sample of
// neurons one by one, which says what the scores are to foretell. All but the last are requests of their own.
func runMethods(ctx context.Context, e *env, s message.MethodsSettings) (any, tensors, error) {
	methods, err := scoreMethods(ctx, e, s)
	if err != nil {
		return nil, nil, err
	}
	b := message.MethodsBody{Shape: e.Shape(), Found: len(s.Behavior.Examples), Size: s.Size, Controls: s.Controls, Seed: s.Seed}
	exact, err := ablateEach(ctx, e, s, &b)
	if err != nil {
		return nil, nil, err
	}
	var base, ablated, profile, scores []float32
	for _, m := range methods {
		b.Methods, b.Circuits = append(b.Methods, m.name), append(b.Circuits, m.circuit)
		profile, scores = append(profile, m.profile(e.Shape())...), append(scores, m.of(e.Shape(), b.Exact)...)
	}
	for _, method := range slices.Backward(methods) { // the random one, which is never empty, first
		lost, own := []float32{}, method
		if len(own.circuit) > 0 {
			body, ts, err := part[message.SweepBody](ctx, e, own.name, sweepOf(s, own.circuit))
			if err != nil {
				return nil, nil, err
			}
			b.Cases, base, lost = body.Cases, ts["unsteered"].Data[:len(body.Cases)], ts["difference"].Data
		} else {
			e.warn(engine.Warning{Code: "empty", Text: fmt.Sprintf("%s finds no neuron: its scores are all zero or below, as where the differences of pairs go either way and cancel", own.name)})
			for range 1 + s.Controls {
				lost = append(lost, base...)
			}
		}
		ablated = append(slices.Clone(lost), ablated...)
	}
	M, N, E := len(methods), len(b.Cases), len(b.Exact)
	return b, tensors{
		"base": {Shape: []int{N}, Data: base}, "ablated": {Shape: []int{M, 1 + s.Controls, N}, Data: ablated}, "profile": {Shape: []int{M, b.Shape.Layers}, Data: profile},
		"scores": {Shape: []int{M, E}, Data: scores}, "exact": {Shape: []int{b.Found, E}, Data: exact},
	}, nil
}

// A scored is what a method says of every neuron.
type scored struct {
	name    string
	totals  []float64       // Σ_t score [L·F]
	circuit []engine.Neuron // the strongest in favor, strongest first
}

// newScored reads the scores of a method.
func newScored(name string, s steer.Scores, size int) scored {
	shape := s.Shape()
	out := scored{name: name, totals: make([]float64, shape.Layers*shape.Neurons)}
	for _, x := range s.TopK(math.MaxInt).Entries() {
		out.totals[x.Layer*shape.Neurons+x.Index] = x.Score
	}
	for _, x := range s.Positive().TopK(size).Entries() {
		out.circuit = append(out.circuit, x.Neuron)
	}
	return out
}

// profile returns the share of Σ|score| in every layer [L].
func (m scored) profile(shape engine.Shape) []float32 {
	out, total := make([]float64, shape.Layers), 0.
	for i, x := range m.totals {
		out[i/shape.Neurons] += math.Abs(x)
		total += math.Abs(x)
	}
	shares := make([]float32, shape.Layers)
	for l, x := range out {
		if total > 0 {
			shares[l] = float32(x / total)
		}
	}
	return shares
}

// of returns the scores of some neurons.
func (m scored) of(shape engine.Shape, ns []engine.Neuron) []float32 {
	out := make([]float32, len(ns))
	for i, n := range ns {
		out[i] = float32(m.totals[n.Layer*shape.Neurons+n.Index])
	}
	return out
}

// scoreMethods runs every method.
func scoreMethods(ctx context.Context, e *env, s message.MethodsSettings) (out []scored, err error) {
	task := steer.BehaviorTask{}.LastPositions(s.View.Last)
	if s.View.SkipFirst {
		task = task.SkipFirst()
	}
	if s.View.KeepBOS {
		task = task.KeepBOS()
	}
	rules := []struct {
		name string
		rule engine.Rule
	}{{"RelP", engine.RelP}, {"Frozen", engine.Frozen}, {"Gradient", engine.Gradient}}
	if s.Steps > 0 {
		rules = append(rules, struct {
			name string
			rule engine.Rule
		}{"integrated gradients", engine.IntegratedGradients(s.Steps)})
	}
	for _, r := range rules {
		ask := s.Behavior
		ask.Rule = r.rule
		rec, err := partRecord(ctx, e, r.name, ask)
		if err != nil {
			return nil, err
		}
		out = append(out, newScored(r.name, task.Result(func() steer.Record { return rec }).Mean(), s.Size))
	}
	if len(s.Pairs) > 0 {
		rec, err := partRecord(ctx, e, "contrast", message.ContrastSettings{Pairs: s.Pairs, Edits: s.Behavior.Edits})
		if err != nil {
			return nil, err
		}
		out = append(out, newScored("contrast", steer.ContrastTask{}.Result(func() steer.Record { return rec }), s.Size))
		parts, err := decomposedVector(ctx, e, s)
		if err != nil {
			return nil, err
		}
		out = append(out, newScored("control vector", parts, s.Size))
	}
	return append(out, newScored("random", steer.Random(e.Shape(), s.Seed), s.Size)), nil
}

// decomposedVector scores the neurons by their projection on the control vector of the pairs, the difference of means of the residual
// stream.
func decomposedVector(ctx context.Context, e *env, s message.MethodsSettings) (steer.Scores, error) {
	rec, err := partRecord(ctx, e, "control vector", message.ControlVectorSettings{Pairs: s.Pairs, Space: engine.Residual, Hi: -1, Method: message.MeanDiff, Edits: s.Behavior.Edits})
	if err != nil {
		return steer.Scores{}, err
	}
	v := steer.ControlVectorTask{}.Result(func() steer.Record { return rec })
	task := steer.New("", nil).Decompose(v).Greedy(0)
	q, err := task.Request()
	if err != nil {
		return steer.Scores{}, err
	}
	parts, err := e.parts.Run(ctx, q, e.within("projection"))
	if err != nil {
		return steer.Scores{}, err
	}
	return task.Result(func() steer.Record { return parts }).Scores, nil
}

// sweepOf asks what ablating a circuit does to the tested examples, and what ablating as many random neurons does.
func sweepOf(s message.MethodsSettings, circuit []engine.Neuron) message.SweepSettings {
	sorted := slices.SortedFunc(slices.Values(circuit), message.ByPlace)
	return message.SweepSettings{Neurons: sorted, Multipliers: []float64{0}, Cases: s.Tested, Controls: s.Controls, Seed: s.Seed, Edits: s.Behavior.Edits}
}
