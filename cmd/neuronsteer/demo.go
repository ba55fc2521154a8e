package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/wording"
	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// A story is a prompt that shows a behavior of one model.
type story struct{ model, prompt, target, versus string }

var stories = []story{
	{"teaching", "I loved the film. It was", " wonderful", " terrible"},
	{"smollm2-135m-instruct", "The capital of France is", " Paris", " Berlin"},
}

func demo(ctx context.Context, f *flag.FlagSet, args []string, out io.Writer) error {
	model := f.String("model", "", "tell the story of the model `NAME` alone; without it, of every known model that is on this machine")
	dir := f.String("out", filepath.Join("out", "demo"), "`DIR` for the figures")
	if err := none(f, args); err != nil {
		return err
	}
	if *model != "" {
		name := *model
		if p, ok := modelref.Lookup(name); ok {
			name = p.Name // of its alias
		}
		for _, s := range stories {
			if s.model == name {
				return s.tell(ctx, *dir, out)
			}
		}
		return engine.Errorf(steer.UnknownModel, "demo", "there is no story about %q", *model).
			Try("use -model %s or -model %s", stories[0].model, stories[1].model)
	}
	for _, s := range stories {
		err := s.tell(ctx, *dir, out)
		if errors.Is(err, steer.UnknownModel) { // not pulled yet, which is no failure of the others
			fmt.Fprintf(out, "\n%s\n", wording.Command.Say(err.Error()))
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tell runs the story: does the behavior exist, which neurons carry it, and what happens without them.
func (s story) tell(ctx context.Context, dir string, out io.Writer) (err error) {
	start := time.Now()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return engine.Errorf(steer.BadSetting, "demo", "the figures cannot be kept in %s: %v", dir, err).
			Try("use -out with a folder that you can write")
	}
	m, err := local.Open(ctx, s.model)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, local.Close(m)) }()

	info, err := m.Info().Run(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%v\n\nPrompt  %q\n\n", info, s.prompt)

	p, err := m.Predict(s.prompt).Of(s.target, s.versus).Top(5).Run(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "What comes next (rank, token, logit, probability)\n%v\n\n", p)

	scores, err := m.Attribute(s.prompt).Target(s.target).Versus(s.versus).SkipFirst().Run(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, scores)
	for _, w := range scores.Warnings() {
		fmt.Fprintln(out, "note:", wording.Command.Warning(w))
	}

	top := scores.Positive().TopK(20).Named("top 20 supporters")
	fmt.Fprintf(out, "\n%v\n", top)

	ask := m.Generate(s.prompt).MaxTokens(8)
	before, err := ask.Run(ctx)
	if err != nil {
		return err
	}
	after, err := ask.Ablate(top).Run(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nThe text before and after ablating them\n%v\n\n", before.Diff(after))

	for _, fig := range []struct {
		name string
		*plotting.Figure
	}{{"by-layer", plotting.ByLayer(scores)}, {"heat-map", plotting.HeatMap(scores)}} {
		base := filepath.Join(dir, s.model+"-"+fig.name)
		if err := fig.Save(base+".png", base+".svg"); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s.png  %s\n", base, fig.Alt())
	}
	fmt.Fprintf(out, "%.1f s\n", time.Since(start).Seconds())
	return nil
}
