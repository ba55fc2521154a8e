package verify

import (
	"context"
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/steer"
)

// Options say how results are computed again.
type Options struct {
	Open      func(model string) (Runner, error)    // a model without any store; asked once for each
	Find      func(ref string) (steer.Record, bool) // requests that were too long for the file; may be nil
	Sample    int                                   // so many results, evenly chosen; 0: all
	Tolerance journal.Tolerance
}

// A Runner runs requests on a model whose digests it knows.
type Runner interface {
	steer.Runner
	Identity() (steer.Identity, error)
}

// A Check is one result that was computed again.
type Check struct {
	Source  journal.Source
	Differ  []string // how it differs; none: it agrees
	Skipped string   // why it was not computed
	Worst   float64  // the largest distance, as a share of the tolerance
	Engine  string   // what did the work now
}

// Recompute computes the results of the file again, and tells of each.
func (f *File) Recompute(ctx context.Context, o Options, told func(Check)) (out []Check, err error) {
	runners := map[string]Runner{}
	for _, s := range chosen(f.Sources, o.Sample) {
		c := Check{Source: s}
		if err := c.run(ctx, o, runners); err != nil {
			return out, err
		}
		out = append(out, c)
		if told != nil {
			told(c)
		}
	}
	return out, nil
}

// chosen returns n of the sources at equal distances, the first and the last among them.
func chosen(all []journal.Source, n int) []journal.Source {
	if n <= 0 || n >= len(all) {
		return all
	}
	if n == 1 {
		return all[:1]
	}
	var out []journal.Source
	for i := range n {
		out = append(out, all[int(math.Round(float64(i)*float64(len(all)-1)/float64(n-1)))])
	}
	return out
}

// run computes one result. An error is one of the user or the machine, not of the result.
func (c *Check) run(ctx context.Context, o Options, runners map[string]Runner) error {
	s := c.Source
	switch {
	case s.Kept():
		c.Skipped = "it depends on what was kept then; what it was put together from is checked itself"
		return nil
	case s.Summary == nil:
		c.Differ = []string{"nothing says what it gave"}
		return nil
	}
	if !s.Whole() && o.Find != nil {
		if rec, ok := o.Find(s.Ref); ok {
			s.Settings = string(rec.Header.Request.Settings)
		}
	}
	if !s.Whole() {
		c.Skipped = "its settings are too long for the file, and it is not in the store"
		return nil
	}
	r, err := s.Request()
	if err != nil {
		c.Differ = []string{err.Error()}
		return nil //nolint:nilerr // it is a finding
	}
	runner := runners[s.Model]
	if runner == nil {
		if runner, err = o.Open(s.Model); err != nil {
			return err
		}
		runners[s.Model] = runner
	}
	id, err := runner.Identity()
	if err != nil {
		return err
	}
	if id.Model != s.Identity.Model || id.Tokenizer != s.Identity.Tokenizer {
		c.Differ = []string{fmt.Sprintf("the model %q is another one here: weights %.8s and tokenizer %.8s, recorded %.8s and %.8s", s.Model, id.Model, id.Tokenizer, s.Identity.Model, s.Identity.Tokenizer)}
		return nil
	}
	rec, err := runner.Run(ctx, r, nil)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		c.Differ = []string{fmt.Sprintf("it cannot be computed: %v", err)}
		return nil
	}
	c.Engine = rec.Header.Engine
	c.Differ, c.Worst = s.Summary.Compare(journal.Summarize(rec), o.Tolerance)
	return nil
}
