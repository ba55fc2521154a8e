package gonbext

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/pagecheck"
	"github.com/neuronsteer/neuronsteer/plotting"
)

// TestCardsLeaveNobodyOut: no card and no figure has a picture without words, a table without caption or heads, or text that is not
// read in one of JupyterLab's themes; none fetches anything, or shows what was meant for a machine.
func TestCardsLeaveNobodyOut(t *testing.T) {
	pages := map[string]string{}
	for name, c := range everyCard(t) {
		pages[name] = c.card.html()
	}
	for name, c := range resultCards(t) {
		pages["result: "+name] = shown(t, c.x).html()
	}
	for name, c := range compared(t) {
		k, err := c.card()
		if err != nil {
			t.Fatal(err)
		}
		pages["compared: "+name] = k.html()
	}
	_, r := newResults(t)
	for name, f := range map[string]Figure{"bars": plotting.ByLayer(r.contrast), "dark": plotting.DoseResponse(r.curve).Dark(), "clear": plotting.Overlap(r.overlap).Transparent()} {
		b, err := render(f, site{})
		if err != nil {
			t.Fatal(err)
		}
		pages[name] = b.html
	}
	for name, html := range pages {
		for _, x := range pagecheck.Output(name, "", html) {
			t.Error(x)
		}
	}
}
