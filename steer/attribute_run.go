package steer

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// attributeBody is the part of an attribution's record that is not tensors.
type attributeBody struct {
	Shape        engine.Shape   `json:"shape"`
	Tokens       []engine.Token `json:"tokens"`
	BOS          bool           `json:"bos"` // the first token is a real BOS
	Metric       resolved       `json:"metric"`
	Rule         engine.Rule    `json:"rule"`
	Target       Ranked         `json:"target"` // the target at the last position
	Conservation Conservation   `json:"conservation"`
}

// executeAttribute computes the tensors "scores" [L,T,F] and "tokens" [T].
func executeAttribute(ctx context.Context, e engine.Engine, text engine.Tokenizer, r Request, emit func(Event)) (Record, error) {
	var s attributeSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	if err := s.check(); err != nil {
		return Record{}, err
	}
	j, err := readJob(text, e.Shape(), "attribute", s.Prompt, s.Metric)
	if err := errors.Join(err, checkInterventions("attribute", e.Shape(), s.Edits)); err != nil {
		return Record{}, err
	}
	a := attribution{"attribute", s.Metric.Target.How == byAnswer, s.Rule, s.Edits}
	out, err := a.run(ctx, e, text, []job{j}, func(phase string) func(int, int) { return progress(emit, phase) })
	if err != nil {
		return Record{}, err
	}
	return record(out[0].body, out[0].warnings, map[string]Tensor{
		"scores": {Shape: []int{e.Shape().Layers, len(j.tokens), e.Shape().Neurons}, Data: out[0].scores},
		"tokens": {Shape: []int{len(j.tokens)}, Data: out[0].tokens},
	})
}

// methods names the rules for people.
var methods = map[engine.Rule]string{engine.RelP: "relevance attribution", engine.Frozen: "relevance attribution, frozen attention", engine.Gradient: "gradient × activation"}

// attributed reads the record of an attribution.
func attributed(r Record) dense {
	d := body[attributeBody](r).dense()
	d.scores, d.tokens, d.warnings, d.header = r.Tensors["scores"].Data, r.Tensors["tokens"].Data, r.Header.Warnings, r.Header
	return d
}

// dense describes the scores of one prompt; the numbers are the caller's to fill in.
func (b attributeBody) dense() dense {
	a := about{Shape: b.Shape, Positions: len(b.Tokens), BOS: b.BOS, Method: methods[b.Rule], Metric: b.Metric.About(),
		Unit: b.Metric.Unit(), Reference: b.Conservation.Metric, N: 1, Of: "prompt"}
	a.Labels = engine.Texts(b.Tokens)
	return dense{about: a, attr: &b}
}

// finite reports a score [L,T,F] that is not a number, by layer.
func finite(task string, scores []float32, shape engine.Shape, positions int) error {
	if i := notFinite(scores); i >= 0 {
		return engine.Errorf(engine.NotFinite, task, "layer %d gives a score that is not a finite number (%v)", i/(positions*shape.Neurons), scores[i]).
			Try("a multiplier may be too large, or the weights may be damaged: neuronsteer check")
	}
	return nil
}

// finiteLogits reports logits that are not numbers: every rank and probability made of them would be meaningless.
func finiteLogits(task string, logits []float32) error {
	if i := notFinite(logits); i >= 0 {
		return engine.Errorf(engine.NotFinite, task, "the logit of id %d is not a finite number (%v)", i, logits[i]).
			Try("a multiplier may be too large, or the weights may be damaged: neuronsteer check")
	}
	return nil
}

// notFinite returns the first index of a NaN or an infinity, or −1.
func notFinite(v []float32) int {
	return slices.IndexFunc(v, func(x float32) bool { return math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) })
}
