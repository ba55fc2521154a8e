package gonbext

import (
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/steer"
)

// rowsShown is how many rows of a long table are shown.
const rowsShown = 20

// scoresCard shows what was scored, the relevance of each token, and how well the pass checks.
func scoresCard(s steer.Scores) *card {
	k := s.Conservation()
	c := &card{
		title:    words("Scores of every neuron for %s = %s logits", s.About(), signed(s.Metric(), 3)),
		warnings: s.Warnings(),
	}
	n, of := s.N()
	t := s.Target()
	c.notef("%s · %d %s · the target is the model's choice number %d (p: %s)", s.Method(), n, of, t.Rank, percent(t.Probability))
	c.put(relevance(s.Tokens(), s.ByToken()))
	c.line(span{conservation(k), plain})
	c.notef("First-order, on one prompt: a score says what scaling that neuron a little would do here, not what removing many at once does.")
	return c
}

// relevance lists the tokens of a prompt with the relevance of their embeddings, in logits.
func relevance(ts []steer.Token, by []float64) table {
	t := table{heads: []string{"", "token", "relevance (logits)", ""}, left: []bool{false, true, false, true}}
	var most float64
	for _, v := range by {
		most = max(most, math.Abs(v))
	}
	start := max(0, len(ts)-rowsShown)
	for i := start; i < len(ts) && i < len(by); i++ {
		t.rows = append(t.rows, []cell{number(i), {tokenSpan(ts[i])}, text(signed(by[i], 3)), signedBar(by[i], most)})
	}
	if start > 0 {
		t.more = fmt.Sprintf("… %d earlier tokens", start)
	}
	return t
}

// conservation writes the identity of the pass (steer.Conservation) with its numbers.
func conservation(k steer.Conservation) string {
	if !k.Holds {
		return "Check: this rule has no conservation identity, so the pass cannot check itself."
	}
	left := "tokens " + signed(k.Tokens, 3)
	if k.Injected != 0 {
		left += " + interventions " + signed(k.Injected, 3)
	}
	return fmt.Sprintf("Check: %s = metric %s + attention %s; residual %.0e of the largest term. The attention term is what the neurons do not tell.",
		left, signed(k.Metric, 3), signed(k.Attention, 3), k.Residual)
}
