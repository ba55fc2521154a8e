package steer

import (
	"context"
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// contrastBody is the part of a contrast's record that is not tensors.
type contrastBody struct {
	Shape  engine.Shape `json:"shape"`
	Pairs  int          `json:"pairs"`
	Answer bool         `json:"answer"`
}

// executeContrast computes the tensor "scores" [L,F].
func executeContrast(ctx context.Context, e engine.Engine, text engine.Tokenizer, r Request, emit func(Event)) (Record, error) {
	var s contrastSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	if err := s.check(); err != nil {
		return Record{}, err
	}
	shape := e.Shape()
	specs := make([]promptSpec, 0, 2*len(s.Pairs))
	for _, p := range s.Pairs {
		specs = append(specs, p.Positive, p.Negative)
	}
	tokens, warnings, err := readAll(text, shape, "contrast", specs, func(i int) string {
		return fmt.Sprintf("pair %d, %s", i/2+1, []string{"positive", "negative"}[i%2])
	})
	if err := errors.Join(err, checkInterventions("contrast", shape, s.Edits)); err != nil {
		return Record{}, err
	}
	from := make([]int, len(tokens)) // first position of each mean
	for i, ts := range tokens {
		from[i] = len(ts) - 1
		if s.Answer {
			if from[i], err = answerStart(text, specs[i], ts, tokens[i^1]); err != nil {
				return Record{}, err
			}
		}
	}
	L, F := shape.Layers, shape.Neurons
	sum := make([]float64, L*F) // [L,F]
	err = forwardEach(ctx, e, text, "contrast", tokens, engine.Neurons, s.Edits, emit, func(i int, f engine.ForwardResult) error {
		h, T := f.At(engine.Neurons), len(tokens[i]) // [L,T,F]
		if k := notFinite(h); k >= 0 {
			return engine.Errorf(engine.NotFinite, "contrast", "layer %d has an activation that is not a finite number (%v)", k/(T*F), h[k]).
				Try("a multiplier may be too large, or the weights may be damaged: neuronsteer check")
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
		return Record{}, err
	}
	scores := make([]float32, len(sum))
	for i, v := range sum {
		scores[i] = float32(v)
	}
	warnings = append(warnings, pairWarnings(tokens)...)
	return record(contrastBody{shape, len(s.Pairs), s.Answer}, warnings, map[string]Tensor{"scores": {Shape: []int{L, F}, Data: scores}})
}

// answerStart returns the first position of the answer: of the prefill where there is one, else where a prompt parts from
// the other of its pair. One that is a beginning of the other has its last token as the answer.
func answerStart(text engine.Tokenizer, p promptSpec, tokens, other []engine.Token) (int, error) {
	if p.Prefill != "" {
		p.Prefill = ""
		before, _, err := p.tokens(text, "contrast")
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

// contrasted reads the record of a contrast.
func contrasted(r Record) dense {
	b := body[contrastBody](r)
	where := "at the last token"
	if b.Answer {
		where = "over the answer"
	}
	return dense{
		about: about{Shape: b.Shape, Positions: 1, Summed: true, Method: "difference of mean activations",
			Metric: "h " + where + ", positive − negative", N: b.Pairs, Of: "pairs"},
		scores: r.Tensors["scores"].Data, warnings: r.Header.Warnings, header: r.Header,
	}
}
