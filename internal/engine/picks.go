package engine

import (
	"errors"
	"slices"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
)

// after is the residual stream after the last layer: all rows of a batch, or those alone that are read.
type after struct {
	r    int       // rows
	rows [][]int32 // the row of each token of each prompt; −1: it was not made
}

// last returns the row of each prompt's last position [B].
func (a after) last() []int32 {
	last := make([]int32, len(a.rows))
	for i, rows := range a.rows {
		last[i] = rows[len(rows)-1]
	}
	return last
}

// picks are the rows of a batch that go on from the last layer, because they are read; see decoder.Picked.
type picks struct {
	after             // the rows that go on
	queries int       // of the prompt that has the most
	at      [][]int   // the positions of each prompt that are read, queries of them: the first stands for those that are missing
	row     []int32   // the row of each in the batch [N]
	place   []int32   // the inverse [R]: N where a row does not go on
	slots   []int32   // the row of each query among those that go on [B·queries]
	slot    []int32   // a query of each of these rows [N]
	own     []float32 // 1 at a query that is one, 0 at one that stands for another [B·queries,1]
}

// pick returns the rows of the positions that are read of each prompt, the last one among them, which may decide for it; nil where they are so many that all may as well go on.
func (e *Engine) pick(b batch, read [][]int) *picks {
	if p := newPicks(b, read); e.limits.few*p.r <= b.r() && p.queries <= e.blockRows(b.b, b.t) {
		return p
	}
	return nil
}

func newPicks(b batch, read [][]int) *picks {
	p := picks{at: make([][]int, b.b), place: slices.Repeat([]int32{-1}, b.r())}
	for i, at := range read {
		at = slices.Clone(at)
		slices.Sort(at) // sums over queries have one order, whatever is read
		p.at[i] = slices.Compact(at)
		p.queries = max(p.queries, len(p.at[i]))
	}
	for i, at := range p.at {
		rows := slices.Repeat([]int32{-1}, b.lens[i])
		for j := range p.queries {
			own := float32(1)
			if j >= len(at) {
				at, own = append(at, at[0]), 0
			}
			row := b.rows[i][at[j]]
			if p.place[row] < 0 { // prompts that begin alike share rows
				p.place[row] = int32(len(p.row))
				p.row, p.slot = append(p.row, row), append(p.slot, int32(len(p.slots)))
			}
			p.slots, p.own = append(p.slots, p.place[row]), append(p.own, own)
			rows[at[j]] = p.place[row]
		}
		p.at[i], p.rows = at, append(p.rows, rows)
	}
	p.r = len(p.row)
	for i, at := range p.place {
		if at < 0 {
			p.place[i] = int32(p.r)
		}
	}
	return &p
}

// lastOnly reads the last position of each prompt.
func (in batch) lastOnly() [][]int {
	at := make([][]int, in.b)
	for i, n := range in.lens {
		at[i] = []int{n - 1}
	}
	return at
}

// after returns what there is of a batch after the last layer.
func (in batch) after(p *picks) after {
	if p == nil {
		return after{in.r(), in.rows}
	}
	return p.after
}

// size is what names the executables of picks; they have as many inputs.
func (p *picks) size() [2]int {
	if p == nil {
		return [2]int{}
	}
	return [2]int{p.r, p.queries}
}

// picked uploads what the graphs of the last layer take, in the order of graphKey.pick; nothing where all rows go on.
func (s *scope) picked(p *picks, b batch) (all []*tensors.Tensor, err error) {
	if p == nil {
		return nil, nil
	}
	put := func(t *tensors.Tensor, perr error) { all, err = append(all, t), errors.Join(err, perr) }
	c := s.e.cfg
	mask := decoder.MaskAt(c.Attention(c.Layers-1, b.t), p.at, b.t)
	put(upload(s, p.row, p.r))
	put(upload(s, p.place, b.r()))
	put(upload(s, p.slots, len(p.slots)))
	put(upload(s, p.slot, p.r))
	put(upload(s, p.own, len(p.own), 1))
	put(upload(s, mask, b.b, 1, p.queries, b.t))
	return all, err
}

// apart uploads which rows of a forward pass the tokens have, each of which has a row of its own in the backward pass, and the
// rows that go on if they are picked.
func (s *scope) apart(fb, b batch, forward, backward *picks) (all []*tensors.Tensor, err error) {
	tokens, err := upload(s, fb.all(), b.r())
	if err != nil || backward == nil {
		return []*tensors.Tensor{tokens}, err
	}
	of := make([]int32, backward.r)
	for i, rows := range backward.rows {
		for t, r := range rows {
			if r >= 0 {
				of[r] = forward.rows[i][t]
			}
		}
	}
	on, err := upload(s, of, len(of))
	return []*tensors.Tensor{tokens, on}, err
}

// pick takes the tables of the last of a graph's layers to those from which rows go on.
func (key graphKey) pick(c decoder.Config, tb decoder.Tables, take func(n int) []*graph.Node) decoder.Tables {
	if key.picked == [2]int{} {
		return tb
	}
	n := take(6)
	return tb.Pick(c, decoder.Picked{Row: n[0], Place: n[1]}, key.picked[1], n[5], decoder.Ragged{Slots: n[2], Rows: n[3], Own: n[4]})
}
