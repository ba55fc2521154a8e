package engine

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	"github.com/neuronsteer/neuronsteer/internal/memory"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// lending lets an engine believe that so many bytes are free, and returns what was asked for last.
func lending(e *Engine, free int64) (asked *int64) {
	asked = new(int64)
	e.lend = func(_ context.Context, need int64) (func(), error) {
		if *asked = need; need > free {
			return nil, &memory.Short{Need: need, Free: free, By: "control group /test"}
		}
		return func() {}, nil
	}
	return asked
}

// TestTooLarge: every call that runs the model is refused before it begins where it does not fit; the mistake says what
// would fit, and that does.
func TestTooLarge(t *testing.T) {
	e := openRandom(t, small(), Options{})
	c := e.cfg
	ofLength := func(n int) [][]int32 { return prompts(c, n) }
	forward := func(in seam.Forward) error { _, err := e.Forward(t.Context(), in, nil); return err }
	attribute := func(in seam.Attribution) error {
		in.Terms, in.Rule = lastTerm(in.IDs), seam.RelP
		_, err := e.Attribute(t.Context(), in, nil)
		return err
	}
	decode := func(n, reserve int) error {
		d, err := e.Decode(t.Context(), seam.Decoding{IDs: prompt(c, n, 0), Reserve: reserve})
		if err == nil {
			d.Close()
		}
		return err
	}
	variants := func(ids [][]int32) error {
		return e.Variants(t.Context(), ids, []*seam.Edit{nil, {B: 1, T: 1}}, nil, func(int, int, []float32) error { return nil }, nil)
	}
	for name, run := range map[string]func(n int) error{
		"forward":   func(n int) error { return forward(seam.Forward{IDs: ofLength(n)}) },
		"logits":    func(n int) error { return forward(seam.Forward{IDs: ofLength(n), AllLogits: true}) },
		"capture":   func(n int) error { return forward(seam.Forward{IDs: ofLength(n), Capture: seam.Neurons}) },
		"patterns":  func(n int) error { return forward(seam.Forward{IDs: ofLength(n), Capture: seam.Attention}) },
		"attribute": func(n int) error { return attribute(seam.Attribution{IDs: ofLength(n)}) },
		"decode":    func(n int) error { return decode(n, 0) },
		"reserve":   func(n int) error { return decode(n, 20) },
		"variants":  func(n int) error { return variants(ofLength(n)) },
	} {
		asked := lending(e, 1<<62)
		if err := run(150); err != nil || *asked == 0 {
			t.Fatalf("%s with room: %v, asked for %d bytes", name, err, *asked)
		}
		lending(e, *asked-1)
		err := run(150)
		if !errors.Is(err, seam.TooLarge) || !strings.Contains(err.Error(), "150 tokens") || !strings.Contains(err.Error(), "control group /test") {
			t.Errorf("%s without room: %v", name, err)
			continue
		}
		n := fits(t, err, `about (\d+) tokens would fit`)
		if err := run(n); err != nil || n < 100 || n >= 150 {
			t.Errorf("%s: %d tokens do not fit: %v", name, n, err)
		}
		lending(e, 1)
		if err := run(150); !errors.Is(err, seam.TooLarge) || !strings.Contains(err.Error(), "not even one") {
			t.Errorf("%s without any room: %v", name, err)
		}
	}

	for name, run := range map[string]func(n int) error{
		"forward":   func(n int) error { return forward(seam.Forward{IDs: prompts(c, filledInts(n, 150)...)}) },
		"attribute": func(n int) error { return attribute(seam.Attribution{IDs: prompts(c, filledInts(n, 150)...)}) },
		"unembed": func(n int) error {
			xs := make([][]float32, n)
			for i := range xs {
				xs[i] = filled(c.Width, 1)
			}
			_, err := e.Unembed(t.Context(), xs, true)
			return err
		},
	} {
		asked := lending(e, 1<<62)
		if err := run(6); err != nil {
			t.Fatal(err)
		}
		lending(e, *asked-1)
		err := run(6)
		n := fits(t, err, `give at most (\d+) `)
		if !errors.Is(err, seam.TooLarge) || n != 5 || run(n) != nil {
			t.Errorf("%s of a batch: %v", name, err)
		}
	}
	if n := e.live.Load(); n != 0 {
		t.Errorf("%d tensors were not freed", n)
	}
}

// TestLongPromptsAreLinear: the attribution of 2,000 tokens of SmolLM2-135M stays below 3 GB, weights
// included, and from there on memory grows no faster than the prompt. TestDemand shows that what is said here holds.
func TestLongPromptsAreLinear(t *testing.T) {
	c := smol().cfg
	e := &Engine{cfg: c, groups: cut(c), limits: defaultLimits}
	need := e.attributeBytes(decoder.RelP, seam.Attribution{}, 1, true)
	if all := WeightBytes(c, smol(), Options{}) + need(1, 2000); all > 3e9 {
		t.Errorf("2,000 tokens take %d MB", all/1e6)
	}
	if twice := need(1, 8000); twice > 4*need(1, 2000)*5/4 {
		t.Errorf("8,000 tokens take %d MB more than the weights, 2,000 take %d", twice/1e6, need(1, 2000)/1e6)
	}
	t.Logf("64 tokens take %d MB, 511 %d, 2,000 %d, 8,000 %d", need(1, 64)/1e6, need(1, 511)/1e6, need(1, 2000)/1e6, need(1, 8000)/1e6)
}

// TestGrowthIsLent: keys and values that outgrow what was reserved are asked for.
func TestGrowthIsLent(t *testing.T) {
	e := openRandom(t, small(), Options{})
	d, err := e.Decode(t.Context(), seam.Decoding{IDs: prompt(e.cfg, cacheStep, 0)})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	lending(e, 1)
	if err := d.Step(t.Context(), 1); !errors.Is(err, seam.TooLarge) {
		t.Error("a step past what was reserved:", err)
	}
	lending(e, 1<<40)
	if err := d.Step(t.Context(), 1); err != nil {
		t.Error("after the mistake:", err)
	}
}

// TestModelTooLarge: a model is refused before its weights are read.
func TestModelTooLarge(t *testing.T) {
	c := newConfig(1000, 1<<16, 1<<18, 8, 8, 64, 1<<20, 100)
	_, err := New(t.Context(), c, source(func(string) ([]float32, error) { panic("read") }), Options{}, nil)
	if !errors.Is(err, seam.TooLarge) {
		t.Error(err)
	}
	for name, m := range map[string]randomModel{"tied": {cfg: newConfig(4, 128, 512, 4, 2, 32, 3000, 100)}, "untied": small()} {
		held, said := weightsHeld(openRandom(t, m, Options{}).weights), WeightBytes(m.cfg, nil, Options{})
		if said < held || said > held*3/2 {
			t.Errorf("%s: %d bytes are said, %d held", name, said, held)
		}
	}
}

// weightsHeld adds up a model's tensors.
func weightsHeld(w *weights) (n int64) {
	seen := map[*tensors.Tensor]bool{nil: true}
	add := func(ts ...*tensors.Tensor) {
		for _, t := range ts {
			if !seen[t] {
				seen[t] = true
				n += 4 * int64(t.Shape().Size())
			}
		}
	}
	add(w.embed, w.final, w.head)
	for _, p := range w.parts {
		add(p[:]...)
	}
	return n
}

// fits reads a number out of a mistake.
func fits(t *testing.T, err error, pattern string) int {
	t.Helper()
	if err == nil {
		t.Fatal("no mistake")
	}
	m := regexp.MustCompile(pattern).FindStringSubmatch(err.Error())
	if m == nil {
		t.Fatalf("no %q in: %v", pattern, err)
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

func filledInts(n, x int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = x
	}
	return all
}
