package message

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A TermRef is a summand of a metric that is a sum: a weight times the logit of one token at one position.
type TermRef struct {
	Token    TokenRef `json:"token"`
	Weight   float64  `json:"weight"`
	Position int      `json:"position"` // from the end where negative: −1 is the last token
}

// A WeightedToken is a TermRef in a tokenizer's ids.
type WeightedToken struct {
	Token    engine.Token `json:"token"`
	Weight   float64      `json:"weight"`
	Position int          `json:"position"` // as it was asked: from the end where negative
}

// Sums reports whether the metric is a sum of terms with a target each, in place of one target and counterfactual.
func (m Metric) Sums() bool { return m.Terms != nil }

// maxTerms bounds a metric as a message from anywhere.
const maxTerms = 10_000

// checkTerms reports the mistakes of a sum that can be seen without a tokenizer.
func (m Metric) checkTerms() error {
	var errs []error
	bad := func(hint, format string, args ...any) {
		errs = append(errs, engine.Mistake(engine.BadSetting, format, args...).Try("%s", hint))
	}
	const example = `give some, e.g. Metric(steer.Logit(" he"), steer.Logit(" she").Times(-1))`
	if m.Target.How != "" || m.Versus.How != "" || len(m.Positions) != 1 || m.Positions[0] != -1 {
		bad("leave Target, Versus and At out, or Metric", "Metric sums terms that name tokens and positions of their own, beside a target, a counterfactual or At")
	}
	if len(m.Terms) == 0 {
		bad(example, "Metric() has no term")
	}
	if len(m.Terms) > maxTerms {
		bad("leave the smallest out", "a metric of %d terms has more than %d", len(m.Terms), maxTerms)
		return errors.Join(errs...)
	}
	seen := map[TermRef]bool{}
	for i, t := range m.Terms {
		where := fmt.Sprintf("term %d", i+1)
		if t.Token.How != ByText && t.Token.How != ByID {
			errs = append(errs, engine.Mistake(engine.BadRequest, "%s names its token by %q, which this version does not know", where, t.Token.How).Try(engine.TryOneVersion))
		}
		if t.Token.How == ByText && t.Token.Text == "" {
			bad(example, "the token of %s is empty", where)
		}
		errs = append(errs, CheckText(where, t.Token.Text))
		if w := float32(t.Weight); w == 0 || !Finite(t.Weight) {
			bad("use a finite number other than 0, or leave the term out", "the weight of %s, %v, is %v", where, t.Token, t.Weight)
		}
		if t.Weight = 0; seen[t] {
			bad("add the weights of the two", "%s is %v at position %d once more", where, t.Token, t.Position)
		}
		seen[t] = true
	}
	return errors.Join(errs...)
}

// termsShown is how many terms of a sum are written out for people.
const termsShown = 6

// aboutSum writes a sum for people: logit(" he") + 2·logit(" him") − logit(" she") at −2.
func aboutSum(terms []WeightedToken) string {
	var b strings.Builder
	for i, t := range terms[:min(len(terms), termsShown)] {
		w := t.Weight
		switch {
		case w < 0 && i == 0:
			b.WriteString("−")
		case w < 0:
			b.WriteString(" − ")
		case i > 0:
			b.WriteString(" + ")
		}
		if w = math.Abs(w); w != 1 {
			b.WriteString(strconv.FormatFloat(w, 'g', 4, 64) + "·")
		}
		fmt.Fprintf(&b, "logit(%q)", t.Token.Text)
		if t.Position != -1 {
			fmt.Fprintf(&b, " at %s", strings.Replace(strconv.Itoa(t.Position), "-", "−", 1))
		}
	}
	if n := len(terms) - termsShown; n > 0 {
		fmt.Fprintf(&b, " + … (%d more terms)", n)
	}
	return b.String()
}
