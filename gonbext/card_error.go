package gonbext

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// hint is what to type next, in the words of a cell.
func hint(e *steer.Error) string {
	return strings.ReplaceAll(e.Hint, store.TryAgain, "nb.Stop(), then run the cell again")
}

// errorCard shows all mistakes of an error, each with what to type next, and the line that asked.
func errorCard(err error, at site) *card {
	c := &card{failed: true}
	all := engine.Mistakes(err)
	for i, e := range all {
		what := e.Text
		if what == "" {
			what = "a mistake without words"
		}
		if e.Task != "" {
			what = e.Task + ": " + what
		}
		what = nearby(what)
		if i == 0 && len(all) == 1 {
			c.title = []span{{visible.Text(what), plain}}
		} else {
			c.line(span{visible.Text(what), strong})
		}
		if e.Hint != "" {
			c.line(span{"→ ", muted}, span{visible.Text(nearby(hint(e))), plain})
		}
	}
	if own := (*steer.Error)(nil); errors.As(err, &own) && errors.Is(err, steer.Internal) {
		c.notef("This is a defect of neuronsteer, not of the cell; finished results are kept.")
	}
	if len(all) > 1 {
		c.title = []span{{count(len(all), "mistake"), plain}}
	}
	if src := at.source(); src != "" {
		c.line(span{"asked for in: ", muted}, span{src, code})
	}
	return c
}

// nearby writes the paths in a text as they are seen from the notebook, or from home: a card is shown to others, and can be typed from.
func nearby(text string) string {
	var from []string
	if here, err := os.Getwd(); err == nil && filepath.Dir(here) != here {
		from = append(from, here+string(filepath.Separator), "")
		if up := filepath.Dir(here); filepath.Dir(up) != up {
			from = append(from, up+string(filepath.Separator), ".."+string(filepath.Separator))
		}
	}
	if home, err := os.UserHomeDir(); err == nil && filepath.Dir(home) != home {
		from = append(from, home+string(filepath.Separator), "~"+string(filepath.Separator))
	}
	return strings.NewReplacer(from...).Replace(text)
}
