package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/study"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/local"
	"golang.org/x/term"
)

// studyHelp says what a study looks like.
const studyHelp = `
A study as one file: behaviors, analyses, methods, selections and tests on one model. Results go to a folder as CSV, JSON and
figures. A run that was stopped goes on where it was.

  model: teaching
  seed: 1
  behaviors:
    - name: sentiment
      examples:
        - {prompt: "I loved the film. It was", target: " wonderful", versus: " terrible", split: train}
        - {prompt: "I loved the song. It was", target: " wonderful", versus: " terrible", split: test}
  analyses:
    - {name: panel, kind: methods}
  methods:
    - {name: relp, kind: attribution}
  selections:
    - {name: top20, top_k: 20, positive: true}
  tests:
    - {name: dose, kind: sweep, multipliers: [0, 0.5, 1, 2], controls: 20, prompted: Answer with praise.}
    - {name: price, kind: calibrate, multipliers: [2], kl: 0.1}
`

func runStudy(ctx context.Context, f *flag.FlagSet, args []string, out io.Writer) error {
	dir := f.String("out", "", "`DIR` for the results; the default is the file's name without its ending")
	check := f.Bool("check", false, "read the study and its data, and run nothing")
	schema := f.Bool("schema", false, "print the JSON Schema of a study's file, by which editors complete it")
	files, err := words(f, args)
	if err != nil {
		return err
	}
	if *schema {
		b, err := study.Schema()
		if err == nil {
			_, err = fmt.Fprintf(out, "%s\n", b)
		}
		return err
	}
	if len(files) == 0 {
		return engine.Errorf(steer.BadSetting, "run", "name one study").Try("type: neuronsteer run study.yaml")
	}
	if len(files) > 1 {
		return tooMany(f, files[1])
	}
	path := files[0]
	s, err := study.Read(path)
	if err != nil {
		return err
	}
	if *check {
		fmt.Fprintf(out, "%s: the study can be read\n", path)
		return nil
	}
	if *dir == "" {
		*dir = strings.TrimSuffix(path, filepath.Ext(path))
	}
	live := io.Discard
	if term.IsTerminal(int(os.Stderr.Fd())) {
		live = os.Stderr
	}
	n, err := study.Run(ctx, s, study.Options{
		Out:  *dir,
		Open: func(ref string) (study.Backend, error) { return local.NewRunner(ref) },
		Told: func(p study.Progress) { tell(p, out, live) },
	})
	if err != nil {
		fmt.Fprintf(out, "%d steps are finished; the same command goes on from there\n", n)
		return err
	}
	fmt.Fprintf(out, "%d steps, results in %s\n", n, *dir)
	return nil
}

// tell prints a line for each finished step, and where a person looks on, one that changes in between.
func tell(p study.Progress, out, live io.Writer) {
	if !p.Finished {
		within := ""
		if p.Event.Total > 0 {
			within = fmt.Sprintf("  %s %d/%d", p.Event.Phase, p.Event.Done, p.Event.Total)
		}
		fmt.Fprintf(live, "\r[%d/%d] %s%s%s\x1b[K", p.Done+1, p.Total, p.Step, within, left(p))
		return
	}
	fmt.Fprint(live, "\r\x1b[K")
	how := fmt.Sprintf("%.1f s", p.Seconds)
	if p.Kept {
		how = "kept"
	}
	fmt.Fprintf(out, "[%*d/%d] %-48s %8s%s\n", len(fmt.Sprint(p.Total)), p.Done, p.Total, p.Step, how, left(p))
	for _, n := range p.Notes {
		fmt.Fprintf(out, "        note: %s\n", n)
	}
}

func left(p study.Progress) string {
	if p.Left < time.Second {
		return ""
	}
	return fmt.Sprintf(", about %v left", p.Left.Round(time.Second))
}
