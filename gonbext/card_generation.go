package gonbext

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// generationCard shows a prompt and its continuation.
func generationCard(g steer.Generation) *card {
	ts := g.Tokens()
	c := &card{title: words("Continuation · %s · %s", count(len(ts), "new token"), end(g)), warnings: g.Warnings()}
	t := table{left: []bool{true, true}}
	t.rows = append(t.rows, []cell{{{"prompt", muted}}, promptCell(g)}, []cell{{{"text", muted}}, textCell(ts)})
	c.put("The prompt and its continuation", t)
	return c
}

// end says why a continuation ended.
func end(g steer.Generation) string {
	switch {
	case g.Stopped() != "":
		return "stopped at " + strconv.Quote(g.Stopped())
	case g.Ended():
		return "the model ended the text"
	}
	return "stopped at MaxTokens"
}

// mostContinuations is how many continuations a card shows.
const mostContinuations = 20

// generationsCard shows the first prompts and their continuations.
func generationsCard(g steer.Generations) *card {
	list, tokens := g.List(), 0
	for _, one := range list {
		tokens += len(one.Tokens())
	}
	c := &card{title: words("Continuations of %s · %s", count(len(list), "prompt"), count(tokens, "new token")), warnings: g.Warnings()}
	t := table{heads: []string{"", "prompt", "text"}, left: []bool{false, true, true}, names: 1}
	for i, one := range list[:min(len(list), mostContinuations)] {
		t.rows = append(t.rows, []cell{{{strconv.Itoa(i + 1), muted}}, promptCell(one), textCell(one.Tokens())})
	}
	if n := len(list) - mostContinuations; n > 0 {
		t.more = fmt.Sprintf("… %d more", n)
	}
	c.put("Prompts and their continuations", t)
	return c
}

// diffCard shows two continuations: what they have in common, then where they part.
func diffCard(d steer.Diff) *card {
	c := &card{warnings: bothWarnings(d)}
	a, b, n := d.Before.Tokens(), d.After.Tokens(), d.Common()
	t := table{left: []bool{true, true}}
	row := func(name string, what cell) { t.rows = append(t.rows, []cell{{{name, muted}}, what}) }
	if samePrompt(d) {
		row("prompt", promptCell(d.Before))
	} else {
		row("prompt before", promptCell(d.Before))
		row("prompt after", promptCell(d.After))
	}
	if d.Same() {
		c.title = words("The same text: all %s agree", count(len(a), "new token"))
		row("both", textCell(a))
	} else {
		c.title = words("The texts part at new token %d", n+1)
		if n > 0 {
			row("both", textCell(a[:n]))
		}
		row("before", differs(a[n:]))
		row("after", differs(b[n:]))
	}
	if x, y := d.Before.Interventions(), d.After.Interventions(); x != y {
		c.line(span{"before: ", muted}, span{asItIs(x), plain}, span{"; after: ", muted}, span{asItIs(y), plain})
	} else if x != "" {
		c.line(span{"both under ", muted}, span{visible.Text(x), plain})
	}
	if x, y := d.Before.Edited(), d.After.Edited(); x != y {
		c.notef("neurons changed: %d before, %d after", x, y)
	} else if x > 0 {
		c.notef("neurons changed: %d in both", x)
	}
	if x, y := d.Before.EditedHeads(), d.After.EditedHeads(); x != y {
		c.notef("heads changed: %d before, %d after", x, y)
	} else if x > 0 {
		c.notef("heads changed: %d in both", x)
	}
	c.put("Both texts, from where they part", t)
	switch {
	case d.Before.Drawn() || d.After.Drawn():
		c.notef("One prompt, drawn tokens: what differs by one token is drawn differently from there on, also where nothing else has changed.")
	case d.Same():
		c.notef("One prompt, greedy decoding: the same words can hide different probabilities; Predict shows them.")
	default:
		c.notef("One prompt, greedy decoding: the first token that differs decides the rest.")
	}
	return c
}

// asItIs is what a run was done under, in words.
func asItIs(interventions string) string {
	if interventions == "" {
		return "nothing changed"
	}
	return visible.Text(interventions)
}

func samePrompt(d steer.Diff) bool {
	return slices.EqualFunc(d.Before.Prompt(), d.After.Prompt(), func(x, y steer.Token) bool { return x.ID == y.ID })
}

func promptCell(g steer.Generation) cell { return textSpansOf(g.Prompt(), muted) }

func textCell(ts []steer.Token) cell { return textSpansOf(ts, plain) }

// differs shows the part of a text that the other does not have.
func differs(ts []steer.Token) cell {
	if len(ts) == 0 {
		return cell{{"(ends here)", muted}}
	}
	return textSpansOf(ts, strong)
}

// bothWarnings joins the warnings of both sides, each once.
func bothWarnings(d steer.Diff) []steer.Warning {
	all := d.Before.Warnings()
	for _, w := range d.After.Warnings() {
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}
