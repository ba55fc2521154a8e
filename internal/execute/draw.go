package execute

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// A chooser chooses the tokens of one continuation, in the order of transformers' logits processors: the penalty for
// repetition (Keskar et al., arXiv 1909.05858) on every token of the prompt and of the text so far, then temperature,
// top-k (Fan et al., arXiv 1805.04833), top-p (Holtzman et al., arXiv 1904.09751) and min-p (Nguyen et al., arXiv
// 2407.01082), each on what the one before has left. Without sampling the largest logit is taken.
//
// The penalty is float32 as there; all that follows is float64, so that sets can differ from those of transformers only
// where float32 cannot tell. For each token one number u is drawn from PCG seeded with (seed, 0), and of the tokens that
// remain, by rising id, the first is taken at which the sum of their probabilities exceeds u.
type chooser struct {
	sampling *message.Sampling
	penalty  float32 // 0: none
	seen     []bool  // [V], under a penalty
	scores   []float32
	weights  []float64 // [V] p / p of the likeliest, 0 where it is out
	order    []int32
	random   *rand.Rand
}

func newChooser(c message.Continuation, prompt []int32, vocab int) *chooser {
	d := &chooser{sampling: c.Sampling, penalty: float32(c.RepetitionPenalty)}
	if d.penalty == 1 {
		d.penalty = 0
	}
	if d.penalty != 0 {
		d.seen, d.scores = make([]bool, vocab), make([]float32, vocab)
		for _, id := range prompt {
			d.seen[id] = true
		}
	}
	if d.sampling != nil {
		d.weights = make([]float64, vocab)
		d.random = rand.New(rand.NewPCG(d.sampling.Seed, 0))
	}
	return d
}

// next chooses a token from logits [V], which stay as they are.
func (d *chooser) next(logits []float32) int32 {
	scores := d.penalized(logits)
	id := argmax(scores)
	if d.sampling != nil {
		d.weigh(scores, scores[id])
		id = d.draw(d.random.Float64())
	}
	if d.seen != nil {
		d.seen[id] = true
	}
	return id
}

// penalized divides positive logits of tokens that have been there, and multiplies others.
func (d *chooser) penalized(logits []float32) []float32 {
	if d.seen == nil {
		return logits
	}
	for i, x := range logits {
		switch {
		case !d.seen[i]:
		case x < 0:
			x *= d.penalty
		default:
			x /= d.penalty
		}
		d.scores[i] = min(x, math.MaxFloat32)
	}
	return d.scores
}

// weigh gives each token that may be drawn its probability as a part of the likeliest one's.
func (d *chooser) weigh(scores []float32, best float32) {
	s := d.sampling
	for i, x := range scores {
		d.weights[i] = math.Exp((float64(x) - float64(best)) / s.Temperature)
	}
	if s.TopK > 0 && s.TopK < len(scores) {
		least := d.kth(scores, s.TopK) // those that equal the last one stay
		for i, x := range scores {
			if x < least {
				d.weights[i] = 0
			}
		}
	}
	if s.TopP < 1 {
		d.nucleus(scores, 1-s.TopP)
	}
	for i, w := range d.weights {
		if w < s.MinP {
			d.weights[i] = 0
		}
	}
}

// kth returns the k-th largest score.
func (d *chooser) kth(scores []float32, k int) float32 {
	heap := slices.Clone(scores[:k]) // the smallest at 0
	down := func(i int) {
		for {
			c := 2*i + 1
			if c+1 < k && heap[c+1] < heap[c] {
				c++
			}
			if c >= k || heap[c] >= heap[i] {
				return
			}
			heap[i], heap[c] = heap[c], heap[i]
			i = c
		}
	}
	for i := k/2 - 1; i >= 0; i-- {
		down(i)
	}
	for _, x := range scores[k:] {
		if x > heap[0] {
			heap[0] = x
			down(0)
		}
	}
	return heap[0]
}

// nucleus takes out the least likely tokens that have at most the share rest of the probability together; of equal ones
// those with the largest ids go first, where transformers leaves the order open. The likeliest stays.
func (d *chooser) nucleus(scores []float32, rest float64) {
	total, n := 0., 0
	for _, w := range d.weights {
		if w > 0 {
			total, n = total+w, n+1
		}
	}
	rest *= total
	// Those that have less than their part of the rest are out whatever their order, and need no sorting.
	small, sum := .999*rest/float64(n), 0.
	d.order = d.order[:0]
	for i, w := range d.weights {
		switch {
		case w == 0:
		case w < small:
			sum += w
			d.weights[i] = 0
		default:
			d.order = append(d.order, int32(i))
		}
	}
	slices.SortFunc(d.order, func(a, b int32) int { return cmp.Or(cmp.Compare(scores[a], scores[b]), cmp.Compare(b, a)) })
	for _, i := range d.order[:len(d.order)-1] {
		if sum += d.weights[i]; sum > rest {
			break
		}
		d.weights[i] = 0
	}
}

// draw returns the first token at which the sum of the weights exceeds its part u of their total.
func (d *chooser) draw(u float64) int32 {
	total := 0.
	for _, w := range d.weights {
		total += w
	}
	sum, last := 0., int32(0)
	for i, w := range d.weights {
		if w == 0 {
			continue
		}
		if sum, last = sum+w, int32(i); sum > u*total {
			break
		}
	}
	return last
}
