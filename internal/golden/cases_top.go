package golden

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
)

// mostLikely compares a list of [text, probability]; the file rounds to five digits. A token may stand in another's place
// where the file's logits of the two are within twice the tolerance.
func (c *check) mostLikely(want node, logits array, p steer.Prediction, err error) {
	mark(want.source())
	if err := first(logits.err, err); err != nil {
		c.rep.failure(c.label, "top5", err)
		return
	}
	tol := c.tolerance("logitsAbs")
	got := p.Top()
	rows := want.all()
	if len(got) != len(rows) {
		c.rep.exact(c.label, "top5", false, fmt.Sprintf("there are %d, it should be %d", len(got), len(rows)))
		return
	}
	byFile := strongestIDs(logits.data, len(rows)+ties)
	if len(byFile) < len(rows) {
		c.rep.exact(c.label, "top5", false, "the vocabulary has fewer tokens")
		return
	}
	for i, n := range rows { // [text, probability]
		row := n.all()
		if len(row) != 2 {
			n.wrong("[text, probability]")
			return
		}
		text, probability := row[0].str(), row[1].num()
		named := slices.ContainsFunc(byFile, func(id int32) bool {
			t, _ := c.target.Text.Token(id)
			return t.Text == text && gapOf(logits.data, byFile[i], id) <= 2*tol
		})
		if !named {
			c.rep.exact(c.label, "top5", false, fmt.Sprintf("at %d: %q is not what the file's own logits have there", i, text))
			return
		}
		if gap := gapOf(logits.data, byFile[i], got[i].ID); !(gap <= 2*tol) {
			c.rep.exact(c.label, "top5", false, fmt.Sprintf("at %d: %q, it should be %q", i, got[i].Text, text))
			return
		}
		if d := math.Abs(got[i].Probability - probability); !(d <= rounding+2*tol*probability) {
			c.rep.exact(c.label, "top5", false, fmt.Sprintf("at %d: the probability is %.5f, it should be %.5f", i, got[i].Probability, probability))
			return
		}
	}
	c.rep.exact(c.label, "top5", true, "")
}

// ties is how many tokens past the list may tie with its last.
const ties = 8

// rounding is how far five digits are from the number that they stand for.
const rounding = 0.5e-5 * (1 + 1e-6)

// strongestIDs returns the ids of the k largest logits [V], ties to the lower id.
func strongestIDs(logits []float32, k int) []int32 {
	ids := make([]int32, len(logits))
	for i := range ids {
		ids[i] = int32(i)
	}
	slices.SortStableFunc(ids, func(a, b int32) int { return cmp.Compare(logits[b], logits[a]) })
	return ids[:min(k, len(ids))]
}
