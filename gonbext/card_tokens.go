package gonbext

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// tokensCard lists the tokens of a text.
func tokensCard(ts steer.Tokens) *card {
	all := ts.All()
	c := &card{title: words("%s", count(len(all), "token"))}
	t := table{heads: []string{"", "token", "id", "in the vocabulary", "bytes"}, left: []bool{false, true, false, true, true}, names: 1}
	spans := labelSpans(all)
	for i, k := range all[:min(len(all), 3*rowsShown)] {
		t.rows = append(t.rows, []cell{number(i), {spans[i]}, number(int(k.ID)), {{visible.Token(k.Piece), token}},
			text(fmt.Sprintf("%d–%d", k.Start, k.End))})
	}
	if n := len(all) - len(t.rows); n > 0 {
		t.more = fmt.Sprintf("… %d more", n)
	}
	c.put("The tokens", t)
	return c
}
