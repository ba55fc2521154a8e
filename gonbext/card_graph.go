package gonbext

import (
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// graphCard lists the largest edges of a circuit, its hubs, and the strongest paths to what it explains.
func graphCard(v steer.Graph) *card {
	c := &card{title: words("Edges of a circuit"), warnings: v.Warnings()}
	kind := "total: through the MLPs between, too"
	if v.Direct() {
		kind = "direct: attention and the residual stream alone"
	}
	nodes, edges := len(v.Nodes()), len(v.Edges())
	about := fmt.Sprintf("%d nodes, %d edges · %s", nodes, edges, kind)
	if x := v.Inflation(); x > 1 {
		about += fmt.Sprintf(" · %.1f edges by position for each between neurons", x)
	}
	c.line(span{about, plain})
	const shown = 10
	t := table{heads: []string{"from", "to", "weight"}, left: []bool{true, true}}
	for _, e := range v.TopEdges(shown) {
		t.rows = append(t.rows, []cell{text(e.Source.String()), text(e.Target.String()), text(signed(e.Weight, 3))})
	}
	c.put("The largest edges", t)
	hubs := v.Hubs()
	h := table{heads: []string{"hub", "in", "out", "Σ|weight| in", "Σ|weight| out"}, left: []bool{true}}
	for _, x := range hubs[:min(5, len(hubs))] {
		h.rows = append(h.rows, []cell{text(x.Neuron.String()), text(fmt.Sprint(x.In)), text(fmt.Sprint(x.Out)),
			text(fmt.Sprintf("%.2f", x.InWeight)), text(fmt.Sprintf("%.2f", x.OutWeight))})
	}
	c.put("The hubs", h)
	p := table{heads: []string{"path", "share"}, left: []bool{true}}
	for _, x := range v.StrongestPaths(3) {
		var nodes []string
		for _, n := range x.Nodes {
			nodes = append(nodes, n.String())
		}
		p.rows = append(p.rows, []cell{text(strings.Join(nodes, " → ")), text(percent(x.Share))})
	}
	c.put("The strongest paths", p)
	if more := edges - shown; more > 0 {
		c.notef("%d more edges: Edges(), or fewer: MinWeight, Prune, Collapse.", more)
	}
	return c
}
