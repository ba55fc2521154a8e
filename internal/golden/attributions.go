package golden

import (
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// attributions compares the scores under every rule that the file has, with what belongs to each of them.
func (c *check) attributions(p prompt) {
	task := p.attribute(c.model)
	c.scores(p, task)
	c.frozen(p, task)
	if want, ok := p.array("attributionPlain"); ok {
		s, err := task.Rule(engine.Gradient).Run(c.ctx)
		c.relL2("attribution, gradient", want, denseOf(s, err), c.tolerance("attributionRelL2"))
	}
	if want, ok := p.array("attributionQKNorm"); ok {
		s, err := task.Rule(engine.ConstantQKNorm).Run(c.ctx)
		c.relL2("attribution, constant q and k norms", want, denseOf(s, err), c.tolerance("attributionRelL2"))
	}
	c.targetAlone(p)
	if want := p.get("autoCounterfactual"); want.exists() {
		c.runnerUp(p, want)
	}
}

// scores compares the attribution under the default rule and the selections from it.
func (c *check) scores(p prompt, task steer.AttributeTask) {
	s, err := task.Run(c.ctx)
	dense := denseOf(s, err)
	if want, ok := p.array("attribution"); ok {
		c.relL2("attribution", want, dense, c.tolerance("attributionRelL2"))
		c.abs("attribution", want, dense, c.tolerance("attributionAbs"))
	}
	if want := p.get("metric"); want.exists() {
		c.number("metric", want, metricOf(s, err), 1, c.tolerance("metricAbs"), err)
	}
	if want, ok := p.array("tokensSeed"); ok {
		c.relative("tokens", want, tokensOf(s, err), c.tolerance("conservationRel"))
	}
	if want := p.get("conservation").get("fullAttention"); want.exists() {
		c.conserved("full attention", want, s, err)
	}
	c.selections(p, s, err)
}

// frozen compares the attribution with constant attention patterns.
func (c *check) frozen(p prompt, task steer.AttributeTask) {
	s, err := task.Rule(engine.Frozen).Run(c.ctx)
	if want, ok := p.array("attributionFrozen"); ok {
		c.relL2("attribution, frozen", want, denseOf(s, err), c.tolerance("attributionRelL2"))
	}
	if want, ok := p.array("tokensFrozen"); ok {
		c.relative("tokens, frozen", want, tokensOf(s, err), c.tolerance("conservationRel"))
	}
	if want := p.get("conservation").get("frozenAttention"); want.exists() {
		c.conserved("frozen attention", want, s, err)
	}
	if want := p.get("conservation").get("biasFrozen"); want.exists() {
		var rest, scale float64 // under Frozen, tokens and biases share the metric: what the tokens leave is the biases'
		if err == nil {
			rest, scale = s.Metric()-s.Conservation().Tokens, largestTerm(s)
		}
		c.number("biases, frozen", want, rest, scale, c.tolerance("conservationRel"), err)
	}
}

// targetAlone compares the attribution of the target's logit without a counterfactual.
func (c *check) targetAlone(p prompt) {
	want, ok := p.array("attributionTarget")
	logit := p.get("targetLogit")
	if !ok && !logit.exists() && !p.get("select").get("percentage").exists() {
		return
	}
	s, err := c.model.Attribute(p.text).TargetID(p.target).Run(c.ctx)
	if ok {
		c.relL2("attribution, target alone", want, denseOf(s, err), c.tolerance("attributionRelL2"))
	}
	if logit.exists() {
		c.number("target's logit", logit, metricOf(s, err), 1, c.tolerance("logitsAbs"), err)
	}
	c.share(p, s, err)
}

// runnerUp compares which token the model itself takes as the counterfactual.
func (c *check) runnerUp(p prompt, want node) {
	s, err := c.model.Attribute(p.text).TargetID(p.target).VersusRunnerUp().Run(c.ctx)
	var got engine.Token
	if err == nil {
		got, _ = s.Versus()
	}
	id := int32(want.integer())
	if a, ok := p.array("logits"); ok && err == nil && got.ID != id {
		row, tol := a.lastRow().data, c.tolerance("logitsAbs")
		if gap := gapOf(row, id, got.ID); gap <= 2*tol {
			c.nearTie("runner-up", gap, tol, want.source())
			return
		}
	}
	same(c, "runner-up", want.source(), []int32{id}, []int32{got.ID}, err)
}

// nearTie reports a quantity that two tokens closer than twice the tolerance of a logit decide.
func (c *check) nearTie(quantity string, gap, tol float64, sources ...*source) {
	why := fmt.Sprintf("near tie: two tokens are %.2g apart, within twice logitsAbs (%.2g)", gap, 2*tol)
	c.rep.tie(c.label, quantity, why)
	for _, s := range sources {
		if s != nil {
			s.because = "near tie within twice logitsAbs"
		}
	}
}

// gapOf returns how far apart two logits are; NaN outside the vocabulary.
func gapOf(logits []float32, a, b int32) float64 {
	if a < 0 || b < 0 || int(a) >= len(logits) || int(b) >= len(logits) {
		return math.NaN()
	}
	return math.Abs(float64(logits[a]) - float64(logits[b]))
}

// conserved compares the sum of the tokens' relevance with the file's, and shows what the identity itself misses. Both are
// relative to the largest term of the identity.
func (c *check) conserved(quantity string, want node, s steer.Scores, err error) {
	var sum, scale, residual float64
	if err == nil {
		sum, scale, residual = s.Conservation().Tokens, largestTerm(s), s.Conservation().Residual
	}
	tol := c.tolerance("conservationRel")
	c.number("conservation, "+quantity, want, sum, scale, tol, err)
	if err == nil {
		c.rep.difference(c.label, "residual, "+quantity, residual, tol)
	}
}

// largestTerm returns the largest summand of the conservation identity: a token's relevance, the metric, the attention term.
func largestTerm(s steer.Scores) float64 {
	k := s.Conservation()
	m := max(math.Abs(k.Metric), math.Abs(k.Tokens), math.Abs(k.Attention))
	for _, v := range s.ByToken() {
		m = max(m, math.Abs(v))
	}
	return m
}

func denseOf(s steer.Scores, err error) array {
	if err != nil {
		return array{err: err}
	}
	d := s.Dense()
	return array{shape: d.Shape, data: d.Data}
}

func tokensOf(s steer.Scores, err error) array {
	if err != nil {
		return array{err: err}
	}
	var v []float32
	for _, x := range s.ByToken() {
		v = append(v, float32(x))
	}
	return array{shape: []int{len(v)}, data: v}
}

func metricOf(s steer.Scores, err error) float64 {
	if err != nil {
		return math.NaN()
	}
	return s.Metric()
}
