package message

import (
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Gate is the condition of an intervention as it stands in a request: see engine.Gate, whose fields these are. Directions have
// length 1, so that a projection is in units of the site.
type Gate struct {
	Site       engine.Site `json:"site"`
	Directions Numbers     `json:"directions"` // [L,D] or [L,F]; zeros: the layer decides nothing
	Above      float64     `json:"above"`
	Prompt     bool        `json:"prompt,omitempty"`
}

// Equal reports whether both are the same condition; none is one too.
func (g *Gate) Equal(h *Gate) bool {
	if g == nil || h == nil {
		return g == h
	}
	return g.Site == h.Site && g.Above == h.Above && g.Prompt == h.Prompt && slices.Equal(g.Directions, h.Directions)
}

// place is when something is computed: sites of a layer in their order, layer after layer.
type place struct {
	layer int
	site  engine.Site
}

func (p place) before(q place) bool {
	return p.layer < q.layer || p.layer == q.layer && p.site < q.site
}

// first returns the first place of directions [L,W]; ok is false where all are zeros.
func first(values Numbers, site engine.Site, shape engine.Shape) (p place, ok bool) {
	i := slices.IndexFunc(values, func(x float32) bool { return x != 0 })
	if i < 0 {
		return p, false
	}
	return place{i / site.Width(shape), site}, true
}

// acts returns where an intervention first changes something; ok is false where it changes nothing.
func (i Intervention) acts(shape engine.Shape) (p place, ok bool) {
	switch i.Op {
	case OpMLP, OpProjectMLP:
		return first(i.Values, engine.MLP, shape)
	case OpResidual, OpProjectResidual:
		return first(i.Values, engine.Residual, shape)
	case OpAddEach:
		return first(i.Values, engine.Neurons, shape)
	}
	for k, n := range i.Neurons {
		at := place{n.Layer, engine.Neurons}
		if n.Head {
			at.site = engine.Attention
		}
		if k == 0 || at.before(p) {
			p = at
		}
	}
	return p, len(i.Neurons) > 0
}

// checkGate reports a condition that does not fit the model, or that is decided only after the intervention acts.
func (i Intervention) checkGate(shape engine.Shape) error {
	g := i.Gate
	if g == nil {
		return nil
	}
	if !slices.Contains(VectorSites, g.Site) || !Finite(g.Above) || FirstNotFinite(g.Directions) >= 0 {
		return engine.Mistake(engine.BadRequest, "an intervention under a condition that cannot be read").Try(engine.TryOneVersion)
	}
	if want := shape.Layers * g.Site.Width(shape); len(g.Directions) != want {
		return engine.Mistake(engine.ModelMismatch, "the condition of an intervention has %d numbers, this model needs %d", len(g.Directions), want).
			Try("use a vector of this model")
	}
	from, ok := first(g.Directions, g.Site, shape)
	if !ok {
		return engine.Mistake(engine.BadSetting, "When has a vector of zeros, which decides nothing").Try("use a vector that has a direction in some layer")
	}
	if at, ok := i.acts(shape); ok && at.before(from) {
		return engine.Mistake(engine.BadSetting, "the intervention acts %v, and its condition is first known %v", at, from).
			Try("let it act later, e.g. vector.Layers(%d, -1), or use When with a direction of an earlier layer", from.layer)
	}
	return nil
}

// String says it in words.
func (p place) String() string {
	switch p.site {
	case engine.Residual:
		return fmt.Sprintf("after layer %d", p.layer)
	case engine.MLP:
		return fmt.Sprintf("at the MLP's output in layer %d", p.layer)
	case engine.Neurons:
		return fmt.Sprintf("at the neurons of layer %d", p.layer)
	}
	return fmt.Sprintf("at the heads of layer %d", p.layer)
}
