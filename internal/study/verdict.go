package study

import (
	"context"
	"errors"
	"strconv"
)

// criteria is how many criteria of a circuit stand how.
type criteria struct {
	Met       int `json:"met"`
	NotMet    int `json:"notMet"`
	NotTested int `json:"notTested"`
}

// cells are its columns of summary.csv; without a verdict they are empty.
func (c *criteria) cells() []string {
	if c == nil {
		return make([]string, 3)
	}
	return []string{strconv.Itoa(c.Met), strconv.Itoa(c.NotMet), strconv.Itoa(c.NotTested)}
}

// checkVerdict reports settings, of which a verdict has none.
func (t Test) checkVerdict(c *checker, where string) {
	c.only(where, t.Kind, t.drawing())
	c.only(where, t.Kind, map[string]bool{"multipliers": t.Multipliers != nil, "controls": t.Controls != 0, "ablation": t.Ablation != "", "sizes": t.Sizes != nil,
		"percentages": t.Percentages != nil, "keep_first": t.KeepFirst, "kl": t.KL != nil, "target": t.Target != nil, "limit": t.Limit != nil, "side_effects": t.SideEffects,
		"texts": len(t.Texts) > 0, "continue": t.Continue != nil, "skip_bos": t.SkipBOS, "prompted": t.Prompted != "", "prompts": len(t.Prompts) > 0, "chat": t.Chat, "max_tokens": t.MaxTokens != 0})
}

// verdict judges a circuit by the study's results so far.
func (r *runner) verdict(ctx context.Context, i int, s step, t tested, line *row) error {
	v, err := compute(ctx, r, i, s, r.model.Verdict(t.circuit).OnExamples(t.behavior.examples().Test()))
	if err != nil {
		return err
	}
	r.note(v.Warnings()...)
	met, not, untested := v.Count()
	line.Criteria = &criteria{met, not, untested}
	return errors.Join(r.out.json(t.base()+".json", v), r.out.bytes(t.base()+".csv", []byte(v.CSV())))
}
