package gonbext

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// infoCard says what a model is and what does the work.
func infoCard(i steer.Info) *card {
	s, id := i.Shape(), i.Identity()
	c := &card{title: words("%s", visible.Text(i.Name()))}
	t := table{left: []bool{true, true}}
	row := func(name string, value ...span) { t.rows = append(t.rows, []cell{{{name, muted}}, value}) }
	row("MLP neurons", span{fmt.Sprintf("%d layers × %d = %d", s.Layers, s.Neurons, s.Layers*s.Neurons), plain})
	row("width", span{fmt.Sprintf("%d, %d attention heads (%d for keys and values)", s.Width, s.Heads, s.KVHeads), plain})
	row("vocabulary", span{fmt.Sprintf("%d tokens", s.Vocab), plain})
	row("context", span{fmt.Sprintf("%d tokens", s.Positions), plain})
	bos := []span{{"nothing", plain}}
	if t, ok := i.BOS(); ok {
		bos = []span{tokenSpan(t)}
	}
	row("put before a text", bos...)
	var ends []span
	for k, t := range i.Ends() {
		if k > 0 {
			ends = append(ends, span{", ", plain})
		}
		ends = append(ends, tokenSpan(t))
	}
	if len(ends) > 0 {
		row("ends a text", ends...)
	}
	row("engine", span{i.Engine(), plain})
	row("SHA-256", span{fmt.Sprintf("model %s, tokenizer %s", short(id.Model), short(id.Tokenizer)), plain})
	c.put("The model", t)
	return c
}

// short returns the first digits of a digest.
func short(digest string) string {
	if len(digest) > 8 {
		return digest[:8]
	}
	if digest == "" {
		return "unknown"
	}
	return digest
}
