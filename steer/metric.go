package steer

import (
	"github.com/neuronsteer/neuronsteer/internal/message"
)

// A Term is one summand of a metric that AttributeTask.Metric sums: a weight times the logit of one token at one position. It
// is an immutable value; Logit and LogitID make one.
type Term struct{ ref message.TermRef }

// Logit returns the logit of a token at the last position. It must be one token of the vocabulary; mind the leading space.
func Logit(token string) Term { return term(message.TokenRef{How: message.ByText, Text: token}) }

// LogitID returns the logit of the token with this id at the last position, for tokens that no text names.
func LogitID(id int32) Term { return term(message.TokenRef{How: message.ByID, ID: id}) }

func term(token message.TokenRef) Term {
	return Term{message.TermRef{Token: token, Weight: 1, Position: -1}}
}

// Times multiplies the term's weight by x, which is neither 0 nor infinite.
func (t Term) Times(x float64) Term { t.ref.Weight *= x; return t }

// At sets the position of the logit; negative counts from the end, −1 being the last token.
func (t Term) At(position int) Term { t.ref.Position = position; return t }

// sumOf returns the metric of terms.
func sumOf(m message.Metric, terms []Term) message.Metric {
	m.Terms = make([]message.TermRef, len(terms)) // not nil: Metric() of no term is a mistake
	for i, t := range terms {
		m.Terms[i] = t.ref
	}
	return m
}
