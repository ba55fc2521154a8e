package execute

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runContrast computes the tensor "scores" [L,F].
func runContrast(ctx context.Context, e *env, s message.ContrastSettings) (any, tensors, error) {
	shape := e.Shape()
	specs := make([]message.Prompt, 0, 2*len(s.Pairs))
	for _, p := range s.Pairs {
		specs = append(specs, p.Positive, p.Negative)
	}
	tokens, warnings, err := readAll(e, specs, func(i int) string {
		return fmt.Sprintf("pair %d, %s", i/2+1, []string{"positive", "negative"}[i%2])
	})
	if err != nil {
		return nil, nil, err
	}
	from := make([]int, len(tokens)) // first position of each mean
	for i, ts := range tokens {
		from[i] = len(ts) - 1
		if s.Answer {
			if from[i], err = answerStart(e, specs[i], ts, tokens[i^1]); err != nil {
				return nil, nil, err
			}
		}
	}
	L, F := shape.Layers, shape.Neurons
	sum := make([]float64, L*F) // [L,F]
	err = forwardEach(ctx, e, tokens, engine.Neurons, s.Edits, func(i int, f engine.ForwardResult) error {
		h, T := f.At(engine.Neurons), len(tokens[i]) // [L,T,F]
		if k := message.FirstNotFinite(h); k >= 0 {
			return engine.Mistake(engine.NotFinite, "layer %d has an activation that is not a finite number (%v)", k/(T*F), h[k]).
				Try(engine.TryLessOrCheck)
		}
		weight := 1 / float64((T-from[i])*len(s.Pairs))
		if i%2 == 1 {
			weight = -weight
		}
		for l := range L {
			for t := from[i]; t < T; t++ {
				for n, v := range h[(l*T+t)*F:][:F] {
					sum[l*F+n] += weight * float64(v)
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	scores := make([]float32, len(sum))
	for i, v := range sum {
		scores[i] = float32(v)
	}
	warnings = append(warnings, pairWarnings(tokens)...)
	e.warn(warnings...)
	return message.ContrastBody{Shape: shape, Pairs: len(s.Pairs), Answer: s.Answer}, tensors{"scores": {Shape: []int{L, F}, Data: scores}}, nil
}

// answerStart returns the first position of the answer: of the prefill where there is one, else where a prompt parts from
// the other of its pair. One that is a beginning of the other has its last token as the answer.
func answerStart(e *env, p message.Prompt, tokens, other []engine.Token) (int, error) {
	if p.Prefill != "" {
		p.Prefill = ""
		before, _, err := promptTokens(e, p)
		if err != nil {
			return 0, err
		}
		other = before
	}
	n := 0
	for n < len(tokens) && n < len(other) && tokens[n].ID == other[n].ID {
		n++
	}
	return min(n, len(tokens)-1), nil
}

// pairWarnings tells what weakens a contrast: few pairs, or pairs whose prompts have unequal lengths, so that the last
// tokens stand at different positions. tokens holds positive and negative of each pair in turn.
func pairWarnings(tokens [][]engine.Token) []engine.Warning {
	var ws []engine.Warning
	if n := len(tokens) / 2; n < message.FewPrompts {
		ws = append(ws, message.Few(n, "pairs"))
	}
	unequal := 0
	for i := 0; i+1 < len(tokens); i += 2 {
		if len(tokens[i]) != len(tokens[i+1]) {
			unequal++
		}
	}
	if unequal > 0 {
		ws = append(ws, engine.Warning{Code: "lengths", Text: fmt.Sprintf("%d of %d pairs have prompts of unequal numbers of tokens", unequal, len(tokens)/2)})
	}
	return ws
}
