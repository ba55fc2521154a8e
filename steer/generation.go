package steer

import (
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Generation is a continuation.
type Generation struct {
	load func() (message.GenerateBody, []Warning) // nil: the zero value, which is empty
	conditions
}

func (g Generation) body() message.GenerateBody {
	if g.load == nil {
		return message.GenerateBody{}
	}
	b, _ := g.load()
	return b
}

// Text returns the new text, without the text that it stopped at.
func (g Generation) Text() string { return g.body().Text }

// Prompt returns the tokens of the prompt.
func (g Generation) Prompt() []Token { return g.body().Prompt }

// Tokens returns the new tokens, those that ended the text included.
func (g Generation) Tokens() []Token { return g.body().New }

// IDs returns the ids of the new tokens.
func (g Generation) IDs() []int32 { return message.IDs(g.body().New) }

// Ended reports whether a token that ends a text was made, as opposed to MaxTokens reached.
func (g Generation) Ended() bool { return g.body().Ended }

// Stopped returns the text of Stop that the continuation came to, or nothing.
func (g Generation) Stopped() string { return g.body().Stopped }

// Drawn reports whether the tokens were drawn, as opposed to the likeliest taken.
func (g Generation) Drawn() bool { return g.body().Drawn }

// Edited returns how many neurons were changed.
func (g Generation) Edited() int { return g.body().Edited }

// EditedHeads returns how many attention heads were changed.
func (g Generation) EditedHeads() int { return g.body().EditedHeads }

// Warnings returns what a reader must know before concluding anything.
func (g Generation) Warnings() []Warning {
	if g.load == nil {
		return nil
	}
	_, ws := g.load()
	return slices.Clone(ws)
}

// String returns the new text.
func (g Generation) String() string { return g.Text() }

// Diff compares two continuations, usually of the same prompt: g before, after with an intervention.
func (g Generation) Diff(after Generation) Diff { return Diff{g, after} }

// Diff is a continuation before and after a change.
type Diff struct{ Before, After Generation }

// Common returns how many new tokens both have in common before they part.
func (d Diff) Common() int {
	a, b := d.Before.IDs(), d.After.IDs()
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// Same reports whether both continuations are the same.
func (d Diff) Same() bool { return slices.Equal(d.Before.IDs(), d.After.IDs()) }

// String returns both texts, one under the other.
func (d Diff) String() string {
	return "before  " + quoteText(d.Before.Text()) + "\nafter   " + quoteText(d.After.Text())
}
