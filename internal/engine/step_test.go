package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// begin starts sessions; the tokens that follow are reserved only where reserve says so, so that caches grow under way.
func begin(t testing.TB, e *Engine, ids [][]int32, generated *seam.Edit, reserve int) (all []seam.Decoder) {
	t.Helper()
	for _, p := range ids {
		d, err := e.Decode(t.Context(), seam.Decoding{IDs: p, Generated: generated, Reserve: reserve})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(d.Close)
		all = append(all, d)
	}
	return all
}

func sameBits(a, b []float32) bool { return slices.Equal(a, b) }

// TestSessionsOfEveryFamily: sessions of every family that are stepped together have the bits of each alone, more of them
// than fit one graph, of lengths whose caches differ and grow, with and without an edit of everything.
func TestSessionsOfEveryFamily(t *testing.T) {
	models := families(5)
	models["small"] = small()
	for name, m := range models {
		t.Run(name, func(t *testing.T) {
			e := openRandom(t, m, Options{})
			if e.Together() < 2 {
				t.Fatal("the default backend steps one session at a time")
			}
			lens := []int{1, 2, 3, 5, 8}
			for _, n := range []int{62, 63, 64, 65, 127, 128} {
				if n+4 <= e.cfg.Positions {
					lens = append(lens, n)
				}
			}
			for len(lens) < together+5 {
				lens = append(lens, 4)
			}
			ids := prompts(e.cfg, lens...)
			for _, edit := range []*seam.Edit{nil, everyField(e.cfg, 1, 3)} {
				for _, reserve := range []int{0, 4} {
					many, alone := begin(t, e, ids, edit, reserve), begin(t, e, ids, edit, reserve)
					for step := range 4 {
						next := make([]int32, len(ids))
						for i := range next {
							next[i] = int32((7*i + 3*step + 1) % e.cfg.Vocab)
							if err := alone[i].Step(t.Context(), next[i]); err != nil {
								t.Fatal(err)
							}
						}
						if err := e.StepTogether(t.Context(), many, next); err != nil {
							t.Fatal(err)
						}
						for i := range many {
							if !sameBits(many[i].Logits(), alone[i].Logits()) {
								t.Fatalf("edited %t, reserve %d, step %d: the session of %d tokens is not what it is alone", edit != nil, reserve, step, lens[i])
							}
						}
					}
					for _, d := range append(many, alone...) {
						d.Close()
					}
				}
			}
			if n := e.live.Load(); n != 0 {
				t.Errorf("%d tensors are left", n)
			}
		})
	}
}

// TestSessionsFailTogether: where one of several sessions cannot go on, none has.
func TestSessionsFailTogether(t *testing.T) {
	e := openRandom(t, small(), Options{})
	c := e.cfg
	ids := prompts(c, 5, 7, 6)
	burst := &seam.Edit{B: 1, T: 1, Residual: make([]float32, c.Layers*c.Width)}
	for i := range burst.Residual {
		burst.Residual[i] = 1e30
	}
	sessions := append(begin(t, e, ids[:2], nil, 3), begin(t, e, ids[2:], burst, 3)...)
	alone := begin(t, e, ids[:2], nil, 3)
	if err := e.StepTogether(t.Context(), sessions, []int32{1, 2, 3}); !errors.Is(err, seam.NotFinite) {
		t.Fatalf("an overflow: %v", err)
	}
	full := begin(t, e, prompts(c, c.Positions), nil, 0)
	for name, s := range map[string][]seam.Decoder{
		"a full context": {sessions[0], full[0]}, "a session of another engine": {sessions[0], begin(t, openRandom(t, small(), Options{}), ids[:1], nil, 1)[0]},
	} {
		if err := e.StepTogether(t.Context(), s, []int32{1, 2}); err == nil {
			t.Errorf("%s is no mistake", name)
		}
	}
	for _, ids := range [][]int32{{1}, {1, 2, 3, 4}} {
		if err := e.StepTogether(t.Context(), sessions, ids); !errors.Is(err, seam.BadSetting) {
			t.Errorf("%d tokens for 3 sessions: %v", len(ids), err)
		}
	}
	closed := begin(t, e, ids[:1], nil, 1)[0]
	closed.Close()
	if err := e.StepTogether(t.Context(), []seam.Decoder{sessions[0], closed}, []int32{1, 2}); !errors.Is(err, seam.BadSetting) || !strings.Contains(err.Error(), "the session is closed") {
		t.Errorf("a closed session: %v", err)
	}
	for step := range int32(2) {
		next := []int32{step + 4, step + 5}
		if err := e.StepTogether(t.Context(), sessions[:2], next); err != nil {
			t.Fatal(err)
		}
		for i, d := range alone {
			if err := d.Step(t.Context(), next[i]); err != nil {
				t.Fatal(err)
			}
			if !sameBits(d.Logits(), sessions[i].Logits()) {
				t.Errorf("session %d has changed in a step that failed", i)
			}
		}
	}
}

// BenchmarkSessions is the time of a token where so many sessions are stepped together.
func BenchmarkSessions(b *testing.B) {
	e := openRandom(b, smol(), Options{})
	for _, n := range []int{1, 2, 4, 8, 16, 32} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			ids := make([]int32, n)
			sessions := begin(b, e, prompts(e.cfg, slices.Repeat([]int{16}, n)...), nil, 200)
			cpu := loop(b, func() error { return e.StepTogether(b.Context(), sessions, ids) })
			b.ReportMetric(cpu*1e3/float64(b.N*n), "cpu-ms/token")
		})
	}
}
