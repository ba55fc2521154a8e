package engine

import (
	"errors"
	"math"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// termList is the metrics of a batch as flat arrays, N terms in all.
type termList struct {
	prompt, position     []int     // [N]
	rows, target, versus []int32   // [N]; the rows are those of the stream after the forward pass
	sign                 []float32 // [N,1]
	weight               []float32 // [N]
	place                []float32 // [R,N]: a term's weight at the row at which the backward pass begins with it, else 0
	b, r                 int
	logProb              bool // the terms are log-probabilities of their targets
}

// terms checks the terms of every prompt and flattens them.
func (e *Engine) terms(task string, b batch, all [][]seam.Term, logProb bool) (termList, error) {
	l := termList{b: b.b, logProb: logProb}
	if len(all) != b.b {
		return l, seam.Errorf(seam.BadSetting, task, "there are metrics for %d prompts, but %d prompts", len(all), b.b).Try("give one metric for each prompt")
	}
	for i, terms := range all {
		if len(terms) == 0 {
			return l, seam.Errorf(seam.BadSetting, task, "prompt %d has no metric", i).Try("give a target token")
		}
		for _, t := range terms {
			if t.Position < 0 || t.Position >= b.lens[i] {
				return l, seam.Errorf(seam.BadSetting, task, "position %d is outside prompt %d, which has %d tokens", t.Position, i, b.lens[i]).
					Try("use 0 to %d", b.lens[i]-1)
			}
			if err := e.checkID(task, t.Target); err != nil {
				return l, err.Try("name the target by a token of this model")
			}
			w := t.Factor()
			if x := float64(w); math.IsNaN(x) || math.IsInf(x, 0) {
				return l, seam.Errorf(seam.NotFinite, task, "a term of prompt %d has the weight %v", i, w).Try("use a finite number")
			}
			versus, sign := t.Versus, float32(1)
			if logProb && versus != -1 {
				return l, seam.Errorf(seam.BadSetting, task, "a term of prompt %d has the counterfactual %d, but log-probabilities have none", i, versus).
					Try("leave the counterfactual out (−1), or take the difference of logits")
			}
			if versus == -1 {
				versus, sign = 0, 0
			} else if err := e.checkID(task, versus); err != nil {
				return l, err.Try("name the counterfactual by a token of this model, or −1 for none")
			}
			l.prompt, l.position = append(l.prompt, i), append(l.position, t.Position)
			l.target, l.versus, l.sign = append(l.target, t.Target), append(l.versus, versus), append(l.sign, sign)
			l.weight = append(l.weight, w)
		}
	}
	return l, nil
}

// read lists the positions of each prompt that are read after the last layer: the terms', and the last.
func (l *termList) read(b batch) [][]int {
	at := b.lastOnly()
	for j, p := range l.prompt {
		at[p] = append(at[p], l.position[j])
	}
	return at
}

// lie says where the terms are in the residual stream after the last layer: of the forward pass, in which prompts may share rows,
// and of the backward pass.
func (l *termList) lie(forward, backward after) {
	n := len(l.prompt)
	l.r, l.place = backward.r, make([]float32, backward.r*n)
	for j, p := range l.prompt {
		l.rows = append(l.rows, forward.rows[p][l.position[j]])
		l.place[int(backward.rows[p][l.position[j]])*n+j] = l.weight[j]
	}
}

// seed evaluates the metrics at the residual stream x after the last layer, summed in float64 [B], and returns their
// gradient there [R,D], or of the rows that go on [N,D]. linear is ⟨∂m/∂z, z⟩ over the logits z before their cap [B].
func (s *scope) seed(rules decoder.Rules, x *tensors.Tensor, l termList) (gx *tensors.Tensor, metric, linear []float64, err error) {
	n := len(l.rows)
	var gradient *tensors.Tensor // ∂m/∂(normed x) [N,D]
	if l.logProb {
		gradient, metric, err = s.logProbs(rules, x, l)
	} else {
		gradient, metric, err = s.logitTerms(rules, x, l)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	rows, err := upload(s, l.rows, n)
	if err != nil {
		return nil, nil, nil, err
	}
	place, err := upload(s, l.place, l.r, n)
	if err != nil {
		return nil, nil, nil, err
	}
	key := graphKey{kind: seedGraph, rules: decoder.Rules{Norm: rules.Norm}, shape: [3]int{l.r, n}}
	out, err := s.run(key, []*tensors.Tensor{x, rows, place, gradient, s.e.weights.final})
	if err != nil {
		return nil, nil, nil, err
	}
	linear = make([]float64, l.b)
	err = read(out[0], func(terms []float32) {
		for j, p := range l.prompt {
			linear[p] += float64(l.weight[j]) * float64(terms[j])
		}
	})
	if err != nil {
		return nil, nil, nil, internal(s.task, err)
	}
	if metric == nil { // it is linear in the logits
		metric = linear
	}
	s.free(rows, place, gradient, out[0])
	return out[1], metric, linear, nil
}

// logitTerms returns the gradient of differences of logits [N,D], and, where a cap keeps them from being linear, the metrics
// [B]; else that is nil.
func (s *scope) logitTerms(rules decoder.Rules, x *tensors.Tensor, l termList) (gradient *tensors.Tensor, metric []float64, err error) {
	n, w := len(l.rows), s.e.weights
	in := []*tensors.Tensor{w.head}
	put := func(t *tensors.Tensor, perr error) { in, err = append(in, t), errors.Join(err, perr) }
	put(upload(s, l.target, n))
	put(upload(s, l.versus, n))
	put(upload(s, l.sign, n, 1))
	if err != nil {
		return nil, nil, err
	}
	if s.e.cfg.LogitCap == 0 {
		out, err := s.run(graphKey{kind: termGraph, shape: [3]int{n}}, in)
		if err != nil {
			return nil, nil, err
		}
		s.free(in[1:]...)
		return out[0], nil, nil
	}
	rows, err := upload(s, l.rows, n)
	if err != nil {
		return nil, nil, err
	}
	key := graphKey{kind: cappedGraph, rules: decoder.Rules{Cap: rules.Cap}, shape: [3]int{l.r, n}}
	out, err := s.run(key, in, []*tensors.Tensor{x, rows, w.final})
	if err != nil {
		return nil, nil, err
	}
	metric = make([]float64, l.b)
	err = read(out[1], func(terms []float32) {
		for j, p := range l.prompt {
			metric[p] += float64(l.weight[j]) * float64(terms[j])
		}
	})
	if err != nil {
		return nil, nil, internal(s.task, err)
	}
	s.free(in[1:]...)
	s.free(rows, out[1])
	return out[0], metric, nil
}
