package engine

import (
	"errors"
	"math"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// wheel deals out numbers from bytes; past their end it deals zeros.
type wheel []byte

func (w *wheel) next() int {
	if len(*w) == 0 {
		return 0
	}
	b := (*w)[0]
	*w = (*w)[1:]
	return int(b)
}

// pick returns one of a few values.
func pick[T any](w *wheel, from ...T) T { return from[w.next()%len(from)] }

func (w *wheel) ids(vocab, positions int) [][]int32 {
	var all [][]int32
	for range w.next() % 4 {
		var p []int32
		for range pick(w, 1, 2, 5, 0, 9, pick(w, 33, 33, 33, 33, 33, 33, 33, positions), positions+1) { // a full context is slow, not odd
			p = append(p, int32(w.next()*7%vocab))
		}
		if len(p) > 0 && w.next()%8 == 7 {
			p[0] = pick(w, int32(-1), int32(vocab), math.MaxInt32, math.MinInt32)
		}
		all = append(all, p)
	}
	return all
}

func (w *wheel) edit(s seam.Shape, b, t int) *seam.Edit {
	if w.next()%2 == 0 {
		return nil
	}
	e := &seam.Edit{B: pick(w, 1, b, 0, -1, math.MaxInt, 2), T: pick(w, 1, t, t+1, 0, -3, math.MaxInt, 1<<60)}
	n := e.B * s.Layers * e.T // absurd sizes wrap around, which is the point
	if e.B > 8 || e.B < 0 || e.T > 512 || e.T < 0 {
		n = pick(w, 0, s.Layers)
	}
	values := []float32{1, 0, -1, .5, 1e30, -3e38, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN())}
	field := func(width int) []float32 {
		switch w.next() % 6 {
		case 0:
			return filled(n*width, pick(w, values...))
		case 1:
			return filled(n*width+1, 1)
		case 2:
			return []float32{}
		}
		return nil
	}
	e.Scale, e.Add, e.Lo, e.Hi, e.MLP, e.Residual = field(s.Neurons), field(s.Neurons), field(s.Neurons), field(s.Neurons), field(s.Width), field(s.Width)
	return e
}

// FuzzRequests: no request makes the engine panic, and what it answers is finite. A panic would be fenced, as a mistake of
// the code Internal; bad requests have codes of their own.
func FuzzRequests(f *testing.F) {
	e := openModel(f, "teaching", Options{})
	s := e.Shape()
	for _, seed := range []string{"", "\x00", "\x01\x02\x01\x01\x01\x01\x00\x03\x01\x05\x06\x01\x02\x01\x03", "\x02\x01\x00\x03", "\x01\x01\x05", "\x01\x01\x06",
		"\x03\x01\x01\x04\x00\x00\x01\x05\x06\x00\x02\x02\x02\x02\x02", "\x02\x02\x00\x00\x01\x01\x01\x01\x01\x00\x00\x04", "\x03\x01\x00\x00\x03", "\x04\x01\x02"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		w, before := wheel(data), e.live.Load()
		kind, ids := w.next()%5, w.ids(s.Vocab, s.Positions)
		longest := 1
		for _, p := range ids {
			longest = max(longest, len(p))
		}
		edit := w.edit(s, len(ids), longest)
		finite := func(all [][]float32) {
			for _, x := range all {
				if i := notFiniteAt(x); i >= 0 {
					t.Fatalf("number %d of an answer is %v", i, x[i])
				}
			}
		}
		var err error
		switch kind {
		case 0:
			var r seam.ForwardResult
			in := seam.Forward{IDs: ids, Edit: edit, AllLogits: w.next()%2 == 1, Capture: seam.Site(w.next())}
			if longest > 64 { // patterns of long prompts are large, not odd
				in.Capture = 0
			}
			r, err = e.Forward(t.Context(), in, nil)
			finite(r.Logits)
			finite(r.Residual)
		case 1:
			in := seam.Attribution{IDs: ids, Edit: edit, Rule: pick(&w, seam.RelP, seam.Frozen, seam.Gradient, "", "x"), LogProb: w.next()%2 == 1}
			for range pick(&w, len(ids), len(ids)+1, 0) {
				var terms []seam.Term
				for range w.next() % 3 {
					terms = append(terms, seam.Term{Position: pick(&w, 0, 1, -1, math.MaxInt), Target: pick(&w, int32(1), 2, -1, math.MaxInt32), Versus: pick(&w, int32(-1), 3, -2)})
				}
				in.Terms = append(in.Terms, terms)
			}
			var r seam.AttributionResult
			r, err = e.Attribute(t.Context(), in, nil)
			finite(r.Scores)
			finite(r.Tokens)
		case 2:
			edits := []*seam.Edit{nil, edit}[:w.next()%3]
			err = e.Variants(t.Context(), ids, edits, nil, func(_, _ int, logits []float32) error { finite([][]float32{logits}); return nil }, nil)
		case 3:
			in := seam.Decoding{Edit: edit, Generated: w.edit(s, 1, 1), Reserve: pick(&w, 0, 3, -1, math.MaxInt, math.MinInt, s.Positions)}
			if len(ids) > 0 {
				in.IDs = ids[0]
			}
			var d seam.Decoder
			if d, err = e.Decode(t.Context(), in); err == nil {
				finite([][]float32{d.Logits()})
				err = d.Step(t.Context(), pick(&w, int32(1), -1, math.MaxInt32))
				d.Close()
			}
		case 4:
			var xs [][]float32
			for range w.next() % 3 {
				xs = append(xs, filled(pick(&w, s.Width, 0, 1, s.Width+1), pick(&w, float32(1), 1e30, 3e38, float32(math.NaN()))))
			}
			var r [][]float32
			r, err = e.Unembed(t.Context(), xs, w.next()%2 == 1)
			finite(r)
			if _, lerr := e.Outputs(pick(&w, 0, -1, s.Layers, math.MaxInt)); errors.Is(lerr, seam.Internal) {
				t.Fatal(lerr)
			}
		}
		var mistake *seam.Error
		if errors.Is(err, seam.Internal) || err != nil && (!errors.As(err, &mistake) || mistake.Hint == "") {
			t.Fatal(err)
		}
		if n := e.live.Load() - before; n != 0 {
			t.Fatalf("%d tensors were not freed by call %d (%v)", n, kind, err)
		}
	})
}
