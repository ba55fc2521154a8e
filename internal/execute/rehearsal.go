package execute

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// rehearsal is an engine that counts what it is asked and answers with made-up numbers of the right sizes.
type rehearsal struct {
	real     engine.Engine
	pace     pace
	favorite int32 // the token that every prompt makes likeliest, so that no generation ends early
	cost     cost
	noise    []float32
	at       int
}

// engine returns it as an engine that can do what the real one can.
func (r *rehearsal) engine() engine.Engine {
	if s, ok := r.real.(engine.Stepper); ok {
		return together{r, s}
	}
	return r
}

// numbers returns n numbers of a fixed sequence between −1 and 1.
func (r *rehearsal) numbers(n int) []float32 {
	const enough = 1 << 16
	if r.noise == nil {
		r.noise = make([]float32, enough)
		for i, x := 0, uint32(1); i < enough; i++ {
			x = x*1664525 + 1013904223 // Numerical Recipes' generator: nothing rests on its quality
			r.noise[i] = float32(int32(x)) / (1 << 31)
		}
	}
	out := make([]float32, n)
	for i := 0; i < n; {
		k := copy(out[i:], r.noise[r.at:])
		i += k
		r.at = (r.at + k) % enough
	}
	return out
}

// each returns such numbers for each prompt, of as many as its length says.
func (r *rehearsal) each(ids [][]int32, n func(T int) int) [][]float32 {
	out := make([][]float32, len(ids))
	for i := range ids {
		out[i] = r.numbers(n(len(ids[i])))
	}
	return out
}

// logits returns [V] that prefer the favorite by far.
func (r *rehearsal) logits() []float32 {
	out := r.numbers(r.real.Shape().Vocab)
	out[r.favorite] = 30
	return out
}

func (r *rehearsal) Shape() engine.Shape { return r.real.Shape() }
func (r *rehearsal) Name() string        { return r.real.Name() }
func (r *rehearsal) Close() error        { return nil }

func (r *rehearsal) Forward(ctx context.Context, in engine.Forward, _ func(done, total int)) (engine.ForwardResult, error) {
	s := r.Shape()
	r.cost.run(r.pace, lengths(in.IDs))
	var out engine.ForwardResult
	for range in.IDs {
		out.Logits = append(out.Logits, r.logits())
	}
	if in.AllLogits {
		out.Logits = r.each(in.IDs, func(T int) int { return T * s.Vocab })
	}
	for _, c := range []struct {
		site engine.Site
		to   *[][]float32
		n    func(T int) int
	}{
		{engine.Neurons, &out.Neurons, func(T int) int { return s.Layers * T * s.Neurons }},
		{engine.Residual, &out.Residual, func(T int) int { return s.Layers * T * s.Width }},
		{engine.MLP, &out.MLP, func(T int) int { return s.Layers * T * s.Width }},
		{engine.Attention, &out.Attention, func(T int) int { return s.Layers * s.Heads * T * T }},
		{engine.Embedding, &out.Embedding, func(T int) int { return T * s.Width }},
		{engine.Heads, &out.Heads, func(T int) int { return s.Layers * T * s.Heads * s.HeadDim }},
	} {
		if in.Capture&c.site != 0 {
			*c.to = r.each(in.IDs, c.n)
		}
	}
	return out, ctx.Err()
}

func (r *rehearsal) Attribute(ctx context.Context, in engine.Attribution, _ func(done, total int)) (engine.AttributionResult, error) {
	s := r.Shape()
	r.cost.run(r.pace, lengths(in.IDs))
	r.cost.back(r.pace, lengths(in.IDs), 1)
	one := func(int) int { return 1 }
	out := engine.AttributionResult{
		Scores:    r.each(in.IDs, func(T int) int { return s.Layers * T * s.Neurons }),
		Tokens:    r.each(in.IDs, func(T int) int { return T }),
		Heads:     r.each(in.IDs, func(T int) int { return s.Layers * T * s.Heads }),
		Sources:   r.each(in.IDs, func(T int) int { return s.Layers * T * s.Heads }),
		Attention: r.each(in.IDs, func(int) int { return s.Layers }),
		Metric:    slices.Concat(r.each(in.IDs, one)...),
		Linear:    slices.Concat(r.each(in.IDs, one)...),
		Biases:    make([]float32, len(in.IDs)),
		Injected:  make([]float32, len(in.IDs)),
	}
	for range in.IDs {
		out.Logits = append(out.Logits, r.logits())
	}
	return out, ctx.Err()
}

func (r *rehearsal) Edges(ctx context.Context, in engine.Edges, _ func(done, total int)) (engine.EdgesResult, error) {
	s, T := r.Shape(), len(in.IDs)
	layers := []int{} // how many layers lie below each target
	for _, n := range in.Targets {
		layers = append(layers, n.Layer)
	}
	for range len(in.Outputs) + count(in.Metric) {
		layers = append(layers, s.Layers)
	}
	r.cost.run(r.pace, []int{T})
	for _, l := range layers {
		r.cost.back(r.pace, []int{T}, float64(l)/float64(s.Layers))
	}
	targets := make([][]int32, len(layers))
	rows := func(n int) [][]float32 { return r.each(targets, func(int) int { return n }) }
	out := engine.EdgesResult{
		Weights: rows(len(in.Sources)), Value: r.numbers(len(layers)), Tokens: rows(T), Attention: rows(s.Layers),
		Biases: make([]float32, len(layers)), Injected: make([]float32, len(layers)),
	}
	if in.Direct {
		out.Neurons = rows(s.Layers)
	}
	if len(in.Terms) > 0 {
		out.Logits = r.logits()
	}
	return out, ctx.Err()
}

func (r *rehearsal) Variants(ctx context.Context, ids [][]int32, edits []*engine.Edit, tokens []int32,
	each func(edit, prompt int, logits []float32) error, _ func(done, total int),
) error {
	r.cost.start(r.pace)
	for k, edit := range edits {
		r.cost.variant(r.pace, ids, edit, r.Shape())
		for i := range ids {
			if err := ctx.Err(); err != nil {
				return err
			}
			logits := r.numbers(len(tokens))
			if tokens == nil {
				logits = r.logits()
			}
			if err := each(k, i, logits); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *rehearsal) Decode(ctx context.Context, in engine.Decoding) (engine.Decoder, error) {
	r.cost.run(r.pace, []int{len(in.IDs)})
	return &rehearsed{r, r.logits()}, ctx.Err()
}

func (r *rehearsal) Outputs(int) ([]float32, error) {
	return r.numbers(r.Shape().Neurons * r.Shape().Width), nil
}

func (r *rehearsal) Unembed(ctx context.Context, xs [][]float32, _ bool) ([][]float32, error) {
	out := make([][]float32, len(xs))
	for i := range xs {
		out[i] = r.logits()
	}
	return out, ctx.Err()
}

// rehearsed is a continuation of it.
type rehearsed struct {
	r      *rehearsal
	logits []float32
}

func (d *rehearsed) Logits() []float32 { return d.logits }
func (d *rehearsed) Close()            {}
func (d *rehearsed) Step(ctx context.Context, _ int32) error {
	d.r.cost.step(d.r.pace, 1)
	return ctx.Err()
}

// together is a rehearsal of an engine that steps several sessions at a time.
type together struct {
	*rehearsal
	engine.Stepper
}

func (t together) StepTogether(ctx context.Context, sessions []engine.Decoder, _ []int32) error {
	t.cost.step(t.pace, len(sessions))
	return ctx.Err()
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
