package steer

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// tokenRef names one token: by its text, by its id, or by what the model itself says; or it names a whole answer.
type tokenRef struct {
	How  string `json:"how"` // "" none, "text", "id", "answer", "top", "runner-up"
	Text string `json:"text,omitempty"`
	ID   int32  `json:"id,omitempty"`
}

const (
	byText   = "text"
	byID     = "id"
	byAnswer = "answer"    // Text is a whole answer of one or more tokens
	byTop    = "top"       // the model's first choice
	runnerUp = "runner-up" // the model's best token but the target
)

// String quotes a text so that a leading space is seen, and prints an id as #7042.
func (r tokenRef) String() string {
	switch r.How {
	case byText, byAnswer:
		return strconv.Quote(r.Text)
	case byID:
		return fmt.Sprintf("#%d", r.ID)
	case byTop, runnerUp:
		return r.How
	}
	return "none"
}

// resolve returns the token that r names after the lead. where is the setting, e.g. "target".
func (r tokenRef) resolve(l lead, task, where string) (engine.Token, []Warning, error) {
	if r.How == byID {
		t, ok := l.text.Token(r.ID)
		if !ok {
			return engine.Token{}, nil, engine.Errorf(engine.NotOneToken, task, "%s #%d is outside the vocabulary", where, r.ID).
				Try("m.Tokens(text) shows the ids of a text")
		}
		return t, nil, nil
	}
	ts, joined, err := l.next(r.Text)
	if err != nil {
		return engine.Token{}, nil, fmt.Errorf("%s: %s %q: %w", task, where, r.Text, err)
	}
	if len(ts) == 1 {
		t, _ := l.text.Token(ts[0].ID)
		if joined != "" {
			return t, []Warning{boundary(where, r.Text, joined)}, nil
		}
		return t, nil, nil
	}
	if len(ts) == 0 {
		return engine.Token{}, nil, engine.Errorf(engine.NotOneToken, task, "%s %q has no token in this vocabulary", where, r.Text).
			Try("use a word that m.Tokens shows as one token")
	}
	return engine.Token{}, nil, r.several(l, ts, task, where)
}

// several is the mistake of a text that is more tokens than one.
func (r tokenRef) several(l lead, ts []engine.Token, task, where string) error {
	pieces := slices.DeleteFunc(engine.Texts(ts), func(s string) bool { return s == "" })
	e := engine.Errorf(engine.NotOneToken, task, "%s %q is %d tokens (%q)", where, r.Text, len(ts), strings.Join(pieces, "|"))
	advice := "use a one-token word"
	if spaced, joined, err := l.next(" " + r.Text); err == nil && joined == "" && len(spaced) == 1 && !strings.HasPrefix(r.Text, " ") {
		advice = fmt.Sprintf("with a space before it it is one: %q", " "+r.Text)
	} else if ts[0].Raw == "" {
		advice += fmt.Sprintf(", e.g. %q", ts[0].Text)
	}
	switch {
	case strings.TrimPrefix(where, "the ") != "target":
		return e.Try("%s", advice)
	case task == "behavior":
		return e.Try("%s, or score whole answers with WholeAnswers()", advice)
	case task == "attribute":
		return e.Try("%s, or score the whole answer with TargetText(%q)", advice, r.Text)
	}
	return e.Try("%s", advice)
}

// metric is what an attribution explains: logit[target] − logit[versus], summed over positions; or the log-probability
// of a whole answer.
type metric struct {
	Target    tokenRef `json:"target"`
	Versus    tokenRef `json:"versus"`
	Positions []int    `json:"positions"` // from the end where negative: −1 is the last token
}

// asks reports whether the model itself has to say what the target or the counterfactual is.
func (m metric) asks() bool { return m.Target.How == byTop || m.Versus.How == runnerUp }

// check reports the mistakes that can be seen without a tokenizer.
func (m metric) check(task string) error {
	var errs []error
	bad := func(format string, args ...any) *engine.Error {
		return engine.Errorf(engine.BadSetting, task, format, args...)
	}
	if m.Target.How == "" {
		errs = append(errs, bad("no target").Try(`add Target(" word"), a token that the model may say next`))
	}
	if m.Target.How == byText && m.Target.Text == "" {
		errs = append(errs, bad("the target is empty").Try(`add Target(" word")`))
	}
	if m.Target.How == byAnswer && m.Target.Text == "" {
		errs = append(errs, bad("the answer is empty").Try(`add TargetText(" a whole answer")`))
	}
	if m.Versus.How == byText && m.Versus.Text == "" {
		errs = append(errs, bad("the counterfactual is empty").
			Try(`add Versus(" other"), or leave Versus out to explain the target's logit alone`))
	}
	if !slices.Contains([]string{"", byText, byID, byAnswer, byTop}, m.Target.How) || !slices.Contains([]string{"", byText, byID, runnerUp}, m.Versus.How) {
		errs = append(errs, engine.Errorf(engine.BadRequest, task, "a token is named by %q and %q, which this version does not know", m.Target.How, m.Versus.How).
			Try("use the same version of neuronsteer on both sides"))
	}
	errs = append(errs, checkText(task, "target", m.Target.Text), checkText(task, "counterfactual", m.Versus.Text))
	if m.Target.How != "" && m.Target == m.Versus {
		errs = append(errs, sameToken(task, m.Target.String()))
	}
	last := slices.Equal(m.Positions, []int{-1})
	switch {
	case len(m.Positions) == 0:
		errs = append(errs, bad("At() names no position").Try("At(-1) is the last token"))
	case m.Target.How == byAnswer && !last:
		errs = append(errs, bad("TargetText scores an answer from the prompt's end on, not at %v", m.Positions).Try("leave At out"))
	case m.asks() && len(m.Positions) > 1:
		errs = append(errs, bad("the model has another choice at each of %d positions", len(m.Positions)).
			Try(`name the tokens with Target(" word") and Versus(" other"), or use At with one position`))
	}
	if m.Target.How == byAnswer && m.Versus.How != "" {
		errs = append(errs, bad("TargetText scores the log-probability of an answer, which has no counterfactual").
			Try("leave Versus out, or use Target with one token"))
	}
	return errors.Join(errs...)
}

func sameToken(task, what string) *engine.Error {
	return engine.Errorf(engine.SameToken, task, "target and counterfactual are the same token %s, so their difference is always 0", what).
		Try("choose another word for Versus, or leave Versus out")
}

// resolved is a metric in a tokenizer's ids. Versus is nil when the target stands alone.
type resolved struct {
	Target engine.Token   `json:"target"` // of an answer: its last token
	Versus *engine.Token  `json:"versus,omitempty"`
	Terms  []engine.Term  `json:"terms"`
	Answer []engine.Token `json:"answer,omitempty"` // of TargetText
	Chosen bool           `json:"chosen,omitempty"` // the target is the model's own first choice
}

// resolve turns the metric into terms for a prompt; what the model itself says is left to choose. A word is read as it
// stands after the position that it is looked for at; after several, as in the middle of a text. It reports all mistakes
// that need a tokenizer at once.
func (m metric) resolve(l lead, task string, prompt []engine.Token) (resolved, []Warning, error) {
	var (
		r    resolved
		ws   []Warning
		errs []error
		n    = len(prompt)
	)
	if m.Target.How == byAnswer {
		return m.resolveAnswer(l, task, n)
	}
	if len(m.Positions) == 1 {
		l = l.at(m.Positions[0], prompt)
	} else {
		l = lead{text: l.text}
	}
	if m.Target.How != byTop {
		t, w, err := m.Target.resolve(l, task, "target")
		r.Target, ws, errs = t, append(ws, w...), append(errs, err)
	}
	versus := int32(-1)
	if m.Versus.How == byText || m.Versus.How == byID {
		v, w, err := m.Versus.resolve(l, task, "counterfactual")
		r.Versus, versus, ws, errs = &v, v.ID, append(ws, w...), append(errs, err)
	}
	if err := errors.Join(errs...); err == nil {
		errs = nil
	}
	if len(errs) == 0 && r.Versus != nil && m.Target.How != byTop && r.Target.ID == r.Versus.ID {
		errs = append(errs, sameToken(task, strconv.Quote(r.Target.Text)))
	}
	for _, p := range m.Positions {
		at := p
		if p < 0 {
			at = n + p
		}
		if n > 0 && (at < 0 || at >= n) {
			errs = append(errs, engine.Errorf(engine.BadSetting, task, "position %d is outside the prompt of %d tokens", p, n).
				Try("use 0 to %d, or -1 to -%d from the end", n-1, n))
		}
		r.Terms = append(r.Terms, engine.Term{Position: at, Target: r.Target.ID, Versus: versus})
	}
	return r, ws, errors.Join(errs...)
}

// resolveAnswer makes a term of every token of a whole answer, each predicted at the position before it.
func (m metric) resolveAnswer(l lead, task string, n int) (resolved, []Warning, error) {
	ts, joined, err := l.next(m.Target.Text)
	if err != nil {
		return resolved{}, nil, fmt.Errorf("%s: answer %q: %w", task, m.Target.Text, err)
	}
	if len(ts) == 0 {
		return resolved{}, nil, engine.Errorf(engine.NotOneToken, task, "the answer %q has no token in this vocabulary", m.Target.Text).
			Try("use a text with letters, digits or punctuation")
	}
	r := resolved{Target: ts[len(ts)-1], Answer: ts}
	for i, t := range ts {
		r.Terms = append(r.Terms, engine.Term{Position: n - 1 + i, Target: t.ID, Versus: -1})
	}
	if joined != "" {
		return r, []Warning{boundary("answer", m.Target.Text, joined)}, nil
	}
	return r, nil, nil
}

// choose fills in what the model itself says by its logits [V] at the metric's position: its first choice as the target,
// and the best token but the target as the counterfactual.
func (m metric) choose(r resolved, logits []float32, text engine.Tokenizer, task string) (resolved, error) {
	if m.Target.How == byTop {
		r.Target, _ = text.Token(argmax(logits))
		r.Chosen = true
	}
	if m.Versus.How == runnerUp {
		best := int32(-1)
		for id, v := range logits {
			if int32(id) != r.Target.ID && (best < 0 || v > logits[best]) {
				best = int32(id)
			}
		}
		t, _ := text.Token(best)
		r.Versus = &t
	}
	if r.Versus != nil && r.Versus.ID == r.Target.ID {
		return r, engine.Errorf(engine.SameToken, task, "the model's first choice is the counterfactual %q itself", r.Target.Text).
			Try("choose another word for Versus, use VersusRunnerUp, or name a target")
	}
	r.Terms = slices.Clone(r.Terms)
	for i := range r.Terms {
		r.Terms[i].Target = r.Target.ID
		if r.Versus != nil {
			r.Terms[i].Versus = r.Versus.ID
		}
	}
	return r, nil
}

// About writes the metric for people: logit(" Paris") − logit(" Rome"), or log p(" the Eiffel Tower").
func (r resolved) About() string {
	if len(r.Answer) > 0 {
		return fmt.Sprintf("log p(%q)", strings.Join(engine.Texts(r.Answer), ""))
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
func (r resolved) Unit() string {
	if len(r.Answer) > 0 {
		return "nats"
	}
	return "logits"
}

// atEnd reports whether the metric looks at the last of n positions, the one whose target has a rank.
func (r resolved) atEnd(n int) bool {
	return len(r.Terms) == 0 || slices.ContainsFunc(r.Terms, func(t engine.Term) bool { return t.Position == n-1 })
}
