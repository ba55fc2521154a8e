package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/internal/verify"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

const verifyHelp = `
Asks of a report or an executed notebook: is each output as it was when it was shown, and does each result come out again?
Results are computed without any store and compared within the tolerance. With -execute a notebook is run afresh too, with an
empty store, and what it shows is compared number by number. The exit status is 0 where all agree, 1 where something differs.
`

// verifies checks a report or a notebook.
func verifies(ctx context.Context, f *flag.FlagSet, args []string, out io.Writer) error {
	o := verify.Options{Tolerance: journal.Usual, Find: find()}
	f.IntVar(&o.Sample, "sample", 0, "compute only `N` of the results, evenly chosen; 0: all")
	f.Float64Var(&o.Tolerance.Relative, "tolerance", o.Tolerance.Relative, "how far numbers may be apart, as a `SHARE` of the size of their field")
	model := f.String("model", "", "compute on this model, by `NAME` or path, or a folder with models of the file's names, where these are not found here")
	execute := f.Bool("execute", false, "run the notebook afresh, with an empty store, and compare what it shows")
	var e verify.Execution
	f.StringVar(&e.Kernel, "kernel", "", "the `NAME` of the kernel for -execute; the default is the notebook's own")
	files, err := words(f, args)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return engine.Errorf(steer.BadSetting, "verify", "name a report or an executed notebook").Try("type: neuronsteer verify report.html")
	}
	var open []*local.Runner
	defer func() {
		for _, r := range open {
			_ = r.Close() // the program ends
		}
	}()
	o.Open = func(name string) (verify.Runner, error) {
		r, err := local.NewRunner(foundAs(name, *model))
		if err != nil {
			return nil, engine.Errorf(steer.UnknownModel, "verify", "the file's model %q cannot be opened here: %v", name, err).
				Try("say where it lies: neuronsteer verify -model PATH, of it or of the folder that it is in")
		}
		open = append(open, r)
		return r, nil
	}
	wrong := false
	for _, path := range files {
		w, err := verifyFile(ctx, path, o, out)
		if err != nil {
			return err
		}
		wrong = wrong || w
		if *execute {
			e.Python = os.Getenv("NEURONSTEER_PYTHON")
			if w, err = verifyRun(ctx, path, e, out); err != nil {
				return err
			}
			wrong = wrong || w
		}
	}
	if wrong {
		return errFailed
	}
	return nil
}

// foundAs returns what a model that a file calls name is opened by: the one that was named, or the one of that name in the folder
// that was.
func foundAs(name, model string) string {
	if model == "" {
		return name
	}
	if inside := filepath.Join(model, name); name != "" {
		if _, err := os.Stat(inside); err == nil {
			return inside
		}
	}
	if _, err := os.Stat(filepath.Join(model, "config.json")); err != nil {
		if info, err := os.Stat(model); err == nil && info.IsDir() {
			return name // a folder of models that does not hold this one
		}
	}
	return model
}

// verifyFile checks one file, and reports whether something is wrong.
func verifyFile(ctx context.Context, path string, o verify.Options, out io.Writer) (wrong bool, err error) {
	file, err := verify.Open(path)
	if err != nil {
		return false, err
	}
	altered := file.Altered()
	fmt.Fprintf(out, "%s: %d outputs say where they came from\n", path, len(file.Outputs))
	if file.Unknown > 0 {
		fmt.Fprintf(out, "  %d others do not, and are not checked\n", file.Unknown)
	}
	for _, a := range altered {
		fmt.Fprintf(out, "  CHANGED %v\n", a)
	}
	if len(altered) == 0 {
		fmt.Fprintln(out, "  all are as they were shown")
	}
	agree, skipped, worst := 0, 0, 0.
	var engines []string
	checks, err := file.Recompute(ctx, o, func(c verify.Check) {
		switch {
		case len(c.Differ) > 0:
			for _, d := range c.Differ {
				fmt.Fprintf(out, "  DIFFERS %v: %s\n", c.Source, d)
			}
		case c.Skipped != "":
			skipped++
			fmt.Fprintf(out, "  not computed: %v: %s\n", c.Source, c.Skipped)
		default:
			agree++
		}
		worst = max(worst, c.Worst)
		if c.Engine != "" && !slices.Contains(engines, c.Engine) {
			engines = append(engines, c.Engine)
		}
	})
	if err != nil {
		return false, err
	}
	differ := len(checks) - agree - skipped
	fmt.Fprintf(out, "  %d of %d results were computed again: %d agree, %d differ (tolerance %g of a field's size; the largest distance is %.2g of that)\n",
		agree+differ, len(file.Sources), agree, differ, o.Tolerance.Relative, worst)
	fmt.Fprintf(out, "  by neuronsteer %s on %s/%s, %s\n", local.Version(), runtime.GOOS, runtime.GOARCH, strings.Join(engines, ", "))
	wrong = len(altered) > 0 || differ > 0
	fmt.Fprintf(out, "%s: %s\n", path, map[bool]string{false: "agree", true: "differ"}[wrong])
	return wrong, nil
}

// verifyRun runs a notebook afresh and compares.
func verifyRun(ctx context.Context, path string, e verify.Execution, out io.Writer) (wrong bool, err error) {
	was, err := verify.Open(path)
	if err != nil {
		return false, err
	}
	is, err := verify.Execute(ctx, path, e)
	if err != nil {
		return false, err
	}
	const relative = 1e-3
	differ, numbers := verify.Compare(was, is, relative)
	for _, d := range differ {
		fmt.Fprintf(out, "  DIFFERS %v\n", d)
	}
	fmt.Fprintf(out, "%s: run afresh, %d numbers in %d outputs: %s (tolerance %g, or one of the last digit)\n", path, numbers, len(was.Outputs),
		map[bool]string{true: "agree", false: "differ"}[len(differ) == 0], relative)
	return len(differ) > 0, nil
}
