package execute

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// resolveMetric turns the metric into terms for a prompt; what the model itself says is left to choose. A word is read as it
// stands after the position that it is looked for at; after several, as in the middle of a text. It reports all mistakes
// that need a tokenizer at once.
func resolveMetric(e *env, m message.Metric, l lead, prompt []engine.Token) (message.Resolved, []engine.Warning, error) {
	var (
		r    message.Resolved
		ws   []engine.Warning
		errs []error
		n    = len(prompt)
	)
	if m.Sums() {
		return resolveSum(e, m, l, prompt)
	}
	if m.Target.How == message.ByAnswer {
		return resolveAnswer(m, l, n)
	}
	if len(m.Positions) == 1 {
		l = l.at(e, m.Positions[0], prompt)
	} else {
		l = lead{text: l.text}
	}
	if m.Target.How != message.ByTop {
		t, w, err := resolveToken(e, m.Target, l, "target")
		r.Target, ws, errs = t, append(ws, w...), append(errs, err)
	}
	versus := int32(-1)
	if m.Versus.How == message.ByText || m.Versus.How == message.ByID {
		v, w, err := resolveToken(e, m.Versus, l, "counterfactual")
		r.Versus, versus, ws, errs = &v, v.ID, append(ws, w...), append(errs, err)
	}
	if err := errors.Join(errs...); err == nil {
		errs = nil
	}
	if len(errs) == 0 && r.Versus != nil && m.Target.How != message.ByTop && r.Target.ID == r.Versus.ID {
		errs = append(errs, message.SameToken(strconv.Quote(r.Target.Text)))
	}
	for _, p := range m.Positions {
		at, err := positionIn(p, n)
		errs = append(errs, err)
		r.Terms = append(r.Terms, engine.Term{Position: at, Target: r.Target.ID, Versus: versus})
	}
	return r, ws, errors.Join(errs...)
}

// positionIn returns the place of position p, from the end where it is negative, among n; of no tokens nothing is asked.
func positionIn(p, n int) (int, error) {
	at := p
	if p < 0 {
		at = n + p
	}
	if n > 0 && (at < 0 || at >= n) {
		return 0, engine.Mistake(engine.BadSetting, "position %d is outside the prompt of %d tokens", p, n).
			Try("use 0 to %d, or -1 to -%d from the end", n-1, n)
	}
	return at, nil
}

// resolveSum looks up the token of every term, as it stands after the position that it is looked for at.
func resolveSum(e *env, m message.Metric, l lead, prompt []engine.Token) (message.Resolved, []engine.Warning, error) {
	var (
		r    message.Resolved
		ws   []engine.Warning
		errs message.Mistakes
		seen = map[engine.Term]int{}
	)
	for i, t := range m.Terms {
		token, w, err := resolveToken(e, t.Token, l.at(e, t.Position, prompt), "token")
		at, perr := positionIn(t.Position, len(prompt))
		term := engine.Term{Position: at, Target: token.ID, Versus: -1}
		if err = errors.Join(err, perr); err == nil && seen[term] > 0 {
			err = engine.Mistake(engine.SameToken, "%q at position %d is term %d already", token.Text, at, seen[term]).Try("add the weights of the two")
		}
		errs.Add(message.Nth("term", i), err)
		seen[term] = i + 1
		term.Weight = float32(t.Weight)
		r.Terms, ws = append(r.Terms, term), append(ws, w...)
		r.Sum = append(r.Sum, message.WeightedToken{Token: token, Weight: t.Weight, Position: t.Position})
	}
	return r, ws, errs.Join()
}

// resolveAnswer makes a term of every token of a whole answer, each predicted at the position before it.
func resolveAnswer(m message.Metric, l lead, n int) (message.Resolved, []engine.Warning, error) {
	ts, joined, err := l.next(m.Target.Text)
	if err != nil {
		return message.Resolved{}, nil, fmt.Errorf("answer %q: %w", m.Target.Text, err)
	}
	if len(ts) == 0 {
		return message.Resolved{}, nil, engine.Mistake(engine.NotOneToken, "the answer %q has no token in this vocabulary", m.Target.Text).
			Try("use a text with letters, digits or punctuation")
	}
	r := message.Resolved{Target: ts[len(ts)-1], Answer: ts}
	for i, t := range ts {
		r.Terms = append(r.Terms, engine.Term{Position: n - 1 + i, Target: t.ID, Versus: -1})
	}
	if joined != "" {
		return r, []engine.Warning{boundary("answer", m.Target.Text, joined)}, nil
	}
	return r, nil, nil
}

// chooseTokens fills in what the model itself says by its logits [V] at the metric's position: its first choice as the target,
// and the best token but the target as the counterfactual.
func chooseTokens(e *env, m message.Metric, r message.Resolved, logits []float32) (message.Resolved, error) {
	if m.Target.How == message.ByTop {
		r.Target, _ = e.text.Token(argmax(logits))
		r.Chosen = true
	}
	if m.Versus.How == message.RunnerUp {
		best := int32(-1)
		for id, v := range logits {
			if int32(id) != r.Target.ID && (best < 0 || v > logits[best]) {
				best = int32(id)
			}
		}
		t, _ := e.text.Token(best)
		r.Versus = &t
	}
	if r.Versus != nil && r.Versus.ID == r.Target.ID {
		return r, engine.Mistake(engine.SameToken, "the model's first choice is the counterfactual %q itself", r.Target.Text).
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
