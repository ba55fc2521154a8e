package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/transformers"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// comparedPrompts are what both programs read.
var comparedPrompts = []string{"The capital of France is", "When Mary and John went to the store, John gave a drink to", "2 + 2 ="}

// mostApart is how far logits of the same model in float32 may be apart, in parts of the largest: what the order of a sum
// does, with room for 30 layers and more.
const mostApart = 1e-3

// againstTransformers compares models with what Python's transformers computes for the same folder.
func againstTransformers(ctx context.Context, dirs []string, out io.Writer) error {
	if len(dirs) == 0 {
		return engine.Errorf(steer.BadSetting, "check", "name the folder of a model").Try("type: neuronsteer check -against-transformers DIR")
	}
	python := cmp.Or(os.Getenv("NEURONSTEER_PYTHON"), "python3")
	same := true
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return engine.Errorf(steer.BadSetting, "check", "%s is no folder; transformers reads folders with config.json", dir).
				Try("name the folder of a model")
		}
		fmt.Fprintf(out, "%s: %s loads it, too\n", dir, python)
		answers, err := transformers.Ask(ctx, python, dir, comparedPrompts)
		if errors.Is(err, transformers.ErrMissing) {
			return engine.Errorf(steer.BadSetting, "check", "%v", err).
				Try("python3 -m pip install torch transformers, or set NEURONSTEER_PYTHON to a Python that has them")
		}
		if err != nil {
			return engine.Errorf(steer.BadModel, "check", "%v", err).Try("see whether Python alone can load %s", dir)
		}
		ok, err := compareAnswers(ctx, dir, answers, out)
		if err != nil {
			return err
		}
		same = same && ok
	}
	if !same {
		return errFailed
	}
	return nil
}

// compareAnswers prints how far our numbers are from the answers, and says whether they are the same.
func compareAnswers(ctx context.Context, dir string, answers []transformers.Answer, out io.Writer) (same bool, err error) {
	t, err := target(ctx, dir)
	if err != nil {
		return false, err
	}
	defer t.Close()
	fmt.Fprintf(out, "%s; %s\n", t.Engine.Name(), answers[0].Versions)
	same = true
	for i, a := range answers {
		p, err := t.Model.Predict(comparedPrompts[i]).Run(ctx)
		if err != nil {
			return false, err
		}
		g, err := t.Model.Generate(comparedPrompts[i]).MaxTokens(len(a.Greedy)).IgnoreEnd().Run(ctx)
		if err != nil {
			return false, err
		}
		var ids []int32
		for _, tok := range p.Tokens() {
			ids = append(ids, tok.ID)
		}
		var greedy []int32
		for _, tok := range g.Tokens() {
			greedy = append(greedy, tok.ID)
		}
		apart, largest := distance(p.Logits(), a.Logits)
		ok := slices.Equal(ids, a.IDs) && apart <= mostApart*largest && slices.Equal(greedy, a.Greedy)
		same = same && ok
		verdict := "the same"
		if !ok {
			verdict = "DIFFERENT"
		}
		fmt.Fprintf(out, "  %-60q %s\n", comparedPrompts[i], verdict)
		if !slices.Equal(ids, a.IDs) {
			fmt.Fprintf(out, "    tokens      %v\n    theirs      %v\n", ids, a.IDs)
			continue // the numbers are of other tokens
		}
		fmt.Fprintf(out, "    logits      %.2g apart at most; the largest is %.3g\n", apart, largest)
		if slices.Equal(greedy, a.Greedy) {
			fmt.Fprintf(out, "    next tokens %v\n", greedy)
		} else {
			fmt.Fprintf(out, "    next tokens %v\n    theirs      %v\n", greedy, a.Greedy)
		}
	}
	return same, nil
}

// distance returns the largest difference of two vectors, and the largest number of the second; vectors of different
// lengths are infinitely far apart.
func distance(a, b []float32) (apart, largest float64) {
	if len(a) != len(b) {
		return math.Inf(1), 0
	}
	for i := range a {
		apart = max(apart, math.Abs(float64(a[i])-float64(b[i])))
		largest = max(largest, math.Abs(float64(b[i])))
	}
	return apart, largest
}
