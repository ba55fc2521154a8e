package plotting

import (
	"fmt"
	"math"
)

// Attending is what [AttentionHeads] and [AttentionHead] draw: the attention pattern of the heads of a layer, by head, query and
// key [H][T][T], and the token at each position [T]. The attention of a query is shares from 0 to 1 of the keys up to its own.
type Attending interface {
	Attention() [][][]float64
	Labels() []string
}

// attending is the checked data of an AttentionHeads or AttentionHead figure.
type attending struct {
	source
	p      [][][]float64 // [H][T][T]
	labels []string      // [T], as drawn
}

// slack is by how much a share may leave 0 to 1, and the shares of a query their sum 1: the rounding of half precision.
const slack = .01

func newAttending(where string, x Attending) (*attending, error) {
	if x == nil {
		return nil, problemf(ErrNoData, where, "pass the attention of a layer", "got nil")
	}
	a := &attending{p: x.Attention(), labels: tokenLabels(x.Labels())}
	n := len(a.labels)
	if len(a.p) == 0 || n == 0 {
		return nil, problemf(ErrNoData, where, "pass the attention of a layer, captured from steer.Attention", "no head or no token")
	}
	for h, rows := range a.p {
		if len(rows) != n {
			return nil, problemf(ErrShape, fmt.Sprintf("%s: head %d", where, h), "Attention() must return one row a token of Labels()",
				"%d rows for %s", len(rows), count(n, "token"))
		}
		for q, row := range rows {
			at := fmt.Sprintf("%s: head %d, query %d (%s)", where, h, q, a.labels[q])
			if len(row) != n {
				return nil, problemf(ErrShape, at, "Attention() must return one share a token of Labels()", "%d shares for %s", len(row), count(n, "token"))
			}
			if err := finite(at, row...); err != nil {
				return nil, err
			}
			for k, v := range row {
				if v < -slack || v > 1+slack || k > q && v > slack {
					return nil, problemf(ErrRange, at, "attention is shares from 0 to 1 of the keys up to the query", "%v at key %d", v, k)
				}
			}
			if s := sum(row); math.Abs(s-1) > slack*2 {
				return nil, problemf(ErrRange, at, "the shares of a query add up to 1", "they add up to %.3g", s)
			}
		}
	}
	a.source = describe(x)
	return a, nil
}

// A habit is where the queries of a head look.
type habit struct {
	what  string  // "the first token"; "" where there is none
	share float64 // of the attention, the mean over queries that could look elsewhere
}

// habitual is the mean share from which on a head is said to look somewhere.
const habitual = .4

// habits are the places that a head may look at from each query.
var habits = []struct {
	what string
	key  func(q int) int
}{
	{"the first token", func(int) int { return 0 }},
	{"the previous token", func(q int) int { return q - 1 }},
	{"its own token", func(q int) int { return q }},
}

// habit returns where most of a head's attention goes, over the queries from the third on, for which these places differ.
func (a *attending) habit(head int) (best habit) {
	for _, h := range habits {
		total, n := 0., 0
		for q := 2; q < len(a.labels); q++ {
			total, n = total+a.p[head][q][h.key(q)], n+1
		}
		if n > 0 && total/float64(n) > best.share {
			best = habit{h.what, total / float64(n)}
		}
	}
	return best
}

// read returns the key that a query of a head attends to most.
func (a *attending) read(head, query int) (key int, share float64) {
	key = largest(a.p[head][query])
	return key, a.p[head][query][key]
}
