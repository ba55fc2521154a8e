package steer

import (
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Source is the one prompt that a circuit was found on, with what was asked of it.
type Source struct {
	Example         // Versus is empty where the target stood alone or a token was named by its id
	Metric  float64 // what the scores add up to explain, in the circuit's unit
}

// Source returns the prompt that the circuit was found on; ok is false where it was found on several, on pairs, or was
// given.
func (c Circuit) Source() (s Source, ok bool) {
	o := c.from()
	if o.reference != nil {
		return o.reference.source()
	}
	if o.header.Request.Kind != "attribute" {
		return Source{}, false
	}
	var set message.AttributeSettings
	if err := o.header.Request.Decode(&set); err != nil {
		return Source{}, false
	}
	b, p := decodeBody[message.AttributeBody](Record{Header: o.header}), set.Prompt
	s = Source{Example{Prompt: p.Text, Chat: p.Chat, System: p.System, Prefill: p.Prefill, Target: b.Metric.Target.Text}, b.Conservation.Metric}
	if b.Metric.Versus != nil {
		s.Versus = b.Metric.Versus.Text
	}
	if len(b.Metric.Answer) > 0 {
		s.Target = set.Metric.Target.Text
	}
	return s, true
}

// reference is what a file of the reference implementation says beside its neurons.
type reference struct {
	Prompt string  `json:"prompt"`
	Target string  `json:"target_token"`
	Metric float64 `json:"total_logit_diff"`
}

// source returns the prompt, if there is one. A circuit of several prompts or of pairs has a note in brackets in its place,
// e.g. "[10 prompts, agg=mean]", which is no prompt.
func (r reference) source() (s Source, ok bool) {
	note := strings.HasPrefix(r.Prompt, "[") && strings.HasSuffix(r.Prompt, "]") &&
		(strings.Contains(r.Prompt, " prompts, agg=") || strings.HasPrefix(r.Prompt, "[contrastive: "))
	if note || r.Prompt == "" {
		return Source{}, false
	}
	return Source{Example{Prompt: r.Prompt, Target: r.Target}, r.Metric}, true
}

// asReference returns what the reference implementation would say of the circuit's prompt, which is the text that it would
// be asked with: the prompt as it was given, or the conversation as the template rendered it, without the BOS that a
// tokenizer adds itself.
func (o origin) asReference() reference {
	if o.reference != nil {
		return *o.reference
	}
	var set message.AttributeSettings
	if o.header.Request.Kind != set.Kind().Name {
		return reference{}
	}
	b := decodeBody[message.AttributeBody](Record{Header: o.header})
	r := reference{Target: b.Metric.Target.Text, Metric: b.Conservation.Metric}
	err := o.header.Request.Decode(&set)
	if len(b.Metric.Answer) > 0 && err == nil {
		r.Target = set.Metric.Target.Text
	}
	if err == nil && !set.Prompt.Chat {
		r.Prompt = set.Prompt.Text
		return r
	}
	ts := b.Tokens
	if b.BOS && len(ts) > 0 {
		ts = ts[1:]
	}
	r.Prompt = strings.Join(engine.Texts(ts), "")
	return r
}

// Top returns the circuit of the k strongest entries of c.
func (c Circuit) Top(k int) Circuit {
	out := c
	out.entries = func() []Entry { es := c.all(); return es[:min(max(k, 0), len(es))] }
	out.origin = func() origin {
		o := c.from()
		if o.selection.Of != "" && (o.selection.K == 0 || k < o.selection.K) {
			o.selection.K = max(k, 0)
		}
		return o
	}
	return out
}
