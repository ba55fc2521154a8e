package gonbext

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// card lists what was computed beforehand: all that Live says where no script runs.
func (l *live) card() *card {
	c := &card{title: l.finding(), warnings: l.warnings()}
	ns := l.circuit.Neurons()
	about := unitsOf(ns)
	if name := l.circuit.Name(); name != "" {
		about = visible.Text(name) + " · " + about
	}
	if len(ns) <= mostSwitches {
		about += ": "
		for i, n := range ns {
			if i > 0 {
				about += ", "
			}
			about += n.String()
		}
	}
	c.line(span{about, plain})
	prompt := l.prompt()
	c.line(span{"prompt: ", muted}, span{prompt, plain})
	c.put("What each multiplier of the circuit gives; ×1 is the model without it", l.table())
	if l.predict != nil {
		c.notef("One prompt: another wording may give another answer.")
	}
	return c
}

// finding says what the multipliers do.
func (l *live) finding() []span {
	first, last := l.doses[0], l.doses[len(l.doses)-1]
	name := visible.Text(l.called())
	if l.predict != nil {
		if of := first.prediction.Of(); len(of) > 0 {
			return words("%s: p(“%s”) is %s at %s, %s at %s", name, visible.Token(of[0].Bytes()),
				percent(of[0].Probability), times(first.x), percent(last.prediction.Of()[0].Probability), times(last.x))
		}
		top := func(d dose) string { return visible.Token(d.prediction.Top()[0].Bytes()) }
		return words("%s: the likeliest next token is “%s” at %s, “%s” at %s", name, top(first), times(first.x), top(last), times(last.x))
	}
	changed := 0
	for _, d := range l.doses {
		if d.generation.Text() != l.unsteered().generation.Text() {
			changed++
		}
	}
	return words("%s: %d of %d multipliers change the text", name, changed, len(l.doses)-1)
}

// unsteered returns the dose that is none.
func (l *live) unsteered() dose {
	return l.doses[slices.IndexFunc(l.doses, func(d dose) bool { return d.x == 1 })]
}

// prompt returns the text that the tasks begin with, or both of them.
func (l *live) prompt() string {
	d := l.unsteered()
	switch {
	case l.predict == nil:
		return textOf(d.generation.Prompt())
	case l.generate == nil:
		return textOf(d.prediction.Tokens())
	}
	a, b := textOf(d.prediction.Tokens()), textOf(d.generation.Prompt())
	if a == b {
		return a
	}
	return a + " (next token) and " + b + " (text)"
}

// table has a row for each multiplier.
func (l *live) table() table {
	t := table{heads: []string{"multiplier"}, left: []bool{false}}
	add := func(head string, left bool) { t.heads, t.left = append(t.heads, head), append(t.left, left) }
	var of []steer.Ranked
	if l.predict != nil {
		of = l.doses[0].prediction.Of()
		for _, r := range of {
			add("p("+strconv.Quote(visible.Token(r.Bytes()))+")", false)
		}
		if len(of) == 2 {
			add("difference (logits)", false)
		}
		add("likeliest", true)
	}
	if l.generate != nil {
		add("text", true)
	}
	for _, d := range l.doses {
		row := []cell{text(times(d.x))}
		if l.predict != nil {
			of := d.prediction.Of()
			for _, r := range of {
				row = append(row, text(percent(r.Probability)))
			}
			if len(of) == 2 {
				row = append(row, text(signed(of[0].Logit-of[1].Logit, 2)))
			}
			top := d.prediction.Top()[0]
			row = append(row, cell{tokenSpan(top.Token), span{" " + percent(top.Probability), muted}})
		}
		if l.generate != nil {
			row = append(row, textCell(d.generation.Tokens()))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// warnings joins those of all doses, each once.
func (l *live) warnings() (out []steer.Warning) {
	add := func(ws []steer.Warning) {
		for _, w := range ws {
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	for _, d := range l.doses {
		if l.predict != nil {
			add(d.prediction.Warnings())
		}
		if l.generate != nil {
			add(d.generation.Warnings())
		}
	}
	if n := len(l.circuit.Neurons()); n > mostSwitches {
		out = append(out, steer.Warning{Code: "switches", Text: fmt.Sprintf("There are switches for circuits of up to %d neurons, and this one has %d: the slider multiplies them all.", mostSwitches, n)})
	}
	return out
}
