package golden

import (
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
)

// greedy compares a greedy continuation of the file, which never stops at an end token. Where the best two tokens of the
// file's run came closer than twice the tolerance of a logit, another outcome is reported as a near tie.
func (c *check) greedy(quantity string, want node, task steer.GenerateTask) {
	if !want.exists() {
		return
	}
	ids := want.get("ids").ids()
	if len(ids) == 0 {
		want.wrong("a list of ids")
		return
	}
	g, err := task.MaxTokens(len(ids)).IgnoreEnd().Run(c.ctx)
	var got []int32
	var text string
	if err == nil {
		got, text = g.IDs(), g.Text()
		if named := c.named(got); len(named) < len(got) { // the files leave such ids out of texts; we spell them
			text, err = c.target.Text.Decode(named)
		}
	}
	margin, tol := want.get("smallestMargin").num(), c.tolerance("logitsAbs")
	if err == nil && margin <= 2*tol && !slices.Equal(got, ids) {
		c.nearTie(quantity, margin, tol, want.get("ids").source(), want.get("text").source())
		return
	}
	same(c, quantity, want.get("ids").source(), ids, got, err)
	if n := want.get("text"); n.exists() {
		same(c, quantity+", text", n.source(), []string{n.str()}, []string{text}, err)
	}
}

// named returns the ids that have a token: a padded embedding has rows that no text means.
func (c *check) named(ids []int32) (named []int32) {
	for _, id := range ids {
		if _, ok := c.target.Text.Token(id); ok {
			named = append(named, id)
		}
	}
	return named
}
