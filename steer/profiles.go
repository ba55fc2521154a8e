package steer

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Profiles asks what each neuron and head of a circuit reads and what it writes: the relevance of every token of a prompt to the
// metric by way of it, and its contribution to the logits of the likeliest next tokens. Units that read and write alike are
// joined by Groups (Transluce's ADAG, arXiv 2604.07615, groups neurons by such profiles).
//
//	p, err := m.Profiles(scores.TopEntries(50)).Run(ctx)
//	for _, g := range p.Groups().All() { … }
//
// Profiles are taken on the prompts that the circuit was found on; a circuit of pairs, or one that was given, names some with On
// or OnExamples. An entry without a position stands at every position of a prompt, which costs as much as that many entries; one of
// several prompts stands as far from the end of each. A prompt takes a pass for each output, and one for all units together.
func (m *Model) Profiles(c Circuit) ProfilesTask { return ProfilesTask{m: m, circuit: c, outputs: 10} }

// ProfilesTask describes profiles. Its methods return changed copies.
type ProfilesTask struct {
	m       *Model
	circuit Circuit
	prompts []message.BehaviorExample // of On; their metric is that of Measure
	metric  *message.Metric
	sets    []ExampleSet
	shared  message.Prompt // chat settings of prompts that are given
	rule    Rule           // "": the circuit's own
	outputs int
	edits   []Intervention
}

// On adds prompts in place of the circuit's own; the metric is then Measure's.
func (t ProfilesTask) On(prompts ...string) ProfilesTask {
	t.prompts = slices.Clone(t.prompts)
	for _, p := range prompts {
		t.prompts = append(t.prompts, message.BehaviorExample{Prompt: message.Prompt{Text: p}})
	}
	return t
}

// Measure sets the metric of the prompts of On, or that of the circuit's own: logit(target) − logit(versus) at the last token; an
// empty versus stands for none.
func (t ProfilesTask) Measure(target, versus string) ProfilesTask {
	t.metric = between(target, versus)
	return t
}

// OnExamples adds the prompts of examples in place of the circuit's own, each with its own target and counterfactual.
func (t ProfilesTask) OnExamples(set ExampleSet) ProfilesTask {
	t.sets = append(slices.Clone(t.sets), set)
	return t
}

// Outputs sets how many of the likeliest next tokens of each prompt are outputs, beside those of the metric; the default is 10.
func (t ProfilesTask) Outputs(n int) ProfilesTask { t.outputs = n; return t }

// Rule sets what the backward passes hold constant; the default is what the circuit's scores held constant, or RelP.
func (t ProfilesTask) Rule(r Rule) ProfilesTask { t.rule = r; return t }

// Chat renders the prompts that are given as a user's turn of the model's chat template.
func (t ProfilesTask) Chat() ProfilesTask { t.shared = t.shared.InChat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t ProfilesTask) System(s string) ProfilesTask { t.shared = t.shared.WithSystem(s); return t }

// Prefill begins the answer of the chat template, and sets Chat.
func (t ProfilesTask) Prefill(s string) ProfilesTask { t.shared = t.shared.WithPrefill(s); return t }

// With adds interventions, which hold while profiles are taken, beside those that the circuit was found under.
func (t ProfilesTask) With(is ...Intervention) ProfilesTask {
	t.edits = with(t.edits, is...)
	return t
}

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t ProfilesTask) Ablate(c Circuit) ProfilesTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t ProfilesTask) Scale(c Circuit, x float64) ProfilesTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t ProfilesTask) Model() *Model { return t.m }

// Run computes the profiles.
func (t ProfilesTask) Run(ctx context.Context) (Profiles, error) { return run(ctx, t) }

// Result builds the profiles around fetch.
func (t ProfilesTask) Result(fetch func() Record) Profiles {
	return newProfiles(t.circuit, fetch, t.edits...)
}

// Request implements Task.
func (t ProfilesTask) Request() (Request, error) {
	s, rerr := t.settings()
	edits, err := interventions("profiles", t.m, t.edits)
	s.Edits = append(s.Edits, edits...)
	return newRequest(s, rerr, err)
}

// settings are those of the circuit, and of the task where it sets them.
func (t ProfilesTask) settings() (message.ProfilesSettings, error) {
	s := message.ProfilesSettings{Rule: engine.RelP, Top: t.outputs}
	entries, err := t.circuit.on(t.m)
	if err != nil {
		return s, err
	}
	o := t.circuit.from()
	own, rule, edits := o.asked()
	if len(own) > 0 {
		s.Cases, s.Rule, s.Edits = own, rule, edits
	}
	given := len(t.prompts)+len(t.sets) > 0
	if given {
		s.Cases = slices.Clone(t.prompts)
		for i := range s.Cases {
			s.Cases[i].Prompt = s.Cases[i].Prompt.Sharing(t.shared)
		}
	} else if len(own) == 0 {
		return s, engine.Mistake(engine.BadSetting, "the circuit %s was found on no prompt with a metric, so it is not known what it is to be read on", t.circuit.quoted()).
			Try(`add On("a prompt") and Measure(" word", " other"), or OnExamples(set)`)
	}
	if t.metric != nil {
		s.Cases = slices.Clone(s.Cases)
		for i := range s.Cases {
			s.Cases[i].Metric = *t.metric
		}
	}
	for _, set := range t.sets {
		es, err := set.Read()
		if err != nil {
			return s, err
		}
		for _, e := range es {
			x := e.sweepCase()
			s.Cases = append(s.Cases, message.BehaviorExample{Prompt: x.Prompt.Sharing(t.shared), Metric: message.Metric{Target: x.Target, Versus: x.Versus, Positions: []int{-1}}})
		}
	}
	if t.rule != "" {
		s.Rule = t.rule
	}
	for _, e := range entries {
		n, err := o.stands(e, !given && o.header.Request.Kind == (message.AttributeSettings{}).Kind().Name)
		if err != nil {
			return s, err
		}
		s.Nodes = append(s.Nodes, n)
	}
	return s, nil
}

// asked returns the prompts that a circuit was found on with what was asked of them, its rule, and the interventions that held;
// none of a circuit that was found otherwise.
func (o origin) asked() (cases []message.BehaviorExample, rule Rule, edits []message.Intervention) {
	var one message.AttributeSettings
	var many message.BehaviorSettings
	switch o.header.Request.Kind {
	case one.Kind().Name:
		if o.header.Request.Decode(&one) == nil {
			cases, rule, edits = []message.BehaviorExample{{Prompt: one.Prompt, Metric: one.Metric}}, one.Rule, one.Edits
		}
	case many.Kind().Name:
		if o.header.Request.Decode(&many) == nil {
			cases, rule, edits = many.Examples, many.Rule, many.Edits
		}
	}
	if _, ok := rule.Steps(); ok {
		rule = engine.Gradient
	}
	return cases, rule, edits
}

// between is the metric logit(target) − logit(versus) at the last token; an empty versus stands for none.
func between(target, versus string) *message.Metric {
	m := &message.Metric{Target: message.TokenRef{How: message.ByText, Text: target}, Positions: []int{-1}}
	if versus != "" {
		m.Versus = message.TokenRef{How: message.ByText, Text: versus}
	}
	return m
}
