package steer

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// tokenRef names one token: by its text, by its id, or by what the model itself says.
type tokenRef struct {
	How  string `json:"how"` // "" none, "text", "id", "runner-up"
	Text string `json:"text,omitempty"`
	ID   int32  `json:"id,omitempty"`
}

const (
	byText   = "text"
	byID     = "id"
	runnerUp = "runner-up"
)

// String quotes a text so that a leading space is seen, and prints an id as #7042.
func (r tokenRef) String() string {
	switch r.How {
	case byText:
		return strconv.Quote(r.Text)
	case byID:
		return fmt.Sprintf("#%d", r.ID)
	case runnerUp:
		return "runner-up"
	}
	return "none"
}

// resolve returns the token that r names. where is the setting, e.g. "target".
func (r tokenRef) resolve(text Text, task, where string) (Token, error) {
	if r.How == byID {
		t, ok := text.Token(r.ID)
		if !ok {
			return Token{}, Errorf(NotOneToken, task, "%s #%d is outside the vocabulary", where, r.ID).
				Try("m.Tokens(text) shows the ids of a text")
		}
		return t, nil
	}
	ts, err := text.Encode(r.Text, Encoding{})
	if err != nil {
		return Token{}, fmt.Errorf("%s: %s %q: %w", task, where, r.Text, err)
	}
	if len(ts) == 1 {
		t, _ := text.Token(ts[0].ID)
		return t, nil
	}
	if len(ts) == 0 {
		return Token{}, Errorf(NotOneToken, task, "%s %q has no token in this vocabulary", where, r.Text).
			Try("use a word that m.Tokens shows as one token")
	}
	pieces := make([]string, len(ts))
	for i, t := range ts {
		pieces[i] = t.Text
	}
	return Token{}, Errorf(NotOneToken, task, "%s %q is %d tokens (%q)", where, r.Text, len(ts), strings.Join(pieces, "|")).
		Try("use a one-token word, e.g. %q", pieces[0])
}

// metric is what an attribution explains: logit[target] − logit[versus], summed over positions.
type metric struct {
	Target    tokenRef `json:"target"`
	Versus    tokenRef `json:"versus"`
	Positions []int    `json:"positions"` // from the end where negative: −1 is the last token
}

// check reports the mistakes that can be seen without a tokenizer.
func (m metric) check(task string) error {
	var errs []error
	if m.Target.How == "" {
		errs = append(errs, Errorf(BadSetting, task, "no target").Try(`add Target(" word"), a token that the model may say next`))
	}
	if m.Target.How == byText && m.Target.Text == "" {
		errs = append(errs, Errorf(BadSetting, task, "the target is empty").Try(`add Target(" word")`))
	}
	if m.Versus.How == byText && m.Versus.Text == "" {
		errs = append(errs, Errorf(BadSetting, task, "the counterfactual is empty").
			Try(`add Versus(" other"), or leave Versus out to explain the target's logit alone`))
	}
	if !slices.Contains([]string{"", byText, byID}, m.Target.How) || !slices.Contains([]string{"", byText, byID, runnerUp}, m.Versus.How) {
		errs = append(errs, Errorf(BadRequest, task, "a token is named by %q and %q, which this version does not know", m.Target.How, m.Versus.How).
			Try("use the same version of neuronsteer on both sides"))
	}
	errs = append(errs, checkText(task, "target", m.Target.Text), checkText(task, "counterfactual", m.Versus.Text))
	if m.Target.How != "" && m.Target == m.Versus {
		errs = append(errs, sameToken(task, m.Target.String()))
	}
	if len(m.Positions) == 0 {
		errs = append(errs, Errorf(BadSetting, task, "At() names no position").Try("At(-1) is the last token"))
	}
	return errors.Join(errs...)
}

func sameToken(task, what string) *Error {
	return Errorf(SameToken, task, "target and counterfactual are the same token %s, so their difference is always 0", what).
		Try("choose another word for Versus, or leave Versus out")
}

// resolved is a metric in a tokenizer's ids. Versus is nil when the target's logit stands alone.
type resolved struct {
	Target Token  `json:"target"`
	Versus *Token `json:"versus,omitempty"`
	Terms  []Term `json:"terms"`
}

// resolve turns the metric into terms for a prompt of n tokens; runner-up is left to chooseRunnerUp. It reports all
// mistakes that need a tokenizer at once.
func (m metric) resolve(text Text, task string, n int) (resolved, error) {
	var (
		r    resolved
		errs []error
		err  error
	)
	if r.Target, err = m.Target.resolve(text, task, "target"); err != nil {
		errs = append(errs, err)
	}
	versus := int32(-1)
	if m.Versus.How == byText || m.Versus.How == byID {
		v, err := m.Versus.resolve(text, task, "counterfactual")
		if err != nil {
			errs = append(errs, err)
		}
		r.Versus, versus = &v, v.ID
	}
	if len(errs) == 0 && r.Versus != nil && r.Target.ID == r.Versus.ID {
		errs = append(errs, sameToken(task, strconv.Quote(r.Target.Text)))
	}
	for _, p := range m.Positions {
		at := p
		if p < 0 {
			at = n + p
		}
		if n > 0 && (at < 0 || at >= n) {
			errs = append(errs, Errorf(BadSetting, task, "position %d is outside the prompt of %d tokens", p, n).
				Try("use 0 to %d, or -1 to -%d from the end", n-1, n))
		}
		r.Terms = append(r.Terms, Term{Position: at, Target: r.Target.ID, Versus: versus})
	}
	return r, errors.Join(errs...)
}

// chooseRunnerUp makes the best token other than the target, by the logits [V] at the last position, the counterfactual.
func (r resolved) chooseRunnerUp(logits []float32, text Text) resolved {
	best := int32(-1)
	for id, v := range logits {
		if int32(id) != r.Target.ID && (best < 0 || v > logits[best]) {
			best = int32(id)
		}
	}
	t, _ := text.Token(best)
	r.Versus, r.Terms = &t, slices.Clone(r.Terms)
	for i := range r.Terms {
		r.Terms[i].Versus = best
	}
	return r
}

// About writes the metric for people: logit(" Paris") − logit(" Rome").
func (r resolved) About() string {
	s := fmt.Sprintf("logit(%q)", r.Target.Text)
	if r.Versus != nil {
		s += fmt.Sprintf(" − logit(%q)", r.Versus.Text)
	}
	if len(r.Terms) > 1 {
		s = fmt.Sprintf("Σ over %d positions of %s", len(r.Terms), s)
	}
	return s
}
