package gonbext

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Compared are results beside one another, to be shown.
type Compared struct {
	xs []any
	at site
}

// Compare puts results or tasks of one kind beside one another: predictions in one table with their differences, continuations with
// marks where they part, responses and baselines by what they have in common, anything else card by card. Each is named by what the
// model was run under, so the results of one task under several multipliers are a ladder of doses. A slice counts as its elements.
// Nothing is computed before it is shown.
//
//	ask := m.Predict(text).Of(" wonderful", " terrible")
//	nb.Show(nb.Compare(ask, ask.Ablate(top), ask.Scale(top, 2)))
func Compare(xs ...any) Compared {
	c := Compared{at: caller()}
	for _, x := range xs {
		if v := reflect.ValueOf(x); v.Kind() == reflect.Slice {
			for i := range v.Len() {
				c.xs = append(c.xs, v.Index(i).Interface())
			}
			continue
		}
		c.xs = append(c.xs, x)
	}
	if line := c.at.source(); strings.HasPrefix(line, "nb.Compare(") && strings.HasSuffix(line, ")") {
		Show(c) // a statement of its own, whose value would be lost
	}
	return c
}

// String returns the comparison as aligned text.
func (c Compared) String() string {
	k, err := c.card()
	if err != nil {
		return err.Error()
	}
	return k.text()
}

// card computes what is compared.
func (c Compared) card() (*card, error) {
	if len(c.xs) < 2 {
		return nil, engine.Errorf(engine.BadSetting, "compare", "%s to compare, want two or more", count(len(c.xs), "result")).
			Try("nb.Show(nb.Compare(ask, ask.Ablate(top)))")
	}
	results := make([]any, len(c.xs))
	for i, x := range c.xs {
		results[i] = given(x, c.at)
	}
	names := namesOf(results)
	if all, ok := each[steer.Prediction](results); ok {
		return comparePredictions(names, all), nil
	}
	if all, ok := each[steer.Generation](results); ok {
		return compareGenerations(names, all), nil
	}
	if all, ok := each[steer.Curve](results); ok {
		return compareCurves(names, all), nil
	}
	if all, ok := each[steer.Baseline](results); ok {
		return compareBaselines(names, all), nil
	}
	if all, ok := each[steer.FaithfulnessCurve](results); ok {
		return compareFaithfulness(names, all), nil
	}
	if all, ok := each[steer.Circuit](results); ok {
		return overlapCard(steer.Overlap(all...)), nil
	}
	return cardsBeside(names, results)
}

// each returns results of one type.
func each[T any](xs []any) (out []T, ok bool) {
	for _, x := range xs {
		v, ok := x.(T)
		if !ok {
			return nil, false
		}
		out = append(out, v)
	}
	return out, true
}

// cardsBeside shows the card of each result beside the others', and the warnings of all together.
func cardsBeside(names []string, results []any) (*card, error) {
	c := &card{title: words("%s side by side", count(len(results), "result"))}
	var all []*card
	for i, x := range results {
		k, ok := result(x, site{})
		if !ok {
			return nil, engine.Errorf(engine.BadSetting, "compare", "%T is no result, so there is nothing to hold it against", x).
				Try("compare what tasks give: nb.Compare(nb.Run(ask), nb.Run(ask.Ablate(top)))")
		}
		c.warn(k.warnings)
		k.warnings = nil
		k.title = append([]span{{names[i] + ": ", plain}}, k.title...)
		all = append(all, k)
	}
	c.blocks = append(c.blocks, block{beside: all})
	return c, nil
}

// warn adds warnings, each once.
func (c *card) warn(ws []steer.Warning) {
	for _, w := range ws {
		known := false
		for _, have := range c.warnings {
			known = known || have == w
		}
		if !known {
			c.warnings = append(c.warnings, w)
		}
	}
}

// namesOf names results by what tells them apart: their own names, what the model was run under, their prompts. What does not is left
// out, and what is left alike is numbered.
func namesOf(results []any) []string {
	parts := make([][]string, len(results))
	for _, of := range []func(any) string{nameOf, underOf, promptOf} {
		var told []string
		differ := false
		for _, x := range results {
			told = append(told, of(x))
			differ = differ || told[len(told)-1] != told[0]
		}
		if !differ {
			continue
		}
		for i, s := range told {
			if s != "" {
				parts[i] = append(parts[i], s)
			}
		}
	}
	names, seen := make([]string, len(results)), map[string]int{}
	for i, p := range parts {
		if names[i] = strings.Join(p, " · "); names[i] == "" {
			names[i] = "as it is"
			if underOf(results[i]) != "" {
				names[i] = "result"
			}
		}
		seen[names[i]]++
	}
	for i, n := range names {
		if seen[n] > 1 {
			names[i] = fmt.Sprintf("%s (%d)", n, i+1)
		}
	}
	return names
}

func nameOf(x any) string {
	if of, ok := x.(interface{ Name() string }); ok {
		return visible.Text(of.Name())
	}
	return ""
}

// underOf is what a result was computed under; nothing where that is the model as it is.
func underOf(x any) string {
	if of, ok := x.(interface{ Interventions() string }); ok {
		return visible.Text(of.Interventions())
	}
	return ""
}

func promptOf(x any) string {
	switch x := x.(type) {
	case steer.Prediction:
		return "“" + tail(textOf(x.Tokens()), 30) + "”"
	case steer.Generation:
		return "“" + tail(textOf(x.Prompt()), 30) + "”"
	}
	return ""
}
