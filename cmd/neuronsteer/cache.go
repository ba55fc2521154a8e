package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func cache(_ context.Context, f *flag.FlagSet, args []string, out io.Writer) error {
	limit := int64(-1)
	f.Func("max", "prune: keep at most `N` bytes, NEURONSTEER_STORE_MAX unless given; 0 removes all that no running session uses", func(v string) error {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 0 {
			return errors.New("it is no number of bytes")
		}
		limit = n
		return nil
	})
	ws, err := words(f, args)
	if err != nil {
		return err
	}
	what := "stats"
	if len(ws) > 0 {
		what = ws[0]
	}
	switch {
	case !slices.Contains([]string{"stats", "list", "prune"}, what):
		err = engine.Errorf(steer.BadSetting, "cache", "it cannot %q", what).Try("type: neuronsteer help cache")
	case len(ws) > 1:
		err = tooMany(f, ws[1])
	case limit >= 0 && what != "prune":
		err = engine.Errorf(steer.BadSetting, "cache", "-max is a setting of prune").Try("type: neuronsteer cache prune -max %d", limit)
	}
	if err != nil {
		return err
	}
	s, err := store.Open("")
	if err != nil {
		return err
	}
	if limit < 0 {
		limit = s.Max()
	}
	switch what {
	case "list":
		return list(s, out)
	case "prune":
		removed, err := s.Prune(limit)
		var bytes int64
		for _, e := range removed {
			bytes += e.Size
		}
		fmt.Fprintf(out, "removed %d results, %.1f MB\n", len(removed), float64(bytes)/1e6)
		return err
	}
	return stats(s, out)
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
