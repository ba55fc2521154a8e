package main

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/bench/measure"
)

// A question is a row of the table: what both are asked, in turn.
type question struct {
	what   string
	do     string // of ours
	peer   string // of the peer; "" is the same
	with   map[string]any
	beside string
	times  float64 // so many of what ours is asked too stand beside, in place of the peer's
}

// alone is the peer of a question that it is not asked.
const alone = "-"

// ragged are 32 prompts of 8 to 14 tokens.
func ragged() (lengths []int) {
	for i := range 32 {
		lengths = append(lengths, 8+i%7)
	}
	return lengths
}

// questions are the rows that are asked of warm programs.
func questions(growth bool) (qs []question) {
	attribute := func(lengths ...int) map[string]any { return map[string]any{"lengths": lengths} }
	for _, t := range []int{16, 64, 128} {
		qs = append(qs, question{what: fmt.Sprintf("attribution, T=%d", t), do: "attribute", with: attribute(t), beside: "PyTorch"})
	}
	qs = append(qs, question{what: "attribution, 32 prompts of 8–14 tokens", do: "attribute", with: map[string]any{"lengths": ragged()}, beside: "PyTorch"},
		question{"edges of 200 neurons into 30, T=16", "edges", "attribute", attribute(16), "30 attributions", 30},
		question{what: "a token at S=256", do: "decode", with: map[string]any{"context": 256}, beside: "PyTorch"})
	for _, t := range []int{16, 64} {
		qs = append(qs, question{what: fmt.Sprintf("attribution, T=%d", t), do: "attribute", peer: "reference", with: attribute(t), beside: "the reference's way"})
	}
	if !growth {
		return qs
	}
	for _, t := range []int{32, 256, 512, 1024} {
		qs = append(qs, question{what: fmt.Sprintf("attribution, T=%d", t), do: "attribute", with: attribute(t), beside: "PyTorch"})
	}
	qs = append(qs, question{what: "attribution, T=2048", do: "attribute", peer: alone, with: attribute(2048)}) // eager patterns are 4.5 GB there, a copy
	for _, n := range []int{2, 4, 8, 16, 32} {
		qs = append(qs, question{what: fmt.Sprintf("attribution, %d prompts of 16 tokens", n), do: "attribute", with: attribute(slices.Repeat([]int{16}, n)...), beside: "PyTorch"})
	}
	return qs
}

// warm asks both programs every question, rounds times each in turn, and once before that the one that is not counted. The
// sums of the scores must agree: else what was timed is not the same work.
func warm(ctx context.Context, ours, peer func(context.Context) (*asked, error), rounds int, growth bool) (rows []measure.Row, err error) {
	a, err := ours(ctx)
	if err != nil {
		return nil, err
	}
	defer a.close()
	var b *asked
	if peer != nil {
		if b, err = peer(ctx); err != nil {
			return nil, err
		}
		defer b.close()
	}
	for _, q := range questions(growth) {
		row := measure.Row{What: q.what, Unit: "ms"}
		if q.peer == "" {
			q.peer = q.do
		}
		for i := range rounds + 1 {
			x, err := a.ask(q.do, q.with)
			if err != nil {
				return nil, err
			}
			var y answer
			switch {
			case q.times > 0:
				if y, err = a.ask(q.peer, q.with); err != nil {
					return nil, err
				}
				y.MS *= q.times
			case b != nil && q.peer != alone:
				if y, err = b.ask(q.peer, q.with); err != nil {
					return nil, err
				}
				if math.Abs(x.Sum-y.Sum) > 1e-3*math.Max(1, math.Abs(y.Sum)) && y.Sum != 0 {
					return nil, fmt.Errorf("%s: the scores add up to %g, those of %s to %g", q.what, x.Sum, q.beside, y.Sum)
				}
			}
			if i == 0 {
				continue // graphs are compiled, caches filled
			}
			row.Ours = append(row.Ours, x.MS)
			if y.MS > 0 {
				row.Beside, row.Theirs = q.beside, append(row.Theirs, y.MS)
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// cold starts both programs anew in turn: when the model is there, when the first attribution is, and what an attribution
// of 64 tokens takes of memory at the most.
func cold(ctx context.Context, ours, peer func(context.Context) (*asked, error), rounds int) ([]measure.Row, error) {
	rows := []measure.Row{
		{What: "from exec to the loaded model", Unit: "s"},
		{What: "from exec to the first attribution, T=16", Unit: "s"},
		{What: "peak memory, attribution of T=64", Unit: "MB"},
	}
	one := func(open func(context.Context) (*asked, error)) (v [3]float64, err error) {
		a, err := open(ctx)
		if err != nil {
			return v, err
		}
		defer a.close()
		for i, t := range []int{16, 64} { // the first is asked for at once: it waits for the model
			r, err := a.ask("attribute", map[string]any{"lengths": []int{t}})
			if err != nil {
				return v, err
			}
			v[1+i] = []float64{r.Since, r.Peak}[i]
		}
		r, err := a.ask("load", nil)
		v[0] = r.Load
		return v, err
	}
	for range rounds {
		v, err := one(ours)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			rows[i].Ours = append(rows[i].Ours, v[i])
		}
		if peer == nil {
			continue
		}
		if v, err = one(peer); err != nil {
			return nil, err
		}
		for i := range rows {
			rows[i].Beside, rows[i].Theirs = "PyTorch", append(rows[i].Theirs, v[i])
		}
	}
	return rows, nil
}
