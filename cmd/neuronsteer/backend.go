package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/device"
	"github.com/neuronsteer/neuronsteer/internal/device/plugin"
	computing "github.com/neuronsteer/neuronsteer/internal/engine"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// backend lists what can compute, or remembers a plugin.
func backend(_ context.Context, f *flag.FlagSet, args []string, out io.Writer) error {
	ws, err := words(f, args)
	if err != nil {
		return err
	}
	if len(ws) == 0 {
		listBackends(out)
		return nil
	}
	if ws[0] != "add" || len(ws) != 2 {
		return engine.Errorf(steer.BadSetting, "backend", "name a plugin to add, or nothing").Try("type: neuronsteer backend add xla=PATH")
	}
	name, path, ok := strings.Cut(ws[1], "=")
	if !ok || path == "" {
		return engine.Errorf(steer.BadSetting, "backend", "%q has no path", ws[1]).Try("type: neuronsteer backend add %s=PATH", name)
	}
	if err := plugin.Add(name, path); err != nil {
		return engine.Errorf(steer.BadFile, "backend", "%v", err).Try("name the file of a PJRT plugin, e.g. pjrt_c_api_cuda_plugin.so")
	}
	fmt.Fprintf(out, "added: %s. Choose it with NEURONSTEER_BACKEND=%s or -backend %s\n", name, name, name)
	return nil
}

func listBackends(out io.Writer) {
	chosen := device.Chosen()
	for i, name := range slices.Concat(computing.Backends, plugin.Backends) {
		note := ""
		if i == 0 {
			note = "the default"
		}
		switch path, err := plugin.Find(name); {
		case i < len(computing.Backends):
		case err == nil && computing.HasPlugin(name):
			note = path
		case err == nil:
			note = path + ", but this program was built without it: go build -tags " + name
		case errors.Is(err, plugin.ErrNone):
			note = "no plugin yet: neuronsteer backend add " + name + "=PATH"
		default:
			note = err.Error()
		}
		mark := " "
		if name == chosen || chosen == "" && i == 0 {
			mark = "*"
		}
		fmt.Fprintf(out, "%s %-8s %s\n", mark, name, note)
	}
}
