package gonbext

import (
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// rowsShown is how many rows of a long table are shown.
const rowsShown = 20

// scoresCard shows scores: of one prompt what its tokens do and how the pass checks, of anything else the strongest neurons.
func scoresCard(s steer.Scores) *card {
	if len(s.Tokens()) > 0 && !s.OfHeads() {
		return attributionCard(s)
	}
	return rankingCard(s)
}

// attributionCard shows what was scored, the relevance of each token, and how well the pass checks.
func attributionCard(s steer.Scores) *card {
	c := &card{
		title:    words("Scores of every neuron for %s = %s", s.About(), withUnit(signed(s.Metric(), 3), s.Unit())),
		warnings: s.Warnings(),
	}
	n, of := s.N()
	about := fmt.Sprintf("%s · %d %s", s.Method(), n, of)
	if t := s.Target(); t.Rank > 0 {
		about += fmt.Sprintf(" · the target is the model's choice number %d (p: %s)", t.Rank, percent(t.Probability))
	}
	c.notef("%s", about)
	c.put("Relevance of each token", relevance(s.Tokens(), s.ByToken(), s.Unit()))
	c.line(span{checkOf(s), plain})
	c.notef("%s", meaning(s))
	return c
}

// meaning says what a score is and is not, by the rule that made it.
func meaning(s steer.Scores) string {
	r, _ := s.Rule()
	if _, path := r.Steps(); path {
		return "The mean of each neuron's slope while the neurons of its layer are scaled from 0 to 1, on one prompt: the scores of a layer share out what all of its neurons do " +
			"together, and a score does not say what removing that neuron alone does. Ablate shows that."
	}
	if r == steer.Gradient {
		return "First-order, on one prompt: a score says what scaling that neuron a little would do here, not what removing it, or many at once, does."
	}
	return "A slope in the linearized model, on one prompt: a score says how much of the metric runs through that neuron there, and neither what scaling it would do " +
		"(the sign may be the other) nor what removing it does. Ablate shows that; Rule(steer.Gradient) gives the model's own slopes."
}

// rankingCard shows how scores were made and the neurons that lead them.
func rankingCard(s steer.Scores) *card {
	unit, shape := "neuron", s.Shape()
	if s.OfHeads() {
		unit = "head"
	}
	each := shape.Units(s.OfHeads())
	c := &card{title: words("Scores of every %s: %s", unit, s.Method()), warnings: s.Warnings()}
	about := fmt.Sprintf("%d layers × %s", shape.Layers, count(each, unit))
	if p := len(s.Labels()); p > 1 {
		about += fmt.Sprintf(" at %d positions", p)
	}
	if what := s.About(); what != "" {
		about += " · " + what
	}
	if n, of := s.N(); n > 0 && of != "" {
		about += fmt.Sprintf(" · %d %s", n, of)
	}
	c.line(span{about, plain})
	es := s.TopK(rowsShown / 2).Entries()
	most := 0.0
	for _, e := range es {
		most = max(most, math.Abs(e.Score))
	}
	if len(es) > 0 {
		t := entryTable(steer.Circuit{}, es, true, false, most)
		t.more = fmt.Sprintf("… the strongest %d of %d", len(es), shape.Layers*each)
		c.put("The strongest, by |score|", t)
	}
	c.notef("A ranking, not a test: Sweep with Controls shows whether these %ss do more than random ones.", unit)
	return c
}

// diagnosticsCard shows how scores are spread over layers and the first position.
func diagnosticsCard(d steer.Diagnostics) *card {
	c := &card{title: words("How the scores are spread")}
	t := table{heads: []string{"layer", "Σ|score|", "Σ score", "largest", "at", "first position"}, left: []bool{false, false, false, false, true, false}}
	for l, y := range d.Layers[:min(len(d.Layers), 2*rowsShown)] {
		at := cell{}
		if y.Max > 0 {
			at = text(y.At.Neuron.String())
		}
		t.rows = append(t.rows, []cell{number(l), amountOf(y.Total), text(signed(y.Net, 3)), text(signed(y.At.Score, 3)), at, text(percent(y.First))})
	}
	if n := len(d.Layers) - len(t.rows); n > 0 {
		t.more = fmt.Sprintf("… %d more layers", n)
	}
	c.put("Scores by layer", t)
	c.line(span{"The first position, ", plain}, span{visible.Token(d.Token), token},
		span{fmt.Sprintf(", has %s of Σ|score| and %d of the 20 largest entries.", percent(d.First), d.Top20), plain})
	if d.BOS {
		c.notef("It is a real BOS: rankings leave it out unless KeepBOS says otherwise.")
	}
	return c
}

// withUnit appends a unit to a number.
func withUnit(number, unit string) string {
	if unit == "" {
		return number
	}
	return number + " " + unit
}

// bracketed puts a unit into brackets, for the head of a column.
func bracketed(unit string) string {
	if unit == "" {
		return ""
	}
	return "(" + unit + ")"
}

// amountOf prints a number without a sign, with about four digits.
func amountOf(x float64) cell { return text(fmt.Sprintf("%.4g", x)) }

// relevance lists the tokens of a prompt with the relevance of their embeddings, in the scores' unit.
func relevance(ts []steer.Token, by []float64, unit string) table {
	t := table{heads: []string{"", "token", withUnit("relevance", bracketed(unit)), ""}, left: []bool{false, true, false, true}, names: 1}
	var most float64
	for _, v := range by {
		most = max(most, math.Abs(v))
	}
	spans, start := labelSpans(ts), max(0, len(ts)-rowsShown)
	for i := start; i < len(ts) && i < len(by); i++ {
		t.rows = append(t.rows, []cell{number(i), {spans[i]}, text(signed(by[i], 3)), signedBar(by[i], most)})
	}
	if start > 0 {
		t.more = fmt.Sprintf("… %d earlier tokens", start)
	}
	return t
}

// checkOf writes how the scores of one prompt check themselves.
func checkOf(s steer.Scores) string {
	if c, ok := s.Completeness(); ok {
		l := c.Worst
		return fmt.Sprintf("Check: the scores of a layer add up to what the metric loses without its neurons. Layer %d misses by most: Σ score %s, loss %s; residual %.0e of a layer's Σ|score|, %d steps.",
			l, signed(c.Sums[l], 3), signed(c.Metric-c.Baselines[l], 3), c.Residual, c.Steps)
	}
	return conservation(s.Conservation())
}

// conservation writes the identity of the pass (steer.Conservation) with its numbers.
func conservation(k steer.Conservation) string {
	if !k.Holds {
		return "Check: this rule has no conservation identity, so the pass cannot check itself."
	}
	left := "tokens " + signed(k.Tokens, 3)
	if k.Biases != 0 {
		left += " + biases " + signed(k.Biases, 3)
	}
	if k.Injected != 0 {
		left += " + interventions " + signed(k.Injected, 3)
	}
	right := "metric " + signed(k.Metric, 3)
	if k.Linear != k.Metric { // a log-probability, or logits with a cap
		right = "logits " + signed(k.Linear, 3)
	}
	return fmt.Sprintf("Check: %s = %s + attention %s; residual %.0e of Σ|relevance of a token|. The attention term is what the neurons do not tell.",
		left, right, signed(k.Attention, 3), k.Residual)
}
