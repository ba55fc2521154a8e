package gonbext

import (
	"fmt"
	"strings"
)

// Markdown shows text as Markdown, between outputs or with numbers in it:
//
//	nb.Markdown("## Praise\nCarried by ", top.Len(), " neurons.")
//
// The parts are put together as fmt.Sprint does with texts: nothing is added between them.
func Markdown(parts ...any) {
	at := caller()
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprint(&b, p)
	}
	s := here.screen()
	s.send(here.keep(b.String(), bundle{markdown: b.String(), text: b.String()}, at))
	s.sync()
}
