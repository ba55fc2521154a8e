package steer

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// attributeBody is the part of an attribution's record that is not tensors.
type attributeBody struct {
	Shape        Shape        `json:"shape"`
	Tokens       []Token      `json:"tokens"`
	BOS          bool         `json:"bos"` // the first token is a real BOS
	Metric       resolved     `json:"metric"`
	Rule         Rule         `json:"rule"`
	Target       Ranked       `json:"target"` // the target at the last position
	Conservation Conservation `json:"conservation"`
}

// executeAttribute computes the tensors "scores" [L,T,F] and "tokens" [T].
func executeAttribute(ctx context.Context, e Engine, text Text, r Request, emit func(Event)) (Record, error) {
	var s attributeSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	if err := s.check(); err != nil {
		return Record{}, err
	}
	shape := e.Shape()
	tokens, warnings, perr := s.Prompt.read(text, shape, "attribute", 0)
	metric, merr := s.Metric.resolve(text, "attribute", len(tokens))
	if err := errors.Join(perr, merr, checkInterventions("attribute", shape, s.Edits)); err != nil {
		return Record{}, err
	}
	bos := startsWithBOS(text, tokens)
	edit, _ := compose(shape, s.Edits, len(tokens), bos)
	if s.Metric.Versus.How == runnerUp {
		f, err := e.Forward(ctx, Forward{IDs: [][]int32{ids(tokens)}, Edit: edit}, progress(emit, "forward"))
		if err != nil {
			return Record{}, fmt.Errorf("attribute: %w", err)
		}
		metric = metric.chooseRunnerUp(f.Logits[0], text)
	}
	res, err := e.Attribute(ctx, Attribution{IDs: [][]int32{ids(tokens)}, Terms: [][]Term{metric.Terms}, Rule: s.Rule, Edit: edit},
		progress(emit, "attribute"))
	if err != nil {
		return Record{}, fmt.Errorf("attribute: %w", err)
	}
	scores := res.Scores[0] // [L,T,F]
	if err := errors.Join(finite(scores, shape, len(tokens)), finiteLogits("attribute", res.Logits[0])); err != nil {
		return Record{}, err
	}
	body := attributeBody{
		Shape: shape, Tokens: tokens, BOS: bos, Metric: metric, Rule: s.Rule,
		Target:       rank(res.Logits[0], metric.Target),
		Conservation: conserve(res, 0, s.Rule),
	}
	warnings = append(warnings, attributeWarnings(body, scores)...)
	return record(body, warnings, map[string]Tensor{
		"scores": {Shape: []int{shape.Layers, len(tokens), shape.Neurons}, Data: scores},
		"tokens": {Shape: []int{len(tokens)}, Data: res.Tokens[0]},
	})
}

// methods names the rules for people.
var methods = map[Rule]string{RelP: "relevance attribution", Frozen: "relevance attribution, frozen attention", Gradient: "gradient × activation"}

// attributed reads the record of an attribution.
func attributed(r Record) dense {
	b := body[attributeBody](r)
	a := about{Shape: b.Shape, Positions: len(b.Tokens), BOS: b.BOS, Method: methods[b.Rule], Metric: b.Metric.About(),
		Unit: "logits", Reference: b.Conservation.Metric, N: 1, Of: "prompt"}
	for _, t := range b.Tokens {
		a.Labels = append(a.Labels, t.Text)
	}
	return dense{about: a, scores: r.Tensors["scores"].Data, tokens: r.Tensors["tokens"].Data, warnings: r.Header.Warnings, attr: &b}
}

// finite reports a score [L,T,F] that is not a number, by layer.
func finite(scores []float32, shape Shape, positions int) error {
	if i := notFinite(scores); i >= 0 {
		return Errorf(NotFinite, "attribute", "layer %d gives a score that is not a finite number (%v)", i/(positions*shape.Neurons), scores[i]).
			Try("a multiplier may be too large, or the weights may be damaged: neuronsteer check")
	}
	return nil
}

// finiteLogits reports logits that are not numbers: every rank and probability made of them would be meaningless.
func finiteLogits(task string, logits []float32) error {
	if i := notFinite(logits); i >= 0 {
		return Errorf(NotFinite, task, "the logit of id %d is not a finite number (%v)", i, logits[i]).
			Try("a multiplier may be too large, or the weights may be damaged: neuronsteer check")
	}
	return nil
}

// notFinite returns the first index of a NaN or an infinity, or −1.
func notFinite(v []float32) int {
	return slices.IndexFunc(v, func(x float32) bool { return math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) })
}
