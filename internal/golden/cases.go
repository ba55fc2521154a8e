package golden

import (
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// caseReasons says what of the format with named cases is not compared, and why.
var caseReasons = map[string]reason{
	"format":                           description,
	"largest_difference_from_float64":  description,
	"tolerance.logitsAbs":              input,
	"tolerance.metricAbs":              input,
	"tolerance.relevanceAbs":           input,
	"tolerance.otherRelativeToLargest": input,
	"tolerance.greedy":                 input,
	"tolerance.note":                   description,
	"cases.*.prompt":                   input,
	"cases.*.target":                   input,
	"cases.*.versus":                   input,
	"tensor contrast":                  noPairs,
	"tensor control":                   noPairs,
}

// newTokens is how many tokens a case of this format generates at most.
const newTokens = 24

// A named is one case of the format with named cases.
type named struct {
	node
	name           string
	text           string
	target, versus string
}

// tensor returns the case's tensor of a quantity; ok is false when the file holds none.
func (k named) tensor(quantity string) (a array, ok bool) {
	if _, ok := k.doc.tensors.Info(k.name + "/" + quantity); !ok {
		return array{}, false
	}
	return k.doc.tensor(k.name + "/" + quantity), true
}

// checkCases checks a folder of the format with named cases.
func checkCases(c *check) {
	all := c.doc.root.get("cases")
	for _, name := range all.keys() {
		if c.ctx.Err() != nil {
			return
		}
		n := all.get(name)
		k := named{node: n, name: name, text: n.get("prompt").str(), target: n.get("target").str(), versus: n.get("versus").str()}
		d := c.at(name)
		d.caseReading(k)
		d.casePrediction(k)
		d.caseInside(k)
		d.caseScores(k)
		d.caseGreedy(k, "greedy", c.model.Generate(k.text))
		d.caseSteered(k)
	}
	c.casePairs()
}

// caseReading compares ids and pieces.
func (c *check) caseReading(k named) {
	tokens, err := c.model.Tokens(k.text).Run(c.ctx)
	var ids []int32
	var pieces []string
	if err == nil {
		ids, pieces = tokens.IDs(), piecesOf(tokens.All())
	}
	if _, ok := k.tensor("ids"); ok {
		want, src, werr := c.doc.integers(k.name + "/ids")
		same(c, "ids", src, want, ids, first(werr, err))
	}
	if want := k.get("tokens"); want.exists() {
		same(c, "tokens", want.source(), want.strs(), pieces, err)
	}
}

// casePrediction compares the logits and the most likely tokens.
func (c *check) casePrediction(k named) {
	top := k.get("top5")
	p, err := c.model.Predict(k.text).Top(5).Run(c.ctx)
	logits, ok := k.tensor("logits") // [V]
	if ok {
		c.abs("logits", logits, predicted(p, err), c.tolerance("logitsAbs"))
	}
	if top.exists() {
		c.mostLikely(top, logits, p, err)
	}
}

// predicted returns the logits [V] of a prediction.
func predicted(p steer.Prediction, err error) array {
	if err != nil {
		return array{err: err}
	}
	return array{shape: []int{len(p.Logits())}, data: p.Logits()}
}

// caseInside compares h [L,F] and the residual stream after each layer [L,D], both at the last position.
func (c *check) caseInside(k named) {
	var spaces []engine.Site
	for space, quantity := range insides {
		if _, ok := k.tensor(quantity); ok {
			spaces = append(spaces, space)
		}
	}
	if len(spaces) == 0 {
		return
	}
	a, err := c.model.Capture(k.text).From(spaces...).Run(c.ctx)
	slices.Sort(spaces)
	for _, space := range spaces {
		want, _ := k.tensor(insides[space])
		got := array{err: err}
		if err == nil {
			L, w := a.Shape().Layers, len(a.Row(space, 0, -1))
			got.shape = []int{L, w}
			for l := range L {
				got.data = append(got.data, a.Row(space, l, -1)...)
			}
		}
		c.relative(insides[space], want, got, c.tolerance("otherRelativeToLargest"))
	}
}

// insides are the quantities of a case that a capture answers.
var insides = map[engine.Site]string{engine.Neurons: "neurons", engine.Residual: "residual"}

// caseGreedy compares a greedy continuation that stops at an end token.
func (c *check) caseGreedy(k named, quantity string, task steer.GenerateTask) {
	text := k.get(quantity)
	_, ok := k.tensor(quantity)
	if !ok && !text.exists() {
		return
	}
	want, src, werr := c.doc.integers(k.name + "/" + quantity)
	g, err := task.MaxTokens(max(newTokens, len(want))).Run(c.ctx)
	var got []int32
	var gotText string
	if err == nil {
		got, gotText = g.IDs(), g.Text()
	}
	if ok {
		same(c, quantity, src, want, got, first(werr, err))
	}
	if text.exists() {
		same(c, quantity+", text", text.source(), []string{text.str()}, []string{gotText}, err)
	}
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
