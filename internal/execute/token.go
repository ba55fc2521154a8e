package execute

import (
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// resolveToken returns the token that r names after the lead. where is the setting, e.g. "target".
func resolveToken(e *env, r message.TokenRef, l lead, where string) (engine.Token, []engine.Warning, error) {
	if r.How == message.ByID {
		t, ok := l.text.Token(r.ID)
		if !ok {
			return engine.Token{}, nil, engine.Mistake(engine.NotOneToken, "%s #%d is outside the vocabulary", where, r.ID).
				Try("m.Tokens(text) shows the ids of a text")
		}
		return t, nil, nil
	}
	ts, joined, err := l.next(r.Text)
	if err != nil {
		return engine.Token{}, nil, fmt.Errorf("%s %q: %w", where, r.Text, err)
	}
	if len(ts) == 1 {
		t, _ := l.text.Token(ts[0].ID)
		if joined != "" {
			return t, []engine.Warning{boundary(where, r.Text, joined)}, nil
		}
		return t, nil, nil
	}
	if len(ts) == 0 {
		return engine.Token{}, nil, engine.Mistake(engine.NotOneToken, "%s %q has no token in this vocabulary", where, r.Text).
			Try("use a word that m.Tokens shows as one token")
	}
	return engine.Token{}, nil, several(e, r, l, ts, where)
}

// several is the mistake of a text that is more tokens than one.
func several(e *env, r message.TokenRef, l lead, ts []engine.Token, where string) error {
	pieces := slices.DeleteFunc(engine.Texts(ts), func(s string) bool { return s == "" })
	mistake := engine.Mistake(engine.NotOneToken, "%s %q is %d tokens (%q)", where, r.Text, len(ts), strings.Join(pieces, "|"))
	advice := "use a one-token word"
	if spaced, joined, err := l.next(" " + r.Text); err == nil && joined == "" && len(spaced) == 1 && !strings.HasPrefix(r.Text, " ") {
		advice = fmt.Sprintf("with a space before it, it is one: %q", " "+r.Text)
	} else if ts[0].Raw == "" {
		advice += fmt.Sprintf(", e.g. %q", ts[0].Text)
	}
	switch {
	case strings.TrimPrefix(where, "the ") != "target":
		return mistake.Try("%s", advice)
	case e.task == "behavior":
		return mistake.Try("%s, or score whole answers with WholeAnswers()", advice)
	case e.task == "attribute":
		return mistake.Try("%s, or score the whole answer with TargetText(%q)", advice, r.Text)
	}
	return mistake.Try("%s", advice)
}
