package main

import (
	"flag"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// writing defines the flags that say how texts are written. What they set is known when the flags have been read.
func writing(f *flag.FlagSet) (set func(steer.GenerateTask) steer.GenerateTask) {
	var list []func(steer.GenerateTask) steer.GenerateTask
	number := func(name, about string, use func(t steer.GenerateTask, x float64) steer.GenerateTask) {
		f.Func(name, about, func(s string) error {
			x, err := strconv.ParseFloat(s, 64)
			list = append(list, func(t steer.GenerateTask) steer.GenerateTask { return use(t, x) })
			return err
		})
	}
	number("temperature", "draw the tokens of a text, at the temperature `X`; without it the likeliest is taken", steer.GenerateTask.Temperature)
	number("top-p", "draw from the fewest likely tokens that have the share `P` of the probability", steer.GenerateTask.TopP)
	number("min-p", "draw from the tokens that have `P` times the probability of the likeliest", steer.GenerateTask.MinP)
	number("repetition-penalty", "divide the logits of tokens that were there already by `X`", steer.GenerateTask.RepetitionPenalty)
	f.Func("top-k", "draw from the `K` likeliest tokens", func(s string) error {
		k, err := strconv.Atoi(s)
		list = append(list, func(t steer.GenerateTask) steer.GenerateTask { return t.TopK(k) })
		return err
	})
	f.Func("seed", "the seed `N` of what is drawn", func(s string) error {
		n, err := strconv.ParseUint(s, 10, 64)
		list = append(list, func(t steer.GenerateTask) steer.GenerateTask { return t.Seed(n) })
		return err
	})
	f.Func("stop", "end a text before `TEXT`, in which \\n is a new line; several add up", func(s string) error {
		s = strings.ReplaceAll(s, `\n`, "\n")
		list = append(list, func(t steer.GenerateTask) steer.GenerateTask { return t.Stop(s) })
		return nil
	})
	return func(t steer.GenerateTask) steer.GenerateTask {
		for _, set := range list {
			t = set(t)
		}
		return t
	}
}
