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

// runPatch measures what setting a unit, on its own, to what it is elsewhere does to the metric of every case. The whole is
// asked for part by part, so that what a store has of it, when the rest was canceled, is not computed again.
func runPatch(ctx context.Context, e *env, settings message.PatchSettings) (any, tensors, error) {
	s := patching{settings}
	if settings.Part != nil {
		return s.part(ctx, e)
	}
	whole, joined := message.PatchBody{}, tensors{}
	q := *e
	q.emit = func(v steer.Event) {
		if v.Phase == "patch: patch" { // forward passes are the small part of it
			v.Phase = "patch"
			e.emit(v)
		}
	}
	for i := range settings.Parts() {
		one := settings
		one.Part = &message.PatchPart{Index: i, Of: settings.Parts()}
		b, ts, err := part[message.PatchBody](ctx, &q, "patch", one)
		if err != nil {
			return nil, nil, err
		}
		whole, joined = s.join(whole, joined, b, ts)
	}
	e.warn(q.warnings...)
	return whole, joined, nil
}

// patching is a patching that is being computed.
type patching struct{ message.PatchSettings }

// join puts a part behind those before it.
func (s patching) join(whole message.PatchBody, joined tensors, b message.PatchBody, ts tensors) (message.PatchBody, tensors) {
	if len(joined) == 0 {
		return b, ts
	}
	whole.Units, whole.Pairs = slices.Concat(whole.Units, b.Units), slices.Concat(whole.Pairs, b.Pairs)
	for name, t := range ts {
		if was, ok := joined[name]; !ok {
			joined[name] = t
		} else if name != "full" {
			joined[name] = steer.Tensor{Shape: []int{was.Shape[0] + t.Shape[0], t.Shape[1]}, Data: slices.Concat(was.Data, t.Data)}
		}
	}
	return whole, joined
}

// part computes one part.
func (s patching) part(ctx context.Context, e *env) (any, tensors, error) {
	units, pairs := s.patches(e.Shape())
	total := len(units) + len(pairs)
	lo, hi := s.Part.Index*total/s.Part.Of, (s.Part.Index+1)*total/s.Part.Of
	pairs = pairs[max(0, lo-len(units)):max(0, hi-len(units))]
	units = units[min(lo, len(units)):min(hi, len(units))]

	f := faithful{s.Faithful()}
	in, err := f.read(e)
	if err != nil {
		return nil, nil, err
	}
	donors, err := f.donors(ctx, e, in)
	if err != nil {
		return nil, nil, err
	}
	N := len(in.cases)
	body := message.PatchBody{Shape: e.Shape(), Units: units, Pairs: pairs, Ablation: s.Ablation, KeepFirst: s.KeepFirst, Seed: s.Seed, Cases: in.about}
	full, patched, ts := make([]float32, N), make([]float32, (hi-lo)*N), tensors{}
	list := patchesOf(units, pairs)
	done := lo * N
	emit := func() { e.emit(steer.Event{Phase: "patch", Done: done, Total: total * N}) }
	emit()
	for i := range in.cases {
		c, err := f.patchCase(ctx, e, in, donors, i)
		if err != nil {
			return nil, nil, err
		}
		ts[message.ShareOf(i)] = steer.Tensor{Shape: []int{len(units), c.length}, Data: c.shares(units)}
		if vectors := body.Vectors(); len(vectors) > 0 {
			foretold, err := c.foretold(ctx, e, vectors)
			if err != nil {
				return nil, nil, err
			}
			ts[message.ForetoldOf(i)] = steer.Tensor{Shape: []int{len(vectors), len(engine.Rules())}, Data: foretold}
		}
		err = c.measure(ctx, e, list, func(k int, metric float32) {
			if k < 0 {
				full[i] = metric
				return
			}
			patched[k*N+i] = metric
			done++
			emit()
		})
		if err != nil {
			return nil, nil, err
		}
	}
	ts["full"], ts["patched"] = steer.Tensor{Shape: []int{N}, Data: full}, steer.Tensor{Shape: []int{hi - lo, N}, Data: patched}
	return body, ts, nil
}

// patchesOf lists the units of each patch.
func patchesOf(units []engine.Neuron, pairs [][2]engine.Neuron) (out [][]engine.Neuron) {
	for _, u := range units {
		out = append(out, []engine.Neuron{u})
	}
	for _, p := range pairs {
		out = append(out, p[:])
	}
	return out
}

// A patchCase is one prompt with what its units are set to.
type patchCase struct {
	about        message.SweepPrompt
	ids          []int32
	length, from int // tokens; the first position that is patched
	shape        engine.Shape
	is           []message.Intervention // of every pass
	bos          bool
	own          siteValues // h [L,T,F], and z [L,T,H·C] where there are heads
	to           ablatedTo
}

// patchCase finds what the units of a case are, and what they are set to.
func (s faithful) patchCase(ctx context.Context, e *env, in faithfulInput, d *donors, i int) (patchCase, error) {
	ids := message.IDs(in.cases[i])
	g := faithfulGroup{cases: []int{i}, prompts: [][]int32{ids}, patch: [][]int32{message.IDs(in.patch[i])}, about: in.about[i : i+1], bos: in.bos[i : i+1], patchBOS: in.patchBOS[i : i+1]}
	c := patchCase{about: in.about[i], ids: ids, length: len(ids), shape: e.Shape(), is: s.Edits, bos: in.bos[i]}
	if s.KeepFirst {
		c.from = 1
	}
	own, err := s.captured(ctx, e, in.cases[i:i+1], len(ids))
	if err != nil {
		return c, err
	}
	c.own = own[0]
	c.to, err = d.group(ctx, e.quiet(), g)
	return c, err
}

// at returns what neuron u is set to at a position.
func (c patchCase) at(u engine.Neuron, t int) float32 {
	v := c.to.of(0)[engine.Neurons]
	if v == nil {
		return 0
	}
	return v[(u.Layer*c.to.rows+min(t, c.to.rows-1))*c.shape.Neurons+u.Index]
}

// headAt returns what the output of head u is set to at a position [C]; nil: zeros.
func (c patchCase) headAt(u engine.Neuron, t int) []float32 {
	v := c.to.of(0)[engine.Heads]
	if v == nil {
		return nil
	}
	return v[((u.Layer*c.to.rows+min(t, c.to.rows-1))*c.shape.Heads+u.Index)*c.shape.HeadDim:][:c.shape.HeadDim]
}

// shares returns (h − p)/h of each unit at each position [U,T]: what a patch takes of it, to first order. Of a head that is set
// to nothing it is 1, of one that is set to anything else, which no share can say, 0: see foretold.
func (c patchCase) shares(units []engine.Neuron) []float32 {
	out := make([]float32, len(units)*c.length)
	for k, u := range units {
		for t := c.from; t < c.length; t++ {
			x := &out[k*c.length+t]
			if u.Head {
				if c.headAt(u, t) == nil {
					*x = 1
				}
				continue
			}
			h := float64(c.own[engine.Neurons][(u.Layer*c.length+t)*c.shape.Neurons+u.Index])
			if share := (h - float64(c.at(u, t))) / h; message.Finite(share) {
				*x = float32(share)
			}
		}
	}
	return out
}

// measure runs the prompt as it is (−1) and under each patch, in one call of the engine, which shares what none of them changes.
func (c patchCase) measure(ctx context.Context, e *env, list [][]engine.Neuron, each func(k int, metric float32)) error {
	edits, tokens, bound := c.edits(list), []int32{c.about.Target.ID}, math.MaxInt // they are small, or share what is not
	if len(c.to.of(0)[engine.Heads]) > 0 {
		bound = editBytes // but those of heads
	}
	if c.about.Versus != nil {
		tokens = append(tokens, c.about.Versus.ID)
	}
	return passes[int]{
		edit:   edits,
		tokens: tokens,
		each: func(k, _ int, logits []float32) {
			m := float64(logits[0])
			if len(logits) > 1 {
				m -= float64(logits[1])
			}
			each(k-1, float32(m))
		},
		overflow: func(k, _ int, gives string) error {
			by := "the model as it is"
			if k > 0 {
				by = fmt.Sprintf("patching %v", list[k-1])
			}
			return engine.Mistake(engine.NotFinite, "%s gives %s on %q", by, gives, c.about.Prompt).Try(engine.TryLessOrCheck)
		},
	}.run(ctx, e, [][]int32{c.ids}, upTo(1+len(list)), bound)
}

// upTo returns 0 … n−1.
func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
