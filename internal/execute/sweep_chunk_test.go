package execute

import (
	"context"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// variants is an engine that knows Variants alone, and notes how many edits each call has.
type variants struct {
	engine.Engine
	shape engine.Shape
	calls []int
}

func (v *variants) Shape() engine.Shape { return v.shape }

func (v *variants) Variants(_ context.Context, ids [][]int32, edits []*engine.Edit, tokens []int32, each func(edit, prompt int, logits []float32) error, _ func(done, total int)) error {
	v.calls = append(v.calls, len(edits))
	for e, edit := range edits {
		for p := range ids {
			x := float32(1)
			if edit != nil {
				x = edit.Scale[0]
			}
			if err := each(e, p, []float32{x, float32(p)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// TestSweepChunks: the edits of one call are bounded in bytes, and where a call ends makes no difference.
func TestSweepChunks(t *testing.T) {
	shape := engine.Shape{Layers: 2, Neurons: 8, Width: 4, Vocab: 2} // an edit of one scale has 64 bytes
	s := sweeping{SweepSettings: message.SweepSettings{Neurons: []engine.Neuron{{Layer: 0, Index: 0}}, Multipliers: []float64{-1, 0, 1, 2, 3}}}
	in := sweepInput{promptSet: promptSet{prompts: [][]int32{{1}, {1, 2}}, lengths: []int{1, 2}, bos: []bool{false, false}, byPrompt: [][]int{{0}, {1}}},
		cases: []message.SweepPrompt{{Target: engine.Token{ID: 0}, Versus: &engine.Token{ID: 1}}, {Target: engine.Token{ID: 0}, Versus: &engine.Token{ID: 1}}}}
	measure := func(bound int) (*sweepResponse, []int) {
		v, got := &variants{shape: shape}, newSweepResponse(5, 1, 2)
		if err := s.measure(t.Context(), &env{Engine: v, emit: func(steer.Event) {}}, in, [][]engine.Neuron{s.Neurons}, got, bound); err != nil {
			t.Fatal(err)
		}
		return got, v.calls
	}
	whole, calls := measure(editBytes)
	if !slices.Equal(calls, []int{5}) { // the unsteered one and four multipliers
		t.Errorf("edits of each call: %v", calls)
	}
	if want := []float32{-1, -2, 0, -1, 1, 0, 2, 1, 3, 2}; !slices.Equal(whole.difference, want) {
		t.Errorf("differences %v, want %v", whole.difference, want)
	}
	for bound, want := range map[int][]int{1: {2, 1, 1, 1}, 64: {3, 2}} {
		part, calls := measure(bound)
		if !slices.Equal(calls, want) || !slices.Equal(part.difference, whole.difference) {
			t.Errorf("within %d bytes: edits of each call %v, want %v", bound, calls, want)
		}
	}
}
