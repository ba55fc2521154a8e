package steer

import (
	"context"
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// vectorBody is the part of a vector's record that is not tensors.
type vectorBody struct {
	Shape  engine.Shape `json:"shape"`
	Space  engine.Site  `json:"space"`
	Lo     int          `json:"lo"`
	Hi     int          `json:"hi"`
	Method Method       `json:"method"`
	Pairs  int          `json:"pairs"`
	Share  []float64    `json:"share,omitempty"` // PCA: of Σ‖difference‖² on the component, for each layer lo..hi
}

// executeControlVector computes the tensor "vector" [L,W], W being D or F; layers outside lo..hi are zero.
func executeControlVector(ctx context.Context, e engine.Engine, text engine.Tokenizer, r Request, emit func(Event)) (Record, error) {
	const task = "control vector"
	var s controlVectorSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	if err := s.check(); err != nil {
		return Record{}, err
	}
	shape := e.Shape()
	lo, hi, lerr := layerRange(task, s.Lo, s.Hi, shape)
	var prompts []promptSpec // positive and negative of each pair in turn
	for _, p := range s.Pairs {
		prompts = append(prompts, p.Positive, p.Negative)
	}
	side := []string{"positive", "negative"}
	tokens, warnings, err := readAll(text, shape, task, prompts, func(i int) string { return fmt.Sprintf("pair %d, %s", i/2+1, side[i%2]) })
	if err := errors.Join(lerr, err, checkInterventions(task, shape, s.Edits)); err != nil {
		return Record{}, err
	}
	diffs, err := differences(ctx, e, text, task, tokens, s.Space, s.Edits, emit)
	if err != nil {
		return Record{}, err
	}
	body := vectorBody{Shape: shape, Space: s.Space, Lo: lo, Hi: hi, Method: s.Method, Pairs: len(s.Pairs)}
	w := s.Space.Width(shape)
	v := make([]float32, shape.Layers*w) // [L,W]
	if s.Method == PCA {
		body.Share = make([]float64, hi-lo+1)
	}
	err = inParallel(ctx, hi-lo+1, progress(emit, "vector"), func(i int) {
		l := lo + i
		if row := v[l*w:][:w]; s.Method == PCA {
			body.Share[i] = principal(layerOf(diffs, l, w), row)
		} else {
			meanOf(layerOf(diffs, l, w), row)
		}
	})
	if err != nil {
		return Record{}, err
	}
	if i := notFinite(v); i >= 0 {
		return Record{}, engine.Errorf(engine.NotFinite, task, "layer %d gives a number that is not finite (%v)", i/w, v[i]).
			Try("the weights may be damaged: neuronsteer check")
	}
	warnings = append(warnings, pairWarnings(tokens)...)
	if s.Method == PCA {
		warnings = append(warnings, shareWarnings(body)...)
	}
	return record(body, warnings, map[string]Tensor{"vector": {Shape: []int{shape.Layers, w}, Data: v}})
}

// differences returns positive − negative at the last token of each pair, [pairs][L,W].
func differences(ctx context.Context, e engine.Engine, text engine.Tokenizer, task string, tokens [][]engine.Token, space engine.Site, edits []intervention,
	emit func(Event)) ([][]float32, error) {
	shape := e.Shape()
	out := make([][]float32, len(tokens)/2)
	w := space.Width(shape)
	err := forwardEach(ctx, e, text, task, tokens, space, edits, emit, func(i int, r engine.ForwardResult) error {
		all, T := r.At(space), len(tokens[i]) // [L,T,W]
		if out[i/2] == nil {
			out[i/2] = make([]float32, shape.Layers*w)
		}
		for l := range shape.Layers {
			last := all[(l*T+T-1)*w:][:w]
			for k, x := range last {
				if i%2 == 0 {
					out[i/2][l*w+k] += x
				} else {
					out[i/2][l*w+k] -= x
				}
			}
		}
		return nil
	})
	return out, err
}

// layerOf returns the rows of one layer, [pairs][W].
func layerOf(diffs [][]float32, layer, w int) [][]float32 {
	rows := make([][]float32, len(diffs))
	for i, d := range diffs {
		rows[i] = d[layer*w:][:w]
	}
	return rows
}

// meanOf writes the mean of rows into out, summed in float64.
func meanOf(rows [][]float32, out []float32) {
	for k := range out {
		var s float64
		for _, r := range rows {
			s += float64(r[k])
		}
		out[k] = float32(s / float64(len(rows)))
	}
}

// pairWarnings tells what weakens a contrast: few pairs, or pairs whose prompts have unequal lengths, so that the last
// tokens stand at different positions. tokens holds positive and negative of each pair in turn.
func pairWarnings(tokens [][]engine.Token) []Warning {
	var ws []Warning
	if n := len(tokens) / 2; n < fewPrompts {
		ws = append(ws, fewOf(n, "pairs"))
	}
	unequal := 0
	for i := 0; i+1 < len(tokens); i += 2 {
		if len(tokens[i]) != len(tokens[i+1]) {
			unequal++
		}
	}
	if unequal > 0 {
		ws = append(ws, Warning{"lengths", fmt.Sprintf("%d of %d pairs have prompts of unequal numbers of tokens", unequal, len(tokens)/2)})
	}
	return ws
}

// weakShare is the share of Σ‖difference‖² below which a principal component is one direction among several.
const weakShare = .25

func shareWarnings(b vectorBody) []Warning {
	for i, s := range b.Share {
		if s < weakShare {
			return []Warning{{"share", fmt.Sprintf("in layer %d the first component holds %.0f %% of the differences: no single direction explains these pairs", b.Lo+i, 100*s)}}
		}
	}
	return nil
}

// vectorOf reads the record of a control vector. A record that does not fit its own header is empty.
func vectorOf(r Record) vectorData {
	b, t := body[vectorBody](r), r.Tensors["vector"]
	if !sane(b.Shape) || len(t.Data) != b.Shape.Layers*b.Space.Width(b.Shape) {
		return vectorData{}
	}
	d := vectorData{space: b.Space, shape: b.Shape, has: make([]bool, b.Shape.Layers), rows: t.Data, n: b.Pairs, warnings: r.Header.Warnings,
		from: []Header{r.Header}}
	for l := range d.has {
		d.has[l] = l >= b.Lo && l <= b.Hi
	}
	name := map[Method]string{MeanDiff: "mean difference", PCA: "first principal component"}[b.Method]
	d.about = fmt.Sprintf("%s of %d pairs", name, b.Pairs)
	return d
}
