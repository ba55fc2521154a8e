package main

import (
	"context"
	"fmt"
	"io"

	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
)

func cache(_ context.Context, args []string, out io.Writer) error {
	f := flags("cache", out)
	limit := f.Int64("max", store.DefaultMax, "prune: keep at most this many bytes; 0 removes everything that no running session uses")
	what := "stats"
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		what, args = args[0], args[1:]
	}
	if err := f.Parse(args); err != nil {
		return err
	}
	s, err := store.Open("")
	if err != nil {
		return err
	}
	switch what {
	case "list":
		return list(s, out)
	case "stats":
		return stats(s, out)
	case "prune":
		removed, err := s.Prune(*limit)
		var bytes int64
		for _, e := range removed {
			bytes += e.Size
		}
		fmt.Fprintf(out, "removed %d results, %.1f MB\n", len(removed), float64(bytes)/1e6)
		return err
	}
	return steer.Errorf(steer.BadSetting, "cache", "unknown word %q", what).Try("neuronsteer cache list, stats or prune")
}

func list(s *store.Store, out io.Writer) error {
	entries, err := s.List()
	if err != nil {
		return err
	}
	for _, e := range entries {
		rec, _, file, err := store.ReadFile(e.Path())
		if err != nil {
			fmt.Fprintf(out, "%9.1f kB  damaged: %v\n", float64(e.Size)/1e3, err)
			continue
		}
		h := rec.Header
		fmt.Fprintf(out, "%9.1f kB  %s  %-10s %-24s %s\n", float64(e.Size)/1e3, e.Ref.Short(), h.Request.Kind, h.Model, h.Request.Settings)
		if err := file.Close(); err != nil {
			return err
		}
	}
	return nil
}

func stats(s *store.Store, out io.Writer) error {
	n, err := s.Stats()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s\n%d results, %.1f MB\n%d answered from files, %d computed, %d look-ups found nothing\n",
		s.Dir(), n.Files, float64(n.Bytes)/1e6, n.Hits, n.Computed, n.Misses)
	return nil
}
