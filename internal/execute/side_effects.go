package execute

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// sideEffects is what a sweep does to neutral texts, as it stands in the record. Row 0 is the unsteered model.
type sideEffects struct {
	kl, nll       []float32  // [1+M,S] sums over positions, in nats
	tokens        []int      // [S]
	continuations [][]string // [1+M,S]; nil without continuing
}

// sideEffects runs every text under every multiplier.
func (s sweeping) sideEffects(ctx context.Context, e *env, in sweepInput) (sideEffects, error) {
	S := len(in.texts)
	out := sideEffects{kl: make([]float32, (1+len(s.Multipliers))*S), nll: make([]float32, (1+len(s.Multipliers))*S)}
	done, total := 0, S*(1+len(s.Multipliers))
	for i, x := range in.texts {
		out.tokens = append(out.tokens, len(x.ids))
		if err := s.compareText(ctx, e, x, func(row int, kl, nll float64) {
			out.kl[row*S+i], out.nll[row*S+i] = float32(kl), float32(nll)
			done++
			e.emit(steer.Event{Phase: "side effects", Done: done, Total: total})
		}); err != nil {
			return out, fmt.Errorf("sweep: side effects: %w", err)
		}
	}
	if s.Continue == 0 {
		return out, nil
	}
	done = 0
	for row := range 1 + len(s.Multipliers) {
		texts := make([]string, S)
		for i, x := range in.texts {
			if row > 0 && s.multiplier(row) == 1 {
				texts[i] = out.continuations[0][i]
			} else {
				var err error
				if texts[i], err = s.proceed(ctx, e, x, s.multiplier(row)); err != nil {
					return out, fmt.Errorf("sweep: continuing text %d: %w", i+1, err)
				}
			}
			done++
			e.emit(steer.Event{Phase: "continue", Done: done, Total: total})
		}
		out.continuations = append(out.continuations, texts)
	}
	return out, nil
}

// multiplier returns that of a row of the side effects; row 0 is the unsteered model.
func (s sweeping) multiplier(row int) float64 {
	if row == 0 {
		return 1
	}
	return s.Multipliers[row-1]
}

// compareText gives Σ_t KL(p_t‖q_t) and Σ_t −log q_t(next token) of one text for every row, p being the unsteered model's
// distribution at a position and q the steered one's. Several multipliers go to the engine as one batch of the same text.
func (s sweeping) compareText(ctx context.Context, e *env, x sweepText, each func(row int, kl, nll float64)) error {
	shape, T := e.Shape(), len(x.ids)
	var base []float32 // [T,V]
	for rows := s.rows(); len(rows) > 0; {
		n := min(len(rows), max(1, batchTokens/T))
		if base == nil {
			n = 1 // row 0
		}
		in := engine.Forward{AllLogits: true, Edit: s.editRows(shape, x, rows[:n])}
		for range n {
			in.IDs = append(in.IDs, x.ids)
		}
		f, err := e.Forward(ctx, in, nil)
		if at := (*engine.Error)(nil); errors.As(err, &at) && at.Place != nil && at.Place.Layer >= 0 {
			return engine.Mistake(engine.NotFinite, "the multiplier %v gives %s of a text for side effects", s.multiplier(rows[at.Place.Prompt]), badLayer(at.Place.Layer)).
				Try("use smaller multipliers")
		}
		if err != nil {
			return err
		}
		for k, row := range rows[:n] {
			logits := f.Logits[k] // [T,V]
			if gives, bad := badLogit(logits); bad {
				return engine.Mistake(engine.NotFinite, "the multiplier %v gives %s", s.multiplier(row), gives).Try("use smaller multipliers")
			}
			if base == nil {
				base = logits
			}
			kl, nll := divergence(base, logits, x.ids)
			each(row, kl, nll)
			for again := range s.Multipliers { // a multiplier of 1 is the unsteered model
				if row == 0 && s.Multipliers[again] == 1 {
					each(again+1, kl, nll)
				}
			}
		}
		rows = rows[n:]
	}
	return nil
}

// rows lists the rows that are run: the unsteered model, then every multiplier but 1.
func (s sweeping) rows() []int {
	out := []int{0}
	for m, x := range s.Multipliers {
		if x != 1 {
			out = append(out, m+1)
		}
	}
	return out
}

// editRows composes the edits of several rows for copies of one text.
func (s sweeping) editRows(shape engine.Shape, x sweepText, rows []int) *engine.Edit {
	edits, lengths, T := make([]*engine.Edit, len(rows)), make([]int, len(rows)), 1
	for k, row := range rows {
		edits[k], _ = compose(shape, s.scaling(s.Neurons, s.multiplier(row)), len(x.ids), x.bos)
		if edits[k] != nil {
			T = max(T, edits[k].T)
		}
	}
	if len(rows) == 1 {
		return edits[0]
	}
	for k := range lengths {
		lengths[k] = T
	}
	return stack(shape, edits, lengths)
}

// divergence returns Σ_t KL(p_t‖q_t) over the T positions of base and steered logits [T,V], and Σ_t −log q_t(id_{t+1})
// over the T−1 that have a next token.
func divergence(base, steered []float32, ids []int32) (kl, nll float64) {
	V := len(base) / len(ids)
	for t := range ids {
		p, q := base[t*V:][:V], steered[t*V:][:V]
		np, nq := message.LogSum(p), message.LogSum(q)
		for i := range p {
			lp := float64(p[i]) - np
			kl += message.ExpSmall(lp) * (lp - (float64(q[i]) - nq))
		}
		if t+1 < len(ids) {
			nll += nq - float64(q[ids[t+1]])
		}
	}
	return kl, nll
}

// proceed continues a text greedily under a multiplier, up to a token that ends a text.
func (s sweeping) proceed(ctx context.Context, e *env, x sweepText, multiplier float64) (string, error) {
	edit, generated := compose(e.Shape(), s.scaling(s.Neurons, multiplier), len(x.ids), x.bos)
	d, err := e.Decode(ctx, engine.Decoding{IDs: x.ids, Edit: edit, Generated: generated, Reserve: s.Continue})
	if err != nil {
		return "", err
	}
	defer d.Close()
	var out []int32
	for {
		if err := finiteLogits(d.Logits()); err != nil {
			return "", err
		}
		id := argmax(d.Logits())
		if slices.Contains(e.text.Ends(), id) {
			break
		}
		if out = append(out, id); len(out) == s.Continue {
			break
		}
		if err := d.Step(ctx, id); err != nil {
			return "", err
		}
	}
	return e.text.DecodeNew(out)
}
