package golden

import (
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// added compares a run with a control vector of the contrast added to the residual stream after one layer.
func (c *check) added(n, contrast node) {
	text, l := n.get("text").str(), n.get("layer").integer()
	c.read("ids", one(n.get("ids")), []string{text})
	pairs, err := pairsOf(contrast)
	var v steer.Vector
	if err == nil {
		v, err = c.model.ControlVector(pairs).Layers(l, l).Run(c.ctx)
	}
	var p steer.Prediction
	if err == nil {
		p, err = c.model.Predict(text).Top(1).With(steer.AddVector(v, n.get("strength").num())).Run(c.ctx)
	}
	want, ok := n.array("logits") // [V]
	if ok {
		c.abs("logits, last position", want, predicted(p, err), c.tolerance("logitsAbs"))
	}
	if best := n.get("best"); best.exists() {
		var got int32 = -1
		if err == nil && len(p.Top()) > 0 {
			got = p.Top()[0].ID
		}
		id, tol := int32(best.integer()), c.tolerance("logitsAbs")
		if gap := gapOf(want.data, id, got); ok && err == nil && id != got && gap <= 2*tol {
			c.nearTie("best", gap, tol, best.source())
			return
		}
		same(c, "best", best.source(), []int32{id}, []int32{got}, err)
	}
}

// one returns a list of one list.
func one(n node) node {
	if n.exists() {
		n.value = []any{n.value}
	}
	return n
}

// means compares the mean activations over all tokens of some texts.
func (c *check) means(n node) {
	texts := n.get("prompts").strs()
	c.read("ids", n.get("ids"), texts)
	want, ok := n.array("mean") // [L,F]
	if !ok {
		return
	}
	a, err := c.model.MeanActivations(texts...).Run(c.ctx)
	got := captured(a, engine.Neurons, err) // [L,1,F]
	if len(got.shape) == 3 && got.shape[1] == 1 {
		got.shape = []int{got.shape[0], got.shape[2]}
	}
	c.relL2("mean activations", want, got, c.tolerance("hRelL2"))
}
