package engine

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// ruleOf says what a rule holds constant.
var ruleOf = map[seam.Rule]decoder.Rules{seam.RelP: decoder.RelP, seam.Frozen: decoder.Frozen, seam.ConstantQKNorm: decoder.ConstantQKNorm,
	seam.Gradient: decoder.Plain}

// rulesOf says what a rule holds constant.
func rulesOf(task string, r seam.Rule) (decoder.Rules, error) {
	rules, ok := ruleOf[r]
	if !ok {
		return rules, seam.Errorf(seam.BadSetting, task, "there is no rule %q", r).
			Try("use %q, %q, %q or %q", seam.RelP, seam.Frozen, seam.ConstantQKNorm, seam.Gradient)
	}
	return rules, nil
}

// Attribute runs a batch forward and one linearized pass backward; see [steer.Engine] and package decoder.
func (e *Engine) Attribute(ctx context.Context, in seam.Attribution, progress func(done, total int)) (res seam.AttributionResult, err error) {
	const task = "attribute"
	defer func() {
		if err != nil {
			res = seam.AttributionResult{} // partial work is dropped
		}
	}()
	defer fence(task, &err)
	leave, err := e.enter(ctx, task)
	if err != nil {
		return res, err
	}
	defer leave()
	rules, err := rulesOf(task, in.Rule)
	if err != nil {
		return res, err
	}
	b, err := e.batch(task, in.IDs)
	if err != nil {
		return res, err
	}
	fb := b.sharedUnder(in.Edit) // of the forward pass
	terms, err := e.terms(task, b, in.Terms, in.LogProb)
	if err != nil {
		return res, err
	}
	if err := checkEdit(task, e.cfg, in.Edit, b.b, b.t); err != nil {
		return res, err
	}
	if err := checkBack(task, in.Edit); err != nil {
		return res, err
	}
	wanted := terms.read(b) // after the last layer
	picked := e.pick(b, wanted)
	s, err := e.scope(ctx, task, demand{b: b.b, t: b.t, bytes: e.attributeBytes(rules, in, len(terms.prompt), picked != nil)})
	if err != nil {
		return res, err
	}
	defer s.close()

	// Forward. Frozen and RelP share their tapes. Of long prompts not all are kept: the groups below are run again.
	// From the last layer the rows go on that are read, in both passes or in none: two thirds of the work are the backward pass's.
	p := pass{kind: tapeGraph, rules: rules.Tape(), batch: fb, edits: rowsOf(in.Edit), decided: decided{}}
	if picked != nil {
		p.picks = newPicks(fb, wanted)
	}
	terms.lie(fb.after(p.picks), b.after(picked))
	kept := e.keptTapes(4 * int64(e.cfg.TapeSize(e.tapeForm(rules, in.Edit, b.b, b.t), b.b, b.t, b.b*b.t)))
	m := &meter{total: 2*len(e.groups) + 1 + kept, report: progress}
	x, err := s.embed(fb.ids)
	if err != nil {
		return res, err
	}
	if fb.r() < b.r() {
		if p.apart, err = s.apart(fb, b, p.picks, picked); err != nil {
			return res, err
		}
	}
	tapes := tapes{s: s, pass: p, kept: kept, to: len(e.groups), meter: m}
	if x, err = tapes.record(x); err != nil {
		return res, err
	}
	if res.Logits, err = s.logits(x, fb.after(p.picks).last(), ones(b.b)); err != nil {
		return res, err
	}
	gx, metric, linear, err := s.seed(rules, x, terms)
	if err != nil {
		return res, err
	}
	s.free(x)
	m.step()

	// Backward.
	res.Scores = b.layers(e.cfg.Layers, e.cfg.Neurons)
	res.Attention = make([][]float32, b.b)
	for i := range res.Attention {
		res.Attention[i] = make([]float32, e.cfg.Layers)
	}
	res.Heads, res.Sources = b.layers(e.cfg.Layers, e.cfg.Heads), b.layers(e.cfg.Layers, e.cfg.Heads)
	if in.HeadSlopes {
		res.HeadSlopes = b.layers(e.cfg.Layers, e.cfg.Heads*e.cfg.HeadDim)
	}
	injected, biases := make([]float64, b.b), make([]float64, b.b)
	p.batch = b
	tb, done, err := s.table(p)
	if err != nil {
		return res, err
	}
	defer done()
	for i, g := range slices.Backward(e.groups) {
		key := graphKey{kind: backGraph, rules: rules, form: p.tapeForm(), layers: g.len(), kinds: e.kinds(g, b.t), shape: b.shape(), slopes: in.HeadSlopes}
		var last []*tensors.Tensor
		if g.to == e.cfg.Layers {
			if key.picked = picked.size(); picked != nil {
				if last, err = s.picked(picked, b); err != nil {
					return res, err
				}
			}
		}
		tape, err := tapes.of(i)
		if err != nil {
			return res, err
		}
		out, err := s.run(key, []*tensors.Tensor{gx}, tb.of(key.kinds, g.len()), last, e.weights.layers(g), tape)
		if err != nil {
			return res, err
		}
		s.free(gx)
		s.free(last...)
		s.free(tape...)
		gx = out[0] // [R,D]
		rest := out[1:]
		for l := g.to - 1; l >= g.from; l-- {
			next := func() *tensors.Tensor { t := rest[0]; rest = rest[1:]; return t }
			bad, err := b.scatter(s.e.spread, res.Scores, l, e.cfg.Neurons, next()) // [R,F]
			if i := slices.Index(bad, true); i >= 0 {                               // the pass comes from above: it is the first such layer
				return res, s.notFinite(check{batch: b, edited: in.Edit != nil}, l, i)
			}
			for _, heads := range [][][]float32{res.Heads, res.Sources} {
				_, herr := b.scatter(s.e.spread, heads, l, e.cfg.Heads, next()) // [R,H]; tokens tell what is not finite
				err = errors.Join(err, herr)
			}
			if !rules.Pattern {
				err = errors.Join(err, b.addTo(next(), func(p int, sum float64) { res.Attention[p][l] = float32(sum) })) // [R,1]
			}
			if e.cfg.Biased() {
				err = errors.Join(err, b.addTo(next(), func(p int, sum float64) { biases[p] += sum })) // [R,1]
			}
			if in.Edit != nil {
				err = errors.Join(err, b.addTo(next(), func(p int, sum float64) { injected[p] += sum })) // [R,1]
			}
			if in.HeadSlopes {
				_, herr := b.scatter(s.e.spread, res.HeadSlopes, l, e.cfg.Heads*e.cfg.HeadDim, next()) // [R, H·C]
				err = errors.Join(err, herr)
			}
			if err != nil {
				return res, internal(task, err)
			}
		}
		s.free(out[1:]...)
		m.step()
	}
	if res.Tokens, err = s.tokens(b, gx); err != nil {
		return res, err
	}
	for i := range metric {
		res.Metric = append(res.Metric, float32(metric[i]))
		res.Linear = append(res.Linear, float32(linear[i]))
		res.Biases = append(res.Biases, float32(biases[i]))
		res.Injected = append(res.Injected, float32(injected[i]))
		sum := metric[i] + linear[i] + biases[i] + injected[i]
		for _, x := range res.Tokens[i] {
			sum += float64(x)
		}
		if math.IsNaN(sum) || math.IsInf(sum, 0) {
			return res, s.notFinite(check{batch: b, edited: in.Edit != nil}, -1, i)
		}
	}
	return res, nil
}

// tapeForm says what the tapes of an attribution hold.
func (e *Engine) tapeForm(rules decoder.Rules, edit *seam.Edit, b, t int) decoder.TapeForm {
	return tapeForm(rules, ownForm(edit), e.blockRows(b, t) < t)
}

func tapeForm(rules decoder.Rules, edit editForm, blocks bool) decoder.TapeForm {
	return decoder.TapeForm{Rules: rules.Tape(), Edited: edit != "", Blocks: blocks, OutMLP: edit.count(formOutMLP), OutResidual: edit.count(formOutResidual)}
}

// tokens returns ⟨∂m/∂e_t, e_t⟩ of each prompt [T], summed in float64.
func (s *scope) tokens(b batch, gx *tensors.Tensor) ([][]float32, error) {
	x, err := s.embed(b.ids) // a look-up is cheaper than keeping the rows through both passes
	if err != nil {
		return nil, err
	}
	d := s.e.cfg.Width
	out := make([][]float32, b.b)
	err = read(x, func(x []float32) {
		if rerr := read(gx, func(g []float32) {
			for i, rows := range b.rows {
				out[i] = make([]float32, len(rows))
				for t, r := range rows {
					out[i][t] = relevance(g[int(r)*d:][:d], x[int(r)*d:][:d])
				}
			}
		}); rerr != nil {
			err = rerr
		}
	})
	if err != nil {
		return nil, internal(s.task, err)
	}
	s.free(x, gx)
	return out, nil
}

// relevance is ⟨g, x⟩ of a row x and the gradient in it, summed in float64.
func relevance(g, x []float32) float32 {
	sum := 0.
	for j, v := range x {
		sum += float64(g[j]) * float64(v)
	}
	return float32(sum)
}
