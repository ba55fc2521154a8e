package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
	"github.com/neuronsteer/neuronsteer/internal/hub"
	hubpull "github.com/neuronsteer/neuronsteer/internal/hub/pull"
	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

const pullHelp = `
NAME is smollm2-135m-instruct, or a model of the Hugging Face hub:
  org/model                 its main branch
  org/model@REVISION        a branch, a tag or a commit
  org/model:Q4_K_M          of a repository of GGUF files the one of that quantization
  org/model:FILE.gguf       one by its name

Models of the hub go into the cache that transformers and huggingface_hub use: HF_HUB_CACHE, or "hub" in HF_HOME.
HF_TOKEN, or the token that logging in has left in HF_HOME, opens private and gated ones, HF_ENDPOINT names another hub.
What was interrupted goes on where it ended. A model is only ever fetched by this command.
`

func pull(ctx context.Context, f *flag.FlagSet, args []string, out io.Writer) error {
	names, err := words(f, args)
	if err != nil {
		return err
	}
	if len(names) != 1 {
		return engine.Errorf(steer.BadSetting, "pull", "name one model").Try("type: neuronsteer pull smollm2-135m-instruct, or org/model of the Hugging Face hub")
	}
	progress := func(line string) { fmt.Fprintln(out, visible.Stream(line)) }
	var path string
	if n, ok := hub.Parse(names[0]); ok {
		path, err = hubpull.Pull(ctx, n, progress)
	} else {
		path, err = checkpoint.Pull(ctx, names[0], progress)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "ready:", path)
	return nil
}
