package engine

import (
	"errors"
	"strings"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestEdgesRefuse: nodes that the model or the prompt does not have, edges into nothing, and a metric that is needed and wrong are
// refused by name, before anything is run; everything that is there is not.
func TestEdgesRefuse(t *testing.T) {
	e := openRandom(t, small(), Options{})
	c := e.cfg
	at := func(layer, index, position int) seam.Node {
		return seam.Node{Neuron: seam.Neuron{Layer: layer, Index: index}, Position: position}
	}
	head := func(index int) seam.Node {
		return seam.Node{Neuron: seam.Neuron{Layer: 1, Index: index, Head: true}, Position: 2}
	}
	ids, terms := prompts(c, 4)[0], []seam.Term{{Position: 3, Target: 1, Versus: -1}}
	source, target := []seam.Node{at(0, 0, 0)}, []seam.Node{at(2, 1, 3)}
	for name, x := range map[string]struct {
		in   seam.Edges
		want string
	}{
		"into a neuron":     {seam.Edges{IDs: ids, Sources: source, Targets: target}, ""},
		"into the metric":   {seam.Edges{IDs: ids, Sources: source, Terms: terms, Metric: true}, ""},
		"into a head":       {seam.Edges{IDs: ids, Sources: source, Targets: []seam.Node{head(0)}, Terms: terms}, ""},
		"of no source":      {seam.Edges{IDs: ids, Targets: target}, ""},
		"terms not needed":  {seam.Edges{IDs: ids, Sources: source, Targets: target, Terms: []seam.Term{{Position: 99}}}, ""},
		"no token":          {seam.Edges{Sources: source, Targets: target}, "has no token"},
		"no target":         {seam.Edges{IDs: ids, Sources: source, Terms: terms}, "there is no target"},
		"another neuron":    {seam.Edges{IDs: ids, Sources: []seam.Node{at(0, c.Neurons, 0)}, Targets: target}, "source 0 is L0/N"},
		"another layer":     {seam.Edges{IDs: ids, Sources: source, Targets: []seam.Node{target[0], at(c.Layers, 0, 0)}}, "target 1 is L"},
		"another head":      {seam.Edges{IDs: ids, Sources: []seam.Node{head(c.Heads)}, Targets: target}, "source 0 is L1/H"},
		"after the prompt":  {seam.Edges{IDs: ids, Sources: source, Targets: []seam.Node{at(1, 0, 4)}}, "target 0 is at position 4 of a prompt of 4 tokens"},
		"before the prompt": {seam.Edges{IDs: ids, Sources: []seam.Node{at(1, 0, -1)}, Targets: target}, "source 0 is at position -1"},
		"a metric of none":  {seam.Edges{IDs: ids, Sources: source, Metric: true}, "has no metric"},
		"a head, no metric": {seam.Edges{IDs: ids, Sources: source, Targets: []seam.Node{head(0)}}, "has no metric"},
		"an edit of others": {seam.Edges{IDs: ids, Sources: source, Targets: target, Edit: &seam.Edit{B: 2, T: 1, Scale: make([]float32, 2*c.Layers*c.Neurons)}}, "edit"},
	} {
		x.in.Rule = seam.RelP
		_, err := e.Edges(t.Context(), x.in, nil)
		if x.want == "" && err != nil || x.want != "" && (err == nil || errors.Is(err, seam.Internal) || !strings.Contains(err.Error(), x.want)) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
}
