package store

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
)

// CacheMain is the command "neuronsteer cache": list, stats or prune [--max BYTES], written to w.
func CacheMain(args []string, w io.Writer) error {
	flags := flag.NewFlagSet("cache", flag.ContinueOnError)
	flags.SetOutput(w)
	limit := flags.Int64("max", -1, "prune: bytes to leave; without it NEURONSTEER_STORE_MAX")
	flags.Usage = func() {
		fmt.Fprintln(w, "usage: neuronsteer cache list | stats | prune [--max BYTES]")
		flags.PrintDefaults()
	}
	what := ""
	if len(args) > 0 {
		what, args = args[0], args[1:]
	}
	if what == "-h" || what == "-help" || what == "--help" {
		flags.Usage()
		return nil
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return steer.Errorf(steer.BadSetting, "cache", "%v", err)
	}
	if flags.NArg() > 0 {
		return steer.Errorf(steer.BadSetting, "cache", "%q is not understood", flags.Arg(0)).Try("neuronsteer cache --help")
	}
	s, err := Open("")
	if err != nil {
		return err
	}
	switch what {
	case "list":
		return s.printList(w)
	case "stats":
		n, err := s.Stats()
		if err == nil {
			_, err = fmt.Fprintf(w, "%s\n%d results, %s of %s\n%d hits, %d misses, %d computed\n",
				s.dir, n.Files, size(n.Bytes), size(s.max), n.Hits, n.Misses, n.Computed)
		}
		return err
	case "prune":
		if *limit < 0 {
			*limit = s.max
		}
		removed, err := s.Prune(*limit)
		var freed int64
		for _, e := range removed {
			freed += e.Size
		}
		fmt.Fprintf(w, "removed %d files, %s\n", len(removed), size(freed))
		return err
	}
	return steer.Errorf(steer.BadSetting, "cache", "%q is neither list, stats nor prune", what).Try("neuronsteer cache list")
}

// printList writes one line a result, most recently used first.
func (s *Store) printList(w io.Writer) error {
	list, err := s.List()
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ref\tresult\tmodel\tsize\tused\t")
	for i := len(list) - 1; i >= 0; i-- {
		e := list[i]
		kind, model, mark := "(damaged)", "", ""
		if rec, _, file, err := ReadFile(e.path); err == nil && !e.Damaged {
			kind, model = rec.Header.Request.Kind, rec.Header.Model
			if file != nil {
				file.Close()
			}
		}
		if e.InUse {
			mark = "in use"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", e.Ref.Short(), kind, model, size(e.Size), e.Used.Format(time.DateTime), mark)
	}
	return t.Flush()
}

// size writes bytes for people.
func size(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}
