package engine

import (
	"context"
	"errors"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

func TestProgressAndCancel(t *testing.T) {
	e := openRandom(t, small(), Options{})
	ids := prompts(e.cfg, 6)
	run := func(ctx context.Context, progress func(done, total int)) error {
		_, err := e.Attribute(ctx, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP}, progress)
		return err
	}
	var total int
	err := run(t.Context(), func(done, n int) {
		if total++; done != total || n != 7 { // 11 layers: three groups forward, the head, three groups backward
			t.Errorf("progress %d of %d, want %d of 7", done, n, total)
		}
	})
	if err != nil || total != 7 {
		t.Fatal(err, total)
	}
	for stop := range 6 {
		ctx, cancel := context.WithCancel(t.Context())
		steps := 0
		err := run(ctx, func(done, _ int) {
			if steps = done; done == stop+1 {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) || steps != stop+1 {
			t.Errorf("canceled after step %d: error %v after %d steps", stop+1, err, steps)
		}
		if n := e.live.Load(); n != 0 {
			t.Errorf("canceled after step %d: %d tensors stay", stop+1, n)
		}
		cancel()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Forward(ctx, seam.Forward{IDs: ids}, nil); !errors.Is(err, context.Canceled) {
		t.Error("forward:", err)
	}
	if _, err := e.Decode(ctx, seam.Decoding{IDs: ids[0]}); !errors.Is(err, context.Canceled) {
		t.Error("decode:", err)
	}
	if _, err := New(ctx, e.cfg, small(), Options{}, nil); !errors.Is(err, context.Canceled) {
		t.Error("new:", err)
	}
}

// A step that was canceled has not happened.
func TestCanceledStepIsUndone(t *testing.T) {
	e := openRandom(t, small(), Options{})
	d, err := e.Decode(t.Context(), seam.Decoding{IDs: prompt(e.cfg, 5, 0)})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before := append([]float32(nil), d.Logits()...)
	if err := d.Step(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if !equal(before, d.Logits()) {
		t.Error("the logits changed")
	}
	if err := d.Step(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	want := forward(t, e, seam.Forward{IDs: [][]int32{append(prompt(e.cfg, 5, 0), 1)}})
	within(t, "logits", d.Logits(), want.Logits[0], 1e-5)
}

func TestMemoryStays(t *testing.T) {
	e := openModel(t, "teaching", Options{})
	heap := func() float64 {
		runtime.GC()
		runtime.GC() // the first run only moves the backend's free buffers to where the second drops them
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	work := func() {
		ids := prompts(e.cfg, 30, 20)
		attribute(t, e, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, Edit: &seam.Edit{B: 1, T: 1}})
		attribute(t, e, seam.Attribution{IDs: ids, Terms: [][]seam.Term{{{Target: 3, Versus: -1}}, {{Target: 4, Versus: -1}}}, Rule: seam.RelP, LogProb: true})
		forward(t, e, seam.Forward{IDs: ids, Capture: everything, Edit: &seam.Edit{B: 1, T: 1, Residual: filled(e.cfg.Layers*e.cfg.Width, .1)}})
		enough := errors.New("enough")
		if err := e.Variants(t.Context(), ids, []*seam.Edit{nil, {B: 1, T: 1, Scale: filled(e.cfg.Layers*e.cfg.Neurons, 0)}}, nil,
			func(_, prompt int, _ []float32) error { return []error{nil, enough}[prompt] }, nil); !errors.Is(err, enough) {
			t.Error("variants:", err)
		}
		if _, err := e.Unembed(t.Context(), [][]float32{filled(e.cfg.Width, 1)}, false); err != nil {
			t.Error("unembed:", err)
		}
		continued(t, e, ids[0], &seam.Edit{B: 1, T: 1}, 3)
		ctx, cancel := context.WithCancel(t.Context())
		_, err := e.Attribute(ctx, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP}, func(int, int) { cancel() })
		if err == nil {
			t.Error("not canceled")
		}
	}
	work()
	before := heap()
	for range 15 {
		work()
	}
	if grown := heap() - before; grown > 1e6 { // one tape is 3 MB
		t.Errorf("15 rounds left %.1f MB", grown/1e6)
	}
	if n := e.live.Load(); n != 0 {
		t.Errorf("%d tensors were not freed", n)
	}
}

// everything asks for all captures.
const everything = seam.Neurons | seam.Residual | seam.MLP | seam.Attention | seam.Embedding

func TestPanicsBecomeErrors(t *testing.T) {
	e := openRandom(t, small(), Options{})
	s, err := e.scope(t.Context(), "test", demand{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	x, err := s.embed([]int32{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	// Two of the inputs that a graph of one layer needs: building it runs out of them.
	if _, err := s.run(graphKey{kind: tapeGraph, rules: decoder.RelP, layers: 1}, []*tensors.Tensor{x, x}); !errors.Is(err, seam.Internal) {
		t.Error("a panic in a graph:", err)
	}
	if _, err := s.run(graphKey{kind: logitsGraph}, []*tensors.Tensor{x, x, x, x}); !errors.Is(err, seam.Internal) {
		t.Error("an assertion in a graph:", err)
	}
	_, err = New(t.Context(), e.cfg, source(func(string) ([]float32, error) { panic("boom") }), Options{}, nil)
	if !errors.Is(err, seam.Internal) || !strings.Contains(err.Error(), "boom") {
		t.Error("a panic in a source:", err)
	}
	func() {
		defer fence("test", &err)
		panic("here")
	}()
	if !errors.Is(err, seam.Internal) {
		t.Error("fence:", err)
	}
}

// source is a Source that is a function.
type source func(name string) ([]float32, error)

func (f source) Tensor(name string) ([]float32, error) { return f(name) }

func TestNewRejects(t *testing.T) {
	m := small()
	short := source(func(name string) ([]float32, error) {
		w, err := m.Tensor(name)
		if name == decoder.Up.TensorName(small().cfg, 3) {
			w = w[1:]
		}
		return w, err
	})
	if _, err := New(t.Context(), m.cfg, short, Options{}, nil); !errors.Is(err, seam.BadModel) || !strings.Contains(err.Error(), "layers.3.mlp.up_proj") {
		t.Error("a short tensor:", err)
	}
	missing := errors.New("no such tensor")
	if _, err := New(t.Context(), m.cfg, source(func(string) ([]float32, error) { return nil, missing }), Options{}, nil); !errors.Is(err, missing) {
		t.Error("a missing tensor:", err)
	}
	for name, change := range map[string]func(*decoder.Config){"layers": func(c *decoder.Config) { c.Layers = 0 },
		"heads": func(c *decoder.Config) { c.KVHeads = 4 }, "odd": func(c *decoder.Config) { c.HeadDim = 7 },
		"frequencies": func(c *decoder.Config) { c.Ropes = nil }, "eps": func(c *decoder.Config) { c.Eps = math.NaN() }} {
		c := m.cfg
		change(&c)
		if _, err := New(t.Context(), c, m, Options{}, nil); !errors.Is(err, seam.BadModel) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCallsReject(t *testing.T) {
	e := openRandom(t, small(), Options{})
	c, ids := e.cfg, prompts(small().cfg, 4)
	n := c.Layers * c.Neurons
	nan := filled(n, 1)
	nan[3] = float32(math.NaN())
	for _, x := range []struct {
		name string
		code seam.Code
		in   seam.Attribution
	}{
		{"no prompt", seam.EmptyPrompt, seam.Attribution{Rule: seam.RelP}},
		{"empty prompt", seam.EmptyPrompt, seam.Attribution{IDs: [][]int32{{}}, Rule: seam.RelP}},
		{"id", seam.BadSetting, seam.Attribution{IDs: [][]int32{{1, 60}}, Rule: seam.RelP}},
		{"negative id", seam.BadSetting, seam.Attribution{IDs: [][]int32{{-1}}, Rule: seam.RelP}},
		{"too long", seam.PromptTooLong, seam.Attribution{IDs: prompts(c, 201), Rule: seam.RelP}},
		{"no rule", seam.BadSetting, seam.Attribution{IDs: ids, Terms: lastTerm(ids)}},
		{"no metric", seam.BadSetting, seam.Attribution{IDs: ids, Terms: [][]seam.Term{{}}, Rule: seam.RelP}},
		{"metrics", seam.BadSetting, seam.Attribution{IDs: ids, Terms: nil, Rule: seam.RelP}},
		{"position", seam.BadSetting, seam.Attribution{IDs: ids, Terms: [][]seam.Term{{{Position: 4, Target: 1, Versus: 2}}}, Rule: seam.RelP}},
		{"target", seam.BadSetting, seam.Attribution{IDs: ids, Terms: [][]seam.Term{{{Target: 60, Versus: 2}}}, Rule: seam.RelP}},
		{"versus", seam.BadSetting, seam.Attribution{IDs: ids, Terms: [][]seam.Term{{{Target: 1, Versus: -2}}}, Rule: seam.RelP}},
		{"edit of a batch", seam.BadSetting, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, Edit: &seam.Edit{B: 2, T: 1}}},
		{"short edit", seam.BadSetting, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, Edit: &seam.Edit{B: 1, T: 3}}},
		{"edit's length", seam.BadSetting, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, Edit: &seam.Edit{B: 1, T: 1, Add: filled(n-1, 0)}}},
		{"edit's NaN", seam.NotFinite, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, Edit: &seam.Edit{B: 1, T: 1, Scale: nan}}},
		{"edit's bounds", seam.BadSetting, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, Edit: &seam.Edit{B: 1, T: 1, Lo: filled(n, 1), Hi: filled(n, 0)}}},
		{"vector's length", seam.BadSetting, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, Edit: &seam.Edit{B: 1, T: 1, MLP: filled(n, 0)}}},
		{"vector's NaN", seam.NotFinite, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, Edit: &seam.Edit{B: 1, T: 1, Residual: filled(c.Layers*c.Width, nan[3])}}},
		{"vector's infinity", seam.NotFinite, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, Edit: &seam.Edit{B: 1, T: 1, MLP: filled(c.Layers*c.Width, float32(math.Inf(1)))}}},
		{"edit of sizes that wrap around", seam.BadSetting, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, Edit: &seam.Edit{B: 1, T: 1 << 62, Scale: []float32{}}}},
		{"log-probability against another", seam.BadSetting, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, LogProb: true}},
		{"overflow", seam.NotFinite, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, Edit: &seam.Edit{B: 1, T: 1, Scale: filled(n, 3e38)}}},
	} {
		_, err := e.Attribute(t.Context(), x.in, nil)
		var mistake *seam.Error
		if !errors.Is(err, x.code) || !errors.As(err, &mistake) || mistake.Hint == "" || mistake.Task != "attribute" {
			t.Errorf("%s: %v", x.name, err)
		}
	}
	if _, err := e.Decode(t.Context(), seam.Decoding{IDs: ids[0], Reserve: 197}); !errors.Is(err, seam.PromptTooLong) {
		t.Error("reserve:", err)
	}
	if _, err := e.Decode(t.Context(), seam.Decoding{IDs: ids[0], Reserve: math.MaxInt}); !errors.Is(err, seam.PromptTooLong) {
		t.Error("a reserve that wraps around:", err)
	}
	d, err := e.Decode(t.Context(), seam.Decoding{IDs: prompt(c, 199, 0)})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Step(t.Context(), 60); !errors.Is(err, seam.BadSetting) {
		t.Error("step with a foreign id:", err)
	}
	if err := d.Step(t.Context(), 1); err != nil {
		t.Error("the last position:", err)
	}
	if err := d.Step(t.Context(), 1); !errors.Is(err, seam.PromptTooLong) {
		t.Error("past the last position:", err)
	}
	d.Close()
	d.Close()
	if err := d.Step(t.Context(), 1); err == nil {
		t.Error("a closed session steps")
	}
	open, err := e.Decode(t.Context(), seam.Decoding{IDs: ids[0]})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(e.Close(), e.Close()); err != nil {
		t.Error("close:", err)
	}
	if err := open.Step(t.Context(), 1); err == nil {
		t.Error("a session outlives its engine")
	}
	open.Close()
	if _, err := e.Forward(t.Context(), seam.Forward{IDs: ids}, nil); err == nil {
		t.Error("a closed engine runs")
	}
}

func TestGroups(t *testing.T) {
	for layers, want := range map[int]int{1: 5, 3: 5, 6: 6, 11: 5, 12: 6, 16: 4, 22: 5, 24: 6, 26: 5, 28: 4, 30: 5, 32: 4, 80: 5} {
		c := decoder.Config{Layers: layers, Attentions: make([]decoder.Attention, layers)}
		if got := groupSize(c); got != want {
			t.Errorf("%d layers: groups of %d, want %d", layers, got, want)
		}
		at := 0
		for _, g := range cut(c) {
			if g.from != at || g.len() < 1 {
				t.Errorf("%d layers: group %v", layers, g)
			}
			at = g.to
		}
		if at != layers {
			t.Errorf("%d layers: the groups end at %d", layers, at)
		}
	}
}

// TestGroupsOfKinds: where layers attend in different ways, groups are cut so that few executables serve them all.
func TestGroupsOfKinds(t *testing.T) {
	every := func(layers, period int) decoder.Config { // the last of each period sees everything
		c := decoder.Config{Layers: layers, Attentions: make([]decoder.Attention, layers)}
		for l := range c.Attentions {
			if (l+1)%period != 0 {
				c.Attentions[l].Window = 4
			}
		}
		return c
	}
	for _, x := range []struct{ layers, period, size, executables int }{
		{26, 2, 6, 2}, {42, 2, 6, 1}, {26, 6, 6, 2}, {34, 6, 6, 2}, {48, 6, 6, 1}, {36, 4, 4, 1}, {16, 4, 4, 1},
	} {
		c := every(x.layers, x.period)
		different := map[string]bool{}
		for _, g := range cut(c) {
			different[kindsOf(c, g)] = true
		}
		if n := groupSize(c); n != x.size || len(different) != x.executables {
			t.Errorf("%d layers, every %d: groups of %d, %d executables", x.layers, x.period, n, len(different))
		}
	}
}
