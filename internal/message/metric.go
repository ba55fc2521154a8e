package message

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Metric is what an attribution explains: logit[target] − logit[versus], summed over positions; the log-probability of a
// whole answer; or any weighted sum of logits.
type Metric struct {
	Target    TokenRef  `json:"target"`
	Versus    TokenRef  `json:"versus"`
	Positions []int     `json:"positions"`      // from the end where negative: −1 is the last token
	Terms     []TermRef `json:"terms,omitzero"` // of a sum, in place of all the above
}

// Asks reports whether the model itself has to say what the target or the counterfactual is.
func (m Metric) Asks() bool { return m.Target.How == ByTop || m.Versus.How == RunnerUp }

// check reports the mistakes that can be seen without a tokenizer.
func (m Metric) check() error {
	if m.Sums() {
		return m.checkTerms()
	}
	var errs []error
	bad := func(format string, args ...any) *engine.Error {
		return engine.Mistake(engine.BadSetting, format, args...)
	}
	if m.Target.How == "" {
		errs = append(errs, bad("no target").Try(`add Target(" word"), a token that the model may say next`))
	}
	if m.Target.How == ByText && m.Target.Text == "" {
		errs = append(errs, bad("the target is empty").Try(`add Target(" word")`))
	}
	if m.Target.How == ByAnswer && m.Target.Text == "" {
		errs = append(errs, bad("the answer is empty").Try(`add TargetText(" a whole answer")`))
	}
	if m.Versus.How == ByText && m.Versus.Text == "" {
		errs = append(errs, bad("the counterfactual is empty").
			Try(`add Versus(" other"), or leave Versus out to explain the target's logit alone`))
	}
	if !slices.Contains([]string{"", ByText, ByID, ByAnswer, ByTop}, m.Target.How) || !slices.Contains([]string{"", ByText, ByID, RunnerUp}, m.Versus.How) {
		errs = append(errs, engine.Mistake(engine.BadRequest, "a token is named by %q and %q, which this version does not know", m.Target.How, m.Versus.How).
			Try(engine.TryOneVersion))
	}
	errs = append(errs, CheckText("target", m.Target.Text), CheckText("counterfactual", m.Versus.Text))
	if m.Target.How != "" && m.Target == m.Versus {
		errs = append(errs, SameToken(m.Target.String()))
	}
	last := slices.Equal(m.Positions, []int{-1})
	switch {
	case len(m.Positions) == 0:
		errs = append(errs, bad("At() names no position").Try("At(-1) is the last token"))
	case m.Target.How == ByAnswer && !last:
		errs = append(errs, bad("TargetText scores an answer from the prompt's end on, not at %v", m.Positions).Try("leave At out"))
	case m.Asks() && len(m.Positions) > 1:
		errs = append(errs, bad("the model has another choice at each of %d positions", len(m.Positions)).
			Try(`name the tokens with Target(" word") and Versus(" other"), or use At with one position`))
	}
	if m.Target.How == ByAnswer && m.Versus.How != "" {
		errs = append(errs, bad("TargetText scores the log-probability of an answer, which has no counterfactual").
			Try("leave Versus out, or use Target with one token"))
	}
	return errors.Join(errs...)
}

// SameToken is the mistake of a metric whose two sides are one.
func SameToken(what string) *engine.Error {
	return engine.Mistake(engine.SameToken, "target and counterfactual are the same token %s, so their difference is always 0", what).
		Try("choose another word for Versus, or leave Versus out")
}

// Resolved is a metric in a tokenizer's ids. Versus is nil when the target stands alone.
type Resolved struct {
	Target engine.Token   `json:"target"` // of an answer: its last token; of a sum: none
	Versus *engine.Token  `json:"versus,omitempty"`
	Terms  []engine.Term  `json:"terms"`
	Answer []engine.Token `json:"answer,omitempty"` // of TargetText
	Chosen bool           `json:"chosen,omitempty"` // the target is the model's own first choice

	Sum []WeightedToken `json:"sum,omitempty"` // of a sum of terms: what Terms weighs
}

// About writes the metric for people: logit(" Paris") − logit(" Rome"), or log p(" the Eiffel Tower").
func (r Resolved) About() string {
	if len(r.Answer) > 0 {
		return fmt.Sprintf("log p(%q)", strings.Join(engine.Texts(r.Answer), ""))
	}
	if len(r.Sum) > 0 {
		return aboutSum(r.Sum)
	}
	s := fmt.Sprintf("logit(%q)", r.Target.Text)
	if r.Versus != nil {
		s += fmt.Sprintf(" − logit(%q)", r.Versus.Text)
	}
	if len(r.Terms) > 1 {
		s = fmt.Sprintf("Σ over %d positions of %s", len(r.Terms), s)
	}
	return s
}

// Unit returns the unit of the metric and so of its scores.
func (r Resolved) Unit() string {
	if len(r.Answer) > 0 {
		return "nats"
	}
	return "logits"
}

// AtEnd reports whether the metric looks at the last of n positions, the one whose target has a rank.
func (r Resolved) AtEnd(n int) bool {
	return len(r.Sum) == 0 && (len(r.Terms) == 0 || slices.ContainsFunc(r.Terms, func(t engine.Term) bool { return t.Position == n-1 }))
}

// OwnMetric says what scores of many prompts explain where each has another metric, in a unit.
func OwnMetric(unit string) string {
	if unit == "nats" {
		return "log p of each prompt's own answer"
	}
	return "each prompt's own logit difference"
}
