package message

import (
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// FewPrompts is the number of prompts below which an interval rests on very little.
const FewPrompts = 8

// Few warns of a result that rests on less than FewPrompts.
func Few(n int, of string) engine.Warning {
	n, of = Counted(n, of)
	return engine.Warning{Code: "few", Text: fmt.Sprintf("the result rests on only %d %s: what they have in common may be an accident (%d are advised)", n, of, FewPrompts)}
}

// Grouped says for how many of the examples each doubt holds, and of which example the first is.
func Grouped(doubts [][]engine.Warning) []engine.Warning {
	var (
		codes []string
		count = map[string]int{}
		first = map[string]string{}
	)
	for i, ws := range doubts {
		for _, w := range ws {
			if count[w.Code] == 0 {
				codes = append(codes, w.Code)
				first[w.Code] = fmt.Sprintf("the first is example %d: %s", i+1, w.Text)
			}
			count[w.Code]++
		}
	}
	var out []engine.Warning
	for _, c := range codes {
		out = append(out, engine.Warning{Code: c, Text: fmt.Sprintf("%d of %d examples carry this warning; %s", count[c], len(doubts), first[c])})
	}
	return out
}

// Counted returns n with the word for as many, of which of is the plural: 1 neuron, 20 neurons.
func Counted(n int, of string) (int, string) {
	if n != 1 {
		return n, of
	}
	if stem, ok := strings.CutSuffix(of, "ies"); ok {
		return n, stem + "y"
	}
	return n, strings.TrimSuffix(of, "s")
}
