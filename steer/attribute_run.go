package steer

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// methods names the rules for people.
var methods = map[Rule]string{
	engine.RelP: "relevance attribution", engine.Frozen: "relevance attribution, frozen attention",
	engine.ConstantQKNorm: "relevance attribution, constant query and key norms", engine.Gradient: "gradient × activation",
}

// methodOf names a rule for people.
func methodOf(r Rule) string {
	if n, ok := r.Steps(); ok {
		return fmt.Sprintf("integrated gradients, %d steps", n)
	}
	return methods[r]
}

// attributed reads the record of an attribution.
func attributed(r Record) dense {
	d := describe(decodeBody[message.AttributeBody](r))
	d.scores, d.tokens, d.warnings, d.header = r.Tensors["scores"].Data, r.Tensors["tokens"].Data, r.Header.Warnings, r.Header
	return d.withHeads(r.Tensors["heads"].Data, r.Tensors["sources"].Data)
}

// describe describes the scores of one prompt; the numbers are the caller's to fill in.
func describe(b message.AttributeBody) dense {
	a := about{Shape: b.Shape, Positions: len(b.Tokens), BOS: b.BOS, Method: methodOf(b.Rule), Metric: b.Metric.About(),
		Unit: b.Metric.Unit(), Reference: b.Conservation.Metric, N: 1, Of: "prompt"}
	a.Labels = engine.Labels(b.Tokens)
	return dense{about: a, attr: &b}
}
