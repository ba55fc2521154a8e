package steer

import (
	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// methods names the rules for people.
var methods = map[Rule]string{engine.RelP: "relevance attribution", engine.Frozen: "relevance attribution, frozen attention", engine.Gradient: "gradient × activation"}

// attributed reads the record of an attribution.
func attributed(r Record) dense {
	d := describe(decodeBody[message.AttributeBody](r))
	d.scores, d.tokens, d.warnings, d.header = r.Tensors["scores"].Data, r.Tensors["tokens"].Data, r.Header.Warnings, r.Header
	return d
}

// describe describes the scores of one prompt; the numbers are the caller's to fill in.
func describe(b message.AttributeBody) dense {
	a := about{Shape: b.Shape, Positions: len(b.Tokens), BOS: b.BOS, Method: methods[b.Rule], Metric: b.Metric.About(),
		Unit: b.Metric.Unit(), Reference: b.Conservation.Metric, N: 1, Of: "prompt"}
	a.Labels = engine.Labels(b.Tokens)
	return dense{about: a, attr: &b}
}
