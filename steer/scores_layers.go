package steer

import "fmt"

// ByLayer returns for each layer the sum of its supporting and of its opposing neurons (Σ_t score of each neuron that the
// view sees), in logits; oppose is ≤ 0.
func (s Scores) ByLayer() (support, oppose []float64) {
	d := s.load()
	support, oppose = make([]float64, d.shape.Layers), make([]float64, d.shape.Layers)
	for i, v := range s.view.totals(d) {
		if v > 0 {
			support[i/d.shape.Neurons] += v
		} else {
			oppose[i/d.shape.Neurons] += v
		}
	}
	return support, oppose
}

// ByLayerPos returns Σ_n score for each layer and each position that the view sees, [L][T'] in logits; Labels names the
// positions.
func (s Scores) ByLayerPos() [][]float64 {
	d := s.load()
	start := s.view.start(len(d.tokens), d.bos)
	out := make([][]float64, d.shape.Layers)
	for l := range out {
		out[l] = make([]float64, len(d.tokens)-start)
	}
	s.view.entries(d, func(l, t, _ int, v float32) {
		if float64(s.view.sign)*float64(v) >= 0 {
			out[l][t-start] += float64(v)
		}
	})
	return out
}

// Labels returns the text of each position that the view sees.
func (s Scores) Labels() []string {
	d := s.load()
	var out []string
	for _, t := range d.tokens[s.view.start(len(d.tokens), d.bos):] {
		out = append(out, t.Text)
	}
	return out
}

// Unit returns the unit of a score.
func (s Scores) Unit() string { return "logits" }

// About says what was measured: logit(" Paris") − logit(" Rome").
func (s Scores) About() string { return s.load().body.Metric.About() }

// Method says how the scores were made.
func (s Scores) Method() string {
	return map[Rule]string{RelP: "relevance attribution", Frozen: "relevance attribution, frozen attention", Gradient: "gradient × activation"}[s.load().body.Rule]
}

// N says how much the scores rest on: neurons and positions of one prompt.
func (s Scores) N() (n int, of string) {
	d := s.load()
	p := len(d.tokens) - s.view.start(len(d.tokens), d.bos)
	return d.shape.Layers * d.shape.Neurons, fmt.Sprintf("neurons at %d positions", p)
}
