package main

import (
	"context"
	"flag"
	"io"
	"runtime/debug"

	"github.com/neuronsteer/neuronsteer/internal/resident/server"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

func serve(ctx context.Context, f *flag.FlagSet, args []string, _ io.Writer) error {
	// Weights are one large block that never dies: collecting earlier costs nothing and keeps the peak near them.
	debug.SetGCPercent(25)
	s, err := store.Open("")
	if err != nil {
		return err
	}
	s.Check = steer.Record.Check
	return server.Main(ctx, f, args, server.Options{
		Open: func(ctx context.Context, ref string, emit func(steer.Event)) (steer.Runner, error) {
			r, err := local.NewRunner(ref)
			if err != nil {
				return nil, err
			}
			r.Keep(s)
			return r, r.Load(ctx, emit)
		},
		Need:  local.Need,
		Keep:  s.Keep,
		Hold:  s.Session,
		Store: s.Dir(),
	})
}
