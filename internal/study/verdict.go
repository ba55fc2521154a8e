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
