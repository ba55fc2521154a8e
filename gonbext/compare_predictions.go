package gonbext

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
)

// sideBySide is up to how many results have a column each; more are a ladder, with a row each.
const sideBySide = 3

// comparePredictions holds distributions of the next token against the first of them.
func comparePredictions(names []string, all []steer.Prediction) *card {
	of := lookedAt(all)
	c := &card{title: words("The next token, compared")}
	if len(of) > 0 {
		first, last := all[0].Token(of[0].ID), all[len(all)-1].Token(of[0].ID)
		verb := "goes"
		if len(all) == 2 && math.Abs(first.Probability-last.Probability) < 5e-5 {
			verb = "stays"
		}
		c.title = []span{{"p(", plain}, tokenSpan(of[0]), {fmt.Sprintf(") %s from %s (%s) to %s (%s)", verb, percent(first.Probability), names[0], percent(last.Probability), names[len(names)-1]), plain}}
	}
	for _, p := range all {
		c.warn(p.Warnings())
	}
	if one := promptOf(all[0]); slices.ContainsFunc(all, func(p steer.Prediction) bool { return promptOf(p) != one }) {
		c.notef("The prompts differ: %d texts.", len(all))
	} else {
		c.notef("after “%s”", textOf(all[0].Tokens()))
	}
	if len(all) <= sideBySide {
		c.put("Probabilities of the next token", columnsOf(names, all, of))
		return c
	}
	c.put("The next token, step by step", ladderOf(names, all, of))
	return c
}

// lookedAt are the tokens to compare: those asked for, then the likeliest of each, all of the first before those of the second.
func lookedAt(all []steer.Prediction) []steer.Token {
	var out []steer.Token
	add := func(r steer.Ranked) {
		if !slices.ContainsFunc(out, func(t steer.Token) bool { return t.ID == r.ID }) {
			out = append(out, r.Token)
		}
	}
	for _, p := range all {
		for _, r := range p.Of() {
			add(r)
		}
	}
	each := 6
	if len(all) > sideBySide {
		each = 1
	}
	for _, p := range all {
		top := p.Top()
		for _, r := range top[:min(len(top), each)] {
			add(r)
		}
	}
	return out
}

// columnsOf has a row for each token and a column for each result; of the others what they differ from the first.
func columnsOf(names []string, all []steer.Prediction, of []steer.Token) table {
	t := table{heads: []string{"token"}, left: []bool{true}}
	for i, n := range names {
		t.heads = append(t.heads, "p, "+n)
		if i > 0 {
			t.heads = append(t.heads, "difference (points)")
		}
	}
	rows := slices.Clone(of)
	slices.SortStableFunc(rows, func(a, b steer.Token) int { // what is likely anywhere first
		return cmp.Compare(likeliest(all, b), likeliest(all, a))
	})
	for _, k := range rows {
		row := []cell{{tokenSpan(k)}}
		base := all[0].Token(k.ID).Probability
		for i, p := range all {
			x := p.Token(k.ID).Probability
			row = append(row, text(percent(x)))
			if i > 0 {
				row = append(row, points(x-base))
			}
		}
		t.rows = append(t.rows, row)
	}
	if asked := all[0].Of(); len(asked) == 2 {
		row := []cell{text(fmt.Sprintf("logit(%q) − logit(%q)", asked[0].Text, asked[1].Text))}
		base := apart(all[0], asked)
		for i, p := range all {
			x := apart(p, asked)
			row = append(row, text(signed(x, 2)))
			if i > 0 {
				row = append(row, text(signed(x-base, 2)+" logits"))
			}
		}
		t.rows = append(t.rows, row)
	}
	row := []cell{text("divergence from the first (nats)"), {}}
	for _, p := range all[1:] {
		row = append(row, text(nats(all[0], p)), cell{})
	}
	t.rows = append(t.rows, row)
	return t
}

// ladderOf has a row for each result.
func ladderOf(names []string, all []steer.Prediction, of []steer.Token) table {
	of = of[:min(len(of), 4)]
	t := table{heads: []string{"under"}, left: []bool{true}}
	for _, k := range of {
		t.heads = append(t.heads, fmt.Sprintf("p(%s)", tokenSpan(k).text))
	}
	asked := all[0].Of()
	if len(asked) == 2 {
		t.heads = append(t.heads, fmt.Sprintf("logit(%q) − logit(%q)", asked[0].Text, asked[1].Text))
	}
	t.heads = append(t.heads, "first choice", "divergence from the first (nats)")
	t.left = append(t.left, make([]bool, len(t.heads)-1)...)
	for i, p := range all {
		row := []cell{text(names[i])}
		for _, k := range of {
			row = append(row, text(percent(p.Token(k.ID).Probability)))
		}
		if len(asked) == 2 {
			row = append(row, text(signed(apart(p, asked), 2)))
		}
		choice := cell{}
		if top := p.Top(); len(top) > 0 {
			choice = cell{tokenSpan(top[0].Token)}
		}
		t.rows = append(t.rows, append(row, choice, text(nats(all[0], p))))
	}
	return t
}

func likeliest(all []steer.Prediction, t steer.Token) (p float64) {
	for _, x := range all {
		p = max(p, x.Token(t.ID).Probability)
	}
	return p
}

// apart is the difference of the logits of two tokens.
func apart(p steer.Prediction, of []steer.Ranked) float64 {
	return p.Token(of[0].ID).Logit - p.Token(of[1].ID).Logit
}

// points is a difference of probabilities in percentage points. The arrow says which way it goes where the color does not.
func points(d float64) cell {
	switch {
	case math.Abs(d) < 5e-5:
		return text("0.00")
	case d < 0:
		return cell{{"▼ " + signed(100*d, 2), oppose}}
	}
	return cell{{"▲ " + signed(100*d, 2), support}}
}

// nats is the divergence KL(first ‖ p) over the whole vocabulary.
func nats(first, p steer.Prediction) string {
	a, b := logProbabilities(first.Logits()), logProbabilities(p.Logits())
	if len(a) != len(b) || len(a) == 0 {
		return "unknown"
	}
	var kl float64
	for i := range a {
		if q := math.Exp(a[i]); q > 0 {
			kl += q * (a[i] - b[i])
		}
	}
	return fmt.Sprintf("%.3f", max(kl, 0))
}

func logProbabilities(logits []float32) []float64 {
	out := make([]float64, len(logits))
	most, sum := math.Inf(-1), 0.0
	for _, x := range logits {
		most = max(most, float64(x))
	}
	for _, x := range logits {
		sum += math.Exp(float64(x) - most)
	}
	for i, x := range logits {
		out[i] = float64(x) - most - math.Log(sum)
	}
	return out
}
