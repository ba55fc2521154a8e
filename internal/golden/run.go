package golden

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Options says how a check is run.
type Options struct {
	Model string                                                 // the model for every folder; empty: as the package doc says
	Open  func(ctx context.Context, ref string) (*Target, error) // opens a model by name or path
	Out   io.Writer                                              // where the report goes
}

// A Target is an opened model and what computes it.
type Target struct {
	Model  *steer.Model
	Engine engine.Engine
	Text   engine.Tokenizer
	Close  func() // may be nil
}

// Run checks the folders and prints the report. ok is true when nothing was missed in any of them. A folder that cannot
// be checked (a damaged file, a model that cannot be opened) is reported, makes ok false and does not keep the others from
// being checked. The error is for what ends the run itself: ctx, or a report that cannot be written.
func Run(ctx context.Context, dirs []string, opt Options) (ok bool, err error) {
	if len(dirs) == 0 {
		return false, engine.Errorf(engine.BadSetting, "check", "no folder").Try("neuronsteer check testdata/golden/tiny-llama")
	}
	if opt.Open == nil || opt.Out == nil {
		return false, engine.Errorf(engine.BadSetting, "check", "golden.Options needs Open and Out").Try("golden.Options{Open: open, Out: os.Stdout}")
	}
	var all tally
	for i, dir := range dirs {
		rep := &report{out: opt.Out}
		if i > 0 {
			rep.printf("\n")
		}
		start := time.Now()
		if err := folder(ctx, dir, opt, rep); err != nil {
			if ctx.Err() != nil {
				return false, ctx.Err()
			}
			rep.fault(dir, err)
		}
		rep.printf("%s: %s in %.1f s\n", dir, rep.tally, time.Since(start).Seconds())
		if rep.err != nil {
			return false, fmt.Errorf("check: the report cannot be written: %w", rep.err)
		}
		all = all.plus(rep.tally)
	}
	if len(dirs) > 1 {
		if _, err := fmt.Fprintf(opt.Out, "\n%d folders: %s\n", len(dirs), all); err != nil {
			return false, fmt.Errorf("check: the report cannot be written: %w", err)
		}
	}
	return all.passed(), nil
}

// folder checks one folder.
func folder(ctx context.Context, dir string, opt Options, rep *report) (err error) {
	doc, err := open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, doc.tensors.Close()) }()
	cases, err := formatOf(doc)
	if err != nil {
		return err
	}
	ref, err := modelOf(dir, opt.Model, doc)
	if err != nil {
		return err
	}
	rep.printf("%s, model %s\n", dir, ref)
	t, err := opt.Open(ctx, ref)
	if err != nil {
		return err
	}
	if t.Close != nil {
		defer t.Close()
	}
	cases(newCheck(ctx, doc, t, rep))
	return finish(ctx, doc, rep)
}

func newCheck(ctx context.Context, doc *document, t *Target, rep *report) *check {
	rep.printf("engine %s\n\n", t.Engine.Name())
	rep.columns("case", "quantity", "largest", "tolerance", "")
	return &check{ctx: ctx, target: t, doc: doc, rep: rep, model: t.Model}
}

// finish reports what the comparisons left.
func finish(ctx context.Context, doc *document, rep *report) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, f := range doc.faults {
		rep.fault(f.where, f.err)
	}
	rep.leftOut(doc)
	return nil
}

// check is one folder being checked: what the comparisons share.
type check struct {
	ctx    context.Context //nolint:containedctx // it lives as long as one call of Run
	target *Target
	model  *steer.Model
	doc    *document
	rep    *report
	label  string // of the case at hand
}

// at returns the check with another case at hand.
func (c *check) at(label string) *check {
	d := *c
	d.label = label
	return &d
}

// formatOf recognizes the format of a document by its keys.
func formatOf(doc *document) (func(*check), error) {
	switch {
	case doc.root.get("prompts").exists():
		doc.reasons, doc.inherit = promptReasons, true
		return checkPrompts, nil
	case doc.root.get("cases").exists():
		doc.reasons = caseReasons
		return checkCases, nil
	}
	return nil, engine.Errorf(engine.BadSetting, doc.name, `neither "prompts" nor "cases" is in the file, so its format is unknown`).
		Try("give a folder that holds golden cases, e.g. testdata/golden/tiny-llama")
}
