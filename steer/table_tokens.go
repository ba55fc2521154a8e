package steer

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// cellText is a token's text in a cell of a table. Bytes that are no character stand as \x82, which tells tokens of other bytes apart.
func cellText(t Token) string {
	var b strings.Builder
	for rest := t.Bytes(); rest != ""; {
		r, n := utf8.DecodeRuneInString(rest)
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, `\x%02x`, rest[0])
		} else {
			b.WriteString(rest[:n])
		}
		rest = rest[n:]
	}
	return b.String()
}

// Table returns the likeliest tokens, and those asked for that are none of them: rank, token, logit, probability.
func (p Prediction) Table() Table {
	t := Table{Caption: "The next token", Columns: []string{"rank", "token", "logit", "probability"}}
	list := p.Top()
	for _, r := range p.Of() {
		if !slices.ContainsFunc(list, func(x Ranked) bool { return x.ID == r.ID }) {
			list = append(list, r)
		}
	}
	for _, r := range list {
		t.Add(r.Rank, cellText(r.Token), r.Logit, r.Probability)
	}
	return t
}

// tokens is a table of tokens.
func tokens(caption string, list []Token) Table {
	t := Table{Caption: caption, Columns: []string{"position", "id", "token"}}
	for i, k := range list {
		t.Add(i, int(k.ID), cellText(k))
	}
	return t
}

// Table returns the tokens in their order.
func (t Tokens) Table() Table { return tokens(firstLine(t.String()), t.All()) }

// Table returns the new tokens in their order.
func (g Generation) Table() Table { return tokens(firstLine(g.String()), g.Tokens()) }

// Table returns a row for each prompt: its text and what follows it.
func (g Generations) Table() Table {
	t := Table{Caption: "Continuations", Columns: []string{"prompt", "text", "tokens"}}
	for _, x := range g.List() {
		var prompt strings.Builder
		for _, k := range x.Prompt() {
			prompt.WriteString(k.Text)
		}
		t.Add(prompt.String(), x.Text(), len(x.Tokens()))
	}
	return t
}

// Table returns two rows: the text before and after the change.
func (d Diff) Table() Table {
	t := Table{Caption: "Before and after a change", Columns: []string{"when", "text", "tokens"}}
	t.Add("before", d.Before.Text(), len(d.Before.Tokens()))
	t.Add("after", d.After.Text(), len(d.After.Tokens()))
	return t
}

// Table returns the likeliest tokens of each direction.
func (r Readings) Table() Table {
	t := Table{Caption: "Directions as tokens", Columns: []string{"direction", "rank", "token", "logit", "probability"}}
	for i := range r.Len() {
		for _, x := range r.Top(i) {
			t.Add(i, x.Rank, cellText(x.Token), x.Logit, x.Probability)
		}
	}
	return t
}

// Table returns the likeliest tokens after each layer at each position.
func (l LogitLens) Table() Table {
	t := Table{Caption: "What the model would say after each layer", Columns: []string{"layer", "position", "at", "rank", "token", "probability"}}
	labels := l.Labels()
	grid, _ := l.Lens()
	for layer := range grid {
		for position := range grid[layer] {
			at := ""
			if position < len(labels) {
				at = labels[position]
			}
			for _, x := range l.Top(layer, position) {
				t.Add(layer, position, at, x.Rank, cellText(x.Token), x.Probability)
			}
		}
	}
	return t
}

// Table returns what each neuron writes: the tokens whose logits it raises and lowers, with the change per unit of activation.
func (w Writes) Table() Table {
	t := Table{Caption: "What neurons write", Columns: []string{"neuron", "norm", "way", "token", "weight"}}
	for _, x := range w.All() {
		for _, k := range x.Promoted {
			t.Add(x.Neuron, x.Norm, "promoted", cellText(k.Token), k.Weight)
		}
		for _, k := range x.Demoted {
			t.Add(x.Neuron, x.Norm, "demoted", cellText(k.Token), k.Weight)
		}
	}
	return t
}

// Table returns for each neuron the ten places where it is most active.
func (c TopActivations) Table() Table {
	t := Table{Caption: "Where neurons act", Columns: []string{"neuron", "text", "position", "activation", "before", "token", "after"}}
	for _, n := range c.Neurons() {
		for _, x := range c.Top(n, 10) {
			t.Add(n, x.Text, x.Position, x.Activation, x.Before, x.Token, x.After)
		}
	}
	return t
}
