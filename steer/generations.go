package steer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Generations are continuations of many prompts.
type Generations struct {
	rec result[message.GenerateEachBody]
	conditions
}

// Len returns the number of prompts.
func (g Generations) Len() int { return len(g.rec.body().Each) }

// List returns the continuation of each prompt, in their order.
func (g Generations) List() []Generation {
	out := make([]Generation, g.Len())
	for i := range out {
		out[i] = Generation{func() (message.GenerateBody, []Warning) { return g.rec.body().Each[i], g.Warnings() }, g.conditions}
	}
	return out
}

// Texts returns the new text of each prompt.
func (g Generations) Texts() []string {
	var out []string
	for _, b := range g.rec.body().Each {
		out = append(out, b.Text)
	}
	return out
}

// Warnings returns what a reader must know before concluding anything.
func (g Generations) Warnings() []Warning { return slices.Clone(g.rec.record().Header.Warnings) }

// String returns the new texts, numbered, one on a line.
func (g Generations) String() string {
	var b strings.Builder
	for i, text := range g.Texts() {
		fmt.Fprintf(&b, "%d  %s\n", i+1, quoteText(text))
	}
	return strings.TrimSuffix(b.String(), "\n")
}
