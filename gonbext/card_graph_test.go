package gonbext

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestGraphCard: the card of edges says what they are, and lists the largest with hubs and paths.
func TestGraphCard(t *testing.T) {
	m := steertest.NewModel()
	s := run(t, m.Attribute(france).Target(" Paris").Versus(" Rome"))
	g := run(t, m.Edges(s.TopEntries(20)).Direct())
	c, ok := result(g, site{})
	if !ok {
		t.Fatal("a graph has no card")
	}
	text := c.text()
	for _, want := range []string{"direct", g.TopEdges(1)[0].Source.String(), "hub", g.Hubs()[0].Neuron.String(), "path", "more edges"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
