package steertest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// testSessions: sessions of any length that are stepped together give the bits that each gives alone, with an edit that
// they share, with edits of their own and without; after a mistake all are as they were.
func testSessions(t *testing.T, b bench) {
	stepper, ok := b.e.(engine.Stepper)
	if !ok {
		return // a session at a time is all that is asked for
	}
	edit := func(seed uint64) *engine.Edit {
		e := b.vectors(t, 1, 1, seed)
		e.Scale = b.random(1, 1, seed).Scale
		return e
	}
	shared := edit(29)
	for name, edits := range map[string][]*engine.Edit{
		"plain": {nil, nil, nil}, "one edit": {shared, shared, shared}, "an edit each": {edit(31), edit(37), nil},
	} {
		sessions, alone := make([]engine.Decoder, len(b.ids)), make([]engine.Decoder, len(b.ids))
		for i, ids := range b.ids {
			for _, list := range [][]engine.Decoder{sessions, alone} {
				d, err := b.e.Decode(t.Context(), engine.Decoding{IDs: ids[:len(ids)-2], Edit: edits[i], Generated: edits[i], Reserve: 2})
				if err != nil {
					t.Fatalf("Decode: %v", err)
				}
				defer d.Close()
				list[i] = d
			}
		}
		check := func(what string) {
			t.Helper()
			for i := range sessions {
				same(t, name+": "+what, sessions[i].Logits(), alone[i].Logits())
			}
		}
		for step := range 2 {
			var ids []int32
			for i, all := range b.ids {
				ids = append(ids, all[len(all)-2+step])
				if err := alone[i].Step(t.Context(), ids[i]); err != nil {
					t.Fatalf("Step: %v", err)
				}
			}
			before := make([][]float32, len(sessions))
			for i, s := range sessions {
				before[i] = slices.Clone(s.Logits())
			}
			wrong := slices.Clone(ids)
			wrong[len(wrong)-1] = int32(b.shape.Vocab)
			if stepper.StepTogether(t.Context(), sessions, wrong) == nil {
				t.Error("a token outside the vocabulary is taken")
			}
			canceled, cancel := context.WithCancel(t.Context())
			cancel()
			if err := stepper.StepTogether(canceled, sessions, ids); !errors.Is(err, context.Canceled) {
				t.Errorf("canceled: %v", err)
			}
			for i, s := range sessions {
				same(t, name+": after a mistake", s.Logits(), before[i])
			}
			if err := stepper.StepTogether(t.Context(), sessions, ids); err != nil {
				t.Fatalf("StepTogether: %v", err)
			}
			check("logits")
		}
	}
}
