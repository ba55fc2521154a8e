package engine

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// openModel loads a model by name or path onto an engine that ends with the test.
func openModel(t testing.TB, name string, opt Options) *Engine {
	t.Helper()
	ref, err := modelref.Resolve(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := checkpoint.Open(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	e, err := New(t.Context(), decoder.FromCheckpoint(m.Config), m, opt, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// goldenFile is the part of golden.json that concerns an engine.
type goldenFile struct {
	Prompts []struct {
		IDs          []int32
		Target       struct{ ID int32 }
		Terms        [][3]int32
		Metric       float64
		TargetLogit  float64
		Conservation struct{ FullAttention, FrozenAttention, BiasFrozen float64 }
		Greedy       goldenGreedy
		Steer        []struct {
			Factor  float32
			Neurons [][]int
			Metric  float64
			Logits  string
			Greedy  *goldenGreedy
		}
		Arrays map[string]string
	}
	Contrast struct {
		PositiveIDs, NegativeIDs [][]int32
		Layer                    int
		Arrays                   map[string]string
	}
	Added struct {
		IDs      []int32
		Layer    int
		Strength float32
		Arrays   map[string]string
	}
	Tolerance struct{ LogitsAbs, HRelL2, AttributionRelL2, AttributionAbs, MetricAbs, ConservationRel float64 }
}

type goldenGreedy struct {
	IDs            []int32
	SmallestMargin float64
}

func readJSON(t testing.TB, path string, v any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(path, err)
	}
}

func openTensors(t testing.TB, path string) *tensorfile.File {
	t.Helper()
	f, err := tensorfile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// tested are the backends that golden data are compared on: all that are built in, and XLA where it is built in and
// NEURONSTEER_TEST_XLA names a plugin: go test -tags xla.
func tested() (all []Options) {
	for _, name := range Backends {
		all = append(all, Options{Backend: name})
	}
	if path := os.Getenv("NEURONSTEER_TEST_XLA"); path != "" && HasPlugin("xla") {
		all = append(all, Options{Backend: "xla", Plugin: path})
	}
	return all
}

// TestGolden compares every family's golden data, with patterns whole and in blocks.
func TestGolden(t *testing.T) {
	dirs, err := filepath.Glob("../../testdata/golden/tiny-*")
	if err != nil || len(dirs) < 10 {
		t.Fatal(dirs, err)
	}
	for _, dir := range dirs {
		for _, opt := range tested() {
			t.Run(filepath.Base(dir)+"/"+opt.Backend, func(t *testing.T) {
				checkGolden(t, openModel(t, dir, opt), dir)
				checkGolden(t, asLong(openModel(t, dir, opt)), dir)
			})
		}
	}
}

// checkGolden compares an engine with everything that a folder of golden data says about it, within the tolerances that the
// folder states.
func checkGolden(t *testing.T, e *Engine, dir string) {
	var g goldenFile
	readJSON(t, filepath.Join(dir, "golden.json"), &g)
	arrays := openTensors(t, filepath.Join(dir, "golden.safetensors"))
	tol := g.Tolerance
	get := func(name string) []float32 {
		t.Helper()
		x, err := arrays.Float32(name)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	near := func(what string, got, want, tol float64) {
		t.Helper()
		if !(math.Abs(got-want) <= tol) {
			t.Errorf("%s: got %g, want %g within %g", what, got, want, tol)
		}
	}
	abs := func(what string, got, want []float32, tol float64) {
		t.Helper()
		if d := largest(got, want); !(d <= tol) {
			t.Errorf("%s: %g away, tolerance %g", what, d, tol)
		}
	}
	rel := func(what string, got, want []float32, tol float64) {
		t.Helper()
		if d := relL2(got, want); !(d <= tol) {
			t.Errorf("%s: relative L2 %g, tolerance %g", what, d, tol)
		}
	}

	checkGoldenEdges(t, e, dir)
	checkCaptures(t, e, g, get, abs, rel)
	for _, p := range g.Prompts {
		var terms, only []seam.Term
		for _, x := range p.Terms {
			terms = append(terms, seam.Term{Position: int(x[0]), Target: x[1], Versus: x[2]})
		}
		only = []seam.Term{{Position: len(p.IDs) - 1, Target: p.Target.ID, Versus: -1}}
		run := func(terms []seam.Term, rule seam.Rule) seam.AttributionResult {
			t.Helper()
			r, err := e.Attribute(t.Context(), seam.Attribution{IDs: [][]int32{p.IDs}, Terms: [][]seam.Term{terms}, Rule: rule}, nil)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		seed, frozen := run(terms, seam.RelP), run(terms, seam.Frozen)
		for _, a := range []struct {
			key   string
			terms []seam.Term
			rule  seam.Rule
		}{{"attribution", terms, seam.RelP}, {"attributionFrozen", terms, seam.Frozen}, {"attributionPlain", terms, seam.Gradient},
			{"attributionTarget", only, seam.RelP}, {"attributionQKNorm", terms, seam.ConstantQKNorm}} {
			name, ok := p.Arrays[a.key]
			if !ok {
				continue
			}
			r := run(a.terms, a.rule)
			abs(name, r.Scores[0], get(name), tol.AttributionAbs)
			rel(name, r.Scores[0], get(name), tol.AttributionRelL2)
		}
		abs("tokensSeed", seed.Tokens[0], get(p.Arrays["tokensSeed"]), tol.AttributionAbs)
		abs("tokensFrozen", frozen.Tokens[0], get(p.Arrays["tokensFrozen"]), tol.AttributionAbs)
		near("metric", float64(seed.Metric[0]), p.Metric, tol.MetricAbs)
		near("target logit", float64(run(only, seam.RelP).Metric[0]), p.TargetLogit, tol.MetricAbs)
		near("Σ tokens", sum(seed.Tokens[0]), p.Conservation.FullAttention, tol.ConservationRel*scaleOf(seed, 0))
		near("Σ tokens, frozen", sum(frozen.Tokens[0]), p.Conservation.FrozenAttention, tol.ConservationRel*scaleOf(frozen, 0))
		near("biases, frozen", float64(frozen.Biases[0]), p.Conservation.BiasFrozen, tol.ConservationRel*scaleOf(frozen, 0))
		for _, r := range []seam.AttributionResult{seed, frozen, run(terms, seam.ConstantQKNorm)} {
			if d := residual(r, 0); d > 1e-4 {
				t.Errorf("conservation: residual %g of the largest term", d)
			}
		}

		f, err := e.Forward(t.Context(), seam.Forward{IDs: [][]int32{p.IDs}, AllLogits: true, Capture: seam.Neurons}, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := get(p.Arrays["logits"]) // at all positions, or at the last alone
		abs("logits", f.Logits[0][len(f.Logits[0])-len(want):], want, tol.LogitsAbs)
		if name, ok := p.Arrays["h"]; ok {
			rel(name, f.Neurons[0], get(name), tol.HRelL2)
		}
		greedy(t, e, p.IDs, nil, p.Greedy, tol.LogitsAbs)

		for _, s := range p.Steer {
			edit := goldenEdit(e.cfg, len(p.IDs), s.Neurons, s.Factor)
			f, err := e.Forward(t.Context(), seam.Forward{IDs: [][]int32{p.IDs}, Edit: edit, AllLogits: true}, nil)
			if err != nil {
				t.Fatal(err)
			}
			m := 0.
			for _, x := range terms {
				row := f.Logits[0][x.Position*e.cfg.Vocab:]
				m += float64(row[x.Target]) - float64(row[x.Versus])
			}
			near("steered metric", m, s.Metric, tol.LogitsAbs*float64(2*len(terms)))
			if s.Logits != "" {
				want := get(s.Logits)
				abs(s.Logits, f.Logits[0][len(f.Logits[0])-len(want):], want, tol.LogitsAbs)
			}
			if s.Greedy != nil {
				greedy(t, e, p.IDs, edit, *s.Greedy, tol.LogitsAbs)
			}
		}
	}
}

// goldenEdit scales [layer, neuron] everywhere or [layer, position, neuron] at one position of t.
func goldenEdit(c decoder.Config, t int, neurons [][]int, factor float32) *seam.Edit {
	e := &seam.Edit{B: 1, T: 1}
	if len(neurons[0]) == 3 {
		e.T = t
	}
	e.Scale = make([]float32, c.Layers*e.T*c.Neurons)
	for i := range e.Scale {
		e.Scale[i] = 1
	}
	for _, n := range neurons {
		at := 0
		if len(n) == 3 {
			at = n[1]
		}
		e.Scale[(n[0]*e.T+at)*c.Neurons+n[len(n)-1]] = factor
	}
	return e
}

// greedy compares a cached greedy continuation under an edit (T is 1) with golden ids, where no near tie makes them moot.
func greedy(t *testing.T, e *Engine, ids []int32, edit *seam.Edit, want goldenGreedy, tol float64) {
	t.Helper()
	if want.SmallestMargin <= 2*tol {
		return
	}
	if got := continued(t, e, ids, edit, len(want.IDs)); !slices.Equal(got, want.IDs) {
		t.Errorf("greedy: got %v, want %v", got, want.IDs)
	}
}

// continued returns n greedy tokens after ids.
func continued(t testing.TB, e *Engine, ids []int32, edit *seam.Edit, n int) (out []int32) {
	t.Helper()
	d, err := e.Decode(t.Context(), seam.Decoding{IDs: ids, Edit: edit, Generated: edit, Reserve: n})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for {
		out = append(out, argmax(d.Logits()))
		if len(out) == n {
			return out
		}
		if err := d.Step(t.Context(), out[len(out)-1]); err != nil {
			t.Fatal(err)
		}
	}
}

func argmax(x []float32) int32 {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return int32(best)
}

func sum(x []float32) float64 {
	s := 0.
	for _, v := range x {
		s += float64(v)
	}
	return s
}

// scaleOf returns the largest term of the conservation identity of prompt b.
func scaleOf(r seam.AttributionResult, b int) float64 {
	return max(math.Abs(sum(r.Tokens[b])), math.Abs(float64(r.Metric[b])), 2*math.Abs(sum(r.Attention[b])), math.Abs(float64(r.Injected[b])), math.Abs(float64(r.Biases[b])), math.Abs(float64(r.Linear[b])))
}

// residual returns how far Σ tokens + biases + injected = ⟨∂m/∂z, z⟩ + 2·Σ attention is from holding, in units of its largest term.
func residual(r seam.AttributionResult, b int) float64 {
	d := sum(r.Tokens[b]) + float64(r.Biases[b]) + float64(r.Injected[b]) - float64(r.Linear[b]) - 2*sum(r.Attention[b])
	return math.Abs(d) / scaleOf(r, b)
}

// largest returns max|a−b|, and +Inf where the lengths differ.
func largest(a, b []float32) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	d := 0.
	for i := range a {
		if x := math.Abs(float64(a[i]) - float64(b[i])); !(x <= d) {
			d = x
		}
	}
	return d
}

// relL2 returns |a−b|/|b|.
func relL2(a, b []float32) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	var d, n float64
	for i := range a {
		x := float64(a[i]) - float64(b[i])
		d, n = d+x*x, n+float64(b[i])*float64(b[i])
	}
	return math.Sqrt(d / n)
}
