package golden

import (
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// promptReasons says what of the format with a list of prompts is not compared, and why.
var promptReasons = map[string]reason{
	"model":                                     input,
	"source":                                    description,
	"computed":                                  description,
	"stored":                                    description,
	"rules":                                     description,
	"measuredFloat32Error":                      description,
	"tolerance.logitsAbs":                       input,
	"tolerance.hRelL2":                          input,
	"tolerance.attributionRelL2":                input,
	"tolerance.attributionAbs":                  input,
	"tolerance.metricAbs":                       input,
	"tolerance.conservationRel":                 input,
	"tolerance.greedy":                          input,
	"tolerance.faithfulnessAbs":                 input,
	"prompts[].text":                            input,
	"prompts[].terms":                           input,
	"prompts[].target.id":                       input,
	"prompts[].counterfactual.id":               input,
	"prompts[].greedy.smallestMargin":           input,
	"prompts[].edges.targets":                   input,
	"prompts[].edges.floor":                     input,
	"prompts[].arrays.logits":                   pointer,
	"prompts[].arrays.h":                        pointer,
	"prompts[].arrays.tokensSeed":               pointer,
	"prompts[].arrays.tokensFrozen":             pointer,
	"prompts[].arrays.attribution":              pointer,
	"prompts[].arrays.attributionFrozen":        pointer,
	"prompts[].arrays.attributionTarget":        pointer,
	"prompts[].arrays.attributionPlain":         pointer,
	"prompts[].arrays.attributionQKNorm":        pointer,
	"prompts[].select.topk.k":                   input,
	"prompts[].select.topkLast2.k":              input,
	"prompts[].select.topkLast2.start":          input,
	"prompts[].select.percentage.metric":        description,
	"prompts[].select.percentage.threshold":     input,
	"prompts[].select.threshold.threshold":      input,
	"prompts[].select.thresholdDense.threshold": input,
	"prompts[].select.perLayerTopk.k":           input,
	"prompts[].select.perLayerTopk.per_layer":   input,
	"prompts[].steer[].factor":                  input,
	"prompts[].steer[].neurons":                 input,
	"prompts[].steer[].logits":                  pointer,
	"prompts[].steer[].greedy.smallestMargin":   input,
	"tokenizer[].text":                          input,
	"contrast.positive":                         input,
	"contrast.negative":                         input,
	"contrast.layer":                            input,
	"contrast.position":                         description,
	"contrast.topSkipsLayers":                   input,
	"contrast.explained.neurons":                input,
	"contrast.arrays":                           pointer,
	"added.text":                                input,
	"added.layer":                               input,
	"added.strength":                            input,
	"added.arrays":                              pointer,
	"mean.prompts":                              input,
	"mean.arrays":                               pointer,
	"faithfulness.prompts":                      input,
	"faithfulness.patch":                        input,
	"faithfulness.terms":                        input,
	"faithfulness.patches":                      description,
	"faithfulness.curves.position.rows[].units": input,
	"faithfulness.curves.token.rows[].units":    input,
	"faithfulness.curves.zero.rows[].units":     input,
	"faithfulness.arrays":                       pointer,
}

// checkPrompts checks a folder of the format with a list of prompts.
func checkPrompts(c *check) {
	root := c.doc.root
	c.at("model").sizes(root.get("shape"))
	for _, t := range root.get("tokenizer").all() {
		c.at(t.name()).tokenizer(t)
	}
	for _, n := range root.get("prompts").all() {
		if c.ctx.Err() != nil {
			return
		}
		d := c.at(n.name())
		p, err := d.prompt(n)
		if err != nil {
			d.rep.fault(n.name(), err)
			continue
		}
		d.reading(p)
		d.forward(p)
		d.attributions(p)
		d.edges(p)
		d.greedy("greedy", n.get("greedy"), c.model.Generate(p.text))
		for _, s := range n.get("steer").all() {
			c.at(s.name()).steered(p, s)
		}
	}
	if n := root.get("contrast"); n.exists() {
		c.at("contrast").contrast(n)
	}
	if n := root.get("added"); n.exists() {
		c.at("added").added(n, root.get("contrast"))
	}
	if n := root.get("mean"); n.exists() {
		c.at("mean").means(n)
	}
	if n := root.get("faithfulness"); n.exists() {
		c.at("faithfulness").faithfulness(n)
	}
}

// sizes compares the model's sizes.
func (c *check) sizes(want node) {
	info, err := c.model.Info().Run(c.ctx)
	s := engine.Shape{}
	if err == nil {
		s = info.Shape()
	}
	for _, k := range []struct {
		key string
		got int
	}{{"layers", s.Layers}, {"hidden", s.Width}, {"dff", s.Neurons}, {"vocab", s.Vocab}} {
		if n := want.get(k.key); n.exists() {
			same(c, k.key, n.source(), []int{n.integer()}, []int{k.got}, err)
		}
	}
}

// A prompt is one item of the list, read.
type prompt struct {
	node
	text      string
	ids       []int32
	terms     []engine.Term
	positions []int // of the terms, from the end: −1 is the last
	versus    int32 // of the first term; −1: none
	target    int32 // of the first term
	several   bool  // the terms do not all have these
}

// sum returns the terms as what an attribution of several targets sums: each token at each position once.
func (p prompt) sum() []steer.Term {
	type place struct {
		id int32
		at int
	}
	weights, order := map[place]float64{}, []place(nil)
	add := func(id int32, at int, w float64) {
		k := place{id, at}
		if _, seen := weights[k]; !seen {
			order = append(order, k)
		}
		weights[k] += w
	}
	for i, t := range p.terms {
		add(t.Target, p.positions[i], 1)
		if t.Versus >= 0 {
			add(t.Versus, p.positions[i], -1)
		}
	}
	var out []steer.Term
	for _, k := range order {
		if w := weights[k]; w != 0 { // what one term adds another may take away
			out = append(out, steer.LogitID(k.id).At(k.at).Times(w))
		}
	}
	return out
}

// prompt reads an item of the list and checks that it means something on this model.
func (c *check) prompt(n node) (prompt, error) {
	shape := c.target.Engine.Shape()
	p := prompt{node: n, text: n.get("text").str(), ids: n.get("ids").ids(), versus: -1}
	if len(p.ids) == 0 {
		return p, fmt.Errorf("the prompt has no ids")
	}
	for _, id := range p.ids {
		if id < 0 || int(id) >= shape.Vocab {
			return p, fmt.Errorf("the id %d is outside this model's vocabulary of %d", id, shape.Vocab)
		}
	}
	for _, t := range n.get("terms").all() {
		row := t.all()
		if len(row) != 3 {
			return p, fmt.Errorf("a term is [position, target, counterfactual or null], here it has %d parts", len(row))
		}
		term := engine.Term{Position: row[0].integer(), Target: int32(row[1].integer()), Versus: -1}
		if row[2].exists() {
			term.Versus = int32(row[2].integer())
		}
		if term.Position < 0 || term.Position >= len(p.ids) || term.Target < 0 || int(term.Target) >= shape.Vocab || int(term.Versus) >= shape.Vocab {
			return p, fmt.Errorf("the term %v is outside the prompt or the vocabulary", term)
		}
		p.terms = append(p.terms, term)
		p.positions = append(p.positions, term.Position-len(p.ids))
	}
	if len(p.terms) == 0 {
		return p, fmt.Errorf("the prompt has no terms")
	}
	p.target, p.versus = p.terms[0].Target, p.terms[0].Versus
	p.several = slices.ContainsFunc(p.terms, func(t engine.Term) bool { return t.Target != p.target || t.Versus != p.versus })
	return p, nil
}

// attribute describes the attribution of the prompt's metric.
func (p prompt) attribute(m *steer.Model) steer.AttributeTask {
	if p.several {
		return m.Attribute(p.text).Metric(p.sum()...)
	}
	t := m.Attribute(p.text).TargetID(p.target).At(p.positions...)
	if p.versus >= 0 {
		t = t.VersusID(p.versus)
	}
	return t
}
