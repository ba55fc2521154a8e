package golden

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
)

// caseSteered compares the runs with the case's own circuit ablated and doubled.
func (c *check) caseSteered(k named) {
	list := k.get("circuit")
	if !list.exists() {
		return
	}
	shape := c.target.Engine.Shape()
	neurons, ok := neuronsOf(list, []int{shape.Layers, 1, shape.Neurons})
	if !ok {
		return
	}
	circuit := steer.NewCircuit(k.name, neurons...)
	for _, e := range []struct {
		name   string
		factor float64
	}{{"ablated", 0}, {"doubled", 2}} {
		p, err := c.model.Predict(k.text).Of(k.target, k.versus).Scale(circuit, e.factor).Run(c.ctx)
		if want, ok := k.tensor(e.name + "_logits"); ok { // [V]
			c.abs(e.name+"_logits", want, predicted(p, err), c.tolerance("logitsAbs"))
		}
		if want := k.get(e.name + "_metric"); want.exists() {
			var m float64
			if err == nil && len(p.Of()) == 2 {
				m = p.Of()[0].Logit - p.Of()[1].Logit
			} else if err == nil {
				err = fmt.Errorf("the prediction names %d tokens, it was asked for 2", len(p.Of()))
			}
			c.number(e.name+"_metric", want, m, 1, c.tolerance("metricAbs"), err)
		}
	}
	c.caseGreedy(k, "ablated_greedy", c.model.Generate(k.text).Ablate(circuit))
	c.caseGreedy(k, "doubled_greedy", c.model.Generate(k.text).Scale(circuit, 2))
}
