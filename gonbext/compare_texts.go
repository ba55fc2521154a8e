package gonbext

import (
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
)

// compareGenerations puts continuations beside one another. What of each is not in the first, or in the first not in the second, stands
// between marks.
func compareGenerations(names []string, all []steer.Generation) *card {
	c := &card{}
	same := 0
	for _, g := range all[1:] {
		if all[0].Diff(g).Same() {
			same++
		}
		c.warn(g.Warnings())
	}
	c.warn(all[0].Warnings())
	d := all[0].Diff(all[1])
	switch {
	case same == len(all)-1:
		c.title = words("The same text %d times", len(all))
	case len(all) == 2:
		c.title = words("The texts part at new token %d", d.Common()+1)
	default:
		c.title = words("%d of %d texts differ from the first", len(all)-1-same, len(all)-1)
	}
	if one := promptOf(all[0]); !slices.ContainsFunc(all, func(g steer.Generation) bool { return promptOf(g) != one }) {
		c.line(append([]span{{"prompt ", muted}}, promptCell(all[0])...)...)
	}
	var beside []*card
	for i, g := range all {
		with := all[0]
		if i == 0 {
			with = all[1]
		}
		k := &card{title: []span{{names[i], plain}}}
		k.line(markedText(g.Tokens(), with.Tokens())...)
		k.notef("%s · %s", count(len(g.Tokens()), "new token"), end(g))
		beside = append(beside, k)
	}
	c.blocks = append(c.blocks, block{beside: beside})
	if same < len(all)-1 {
		c.notef("Between « and » stands what the first has and the second has not, or another has and the first has not.")
	}
	return c
}

// markedText shows tokens with marks around the runs that another text does not have in the same order.
func markedText(ts, with []steer.Token) []span {
	if len(ts) == 0 {
		return []span{{"(nothing)", muted}}
	}
	shared := sharedTokens(ts, with)
	var out []span
	for i := 0; i < len(ts); {
		j := i
		for j < len(ts) && shared[j] == shared[i] {
			j++
		}
		if shared[i] {
			out = append(out, textSpansOf(ts[i:j], plain)...)
		} else {
			out = append(out, span{"«", muted})
			out = append(out, textSpansOf(ts[i:j], strong)...)
			out = append(out, span{"»", muted})
		}
		i = j
	}
	return out
}

// sharedTokens says of each token whether it is in a longest common subsequence of both texts.
func sharedTokens(a, b []steer.Token) []bool {
	long := make([][]int, len(a)+1)
	for i := range long {
		long[i] = make([]int, len(b)+1)
	}
	for i, v := range slices.Backward(a) {
		for j := len(b) - 1; j >= 0; j-- {
			if v.ID == b[j].ID {
				long[i][j] = long[i+1][j+1] + 1
			} else {
				long[i][j] = max(long[i+1][j], long[i][j+1])
			}
		}
	}
	out := make([]bool, len(a))
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].ID == b[j].ID:
			out[i] = true
			i, j = i+1, j+1
		case long[i+1][j] >= long[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// compareBaselines says of each result whether the behavior is there.
func compareBaselines(names []string, all []steer.Baseline) *card {
	first, last := all[0].Difference(), all[len(all)-1].Difference()
	c := &card{title: words("The mean difference goes from %s (%s) to %s logits (%s)", signed(first.Value, 2), names[0], signed(last.Value, 2), names[len(names)-1])}
	t := table{heads: []string{"under", "examples", "prefers the target", "first choice", "mean difference (logits)", "95 % interval", "change"}, left: []bool{true}}
	for i, g := range all {
		n, _ := g.N()
		row := []cell{text(names[i]), number(n), text(fmt.Sprint(g.Pair())), {}, text(signed(g.Difference().Value, 2)), interval(g.Difference()), {}}
		if top, ok := g.Top1(); ok {
			row[3] = text(fmt.Sprint(top))
		}
		if i > 0 {
			row[6] = text(signed(g.Difference().Value-first.Value, 2))
		}
		t.rows = append(t.rows, row)
		c.warn(g.Warnings())
	}
	c.put("The behavior under each", t)
	return c
}
