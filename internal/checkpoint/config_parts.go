package checkpoint

import (
	"errors"
	"fmt"
	"math"
)

// parts reads the members that switch parts of a decoder, those of them that the family reads.
func (j configJSON) parts(f family, c *Config) error {
	p := partReader{j: j, f: f}
	if f.reads["attention_bias"] {
		c.QKVBias, c.OutBias = or(j.AttentionBias, false), or(j.AttentionBias, false)
	}
	c.MLPBias = or(j.MLPBias, false)
	c.Activation = p.activation("hidden_act", j.HiddenAct, c.Activation)
	c.Activation = p.activation("hidden_activation", j.HiddenActivation, c.Activation)
	if f.reads["query_pre_attn_scalar"] {
		c.QueryScale = 1 / math.Sqrt(p.positive("query_pre_attn_scalar", j.QueryScalar, f.defaults.queryScalar))
	}
	if f.reads["attention_multiplier"] {
		c.QueryScale = p.positive("attention_multiplier", j.Attention, 1)
	}
	c.EmbedScale = p.positive("embedding_multiplier", j.Embedding, c.EmbedScale)
	c.ResidualScale = p.positive("residual_multiplier", j.Residual, 1)
	c.LogitScale = 1 / p.positive("logits_scaling", j.Logits, 1)
	c.AttentionCap = p.cap("attn_logit_softcapping", j.AttentionCap, f.defaults.attentionCap)
	c.LogitCap = p.cap("final_logit_softcapping", j.LogitCap, f.defaults.logitCap)
	return errors.Join(p.errs...)
}

// A partReader collects what is wrong with the members that it reads. A member that the family does not read is nil.
type partReader struct {
	j    configJSON
	f    family
	errs []error
}

func (p *partReader) wrong(format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf(format, args...))
}

func (p *partReader) activation(name string, said *string, otherwise string) string {
	if said == nil {
		return otherwise
	}
	act, known := activations[*said]
	if !known {
		p.wrong("%s %q is not supported; silu and gelu_pytorch_tanh are", name, *said)
	}
	return act
}

func (p *partReader) positive(name string, said *float64, otherwise float64) float64 {
	x := or(said, otherwise)
	if !(x > 0) || math.IsInf(x, 0) {
		p.wrong("%s is %g, not a positive number", name, x)
		return 1
	}
	return x
}

// cap reads a soft cap, 0 where there is none: null says that.
func (p *partReader) cap(name string, said *float64, otherwise float64) float64 {
	_, named := p.j.members[name]
	switch {
	case said != nil:
		return p.positive(name, said, 0)
	case named && p.f.reads[name]:
		return 0
	}
	return otherwise
}
